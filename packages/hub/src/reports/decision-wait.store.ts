import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { askedProjects } from '../time/worked.store.ts';

/** A change request that waits for a decision: since it came to its present state, in seconds. */
export interface WaitingRequest {
  id: string;
  project_id: string;
  seconds: number;
}

/** Those of some projects, the longest waiting first, in one statement. Where nobody says since when, since it was submitted or first seen. */
export async function readWaitingRequests(
  rows: Rows,
  { projectIds, now }: { projectIds: readonly string[]; now: string },
): Promise<WaitingRequest[]> {
  const { rows: found } = await sql<WaitingRequest>`
    select request.id, request.project_id,
      greatest(0, floor(extract(epoch from ${now}::timestamptz - coalesce(decided.at, told.at, request.submitted_at, request.first_seen_at))))::bigint as seconds
    from ${askedProjects(projectIds)} join change_request as request on request.project_id = asked.id and request.deleted_at is null
    left join lateral (
      select max(at) as at from decision where subject_id = request.id and to_state = request.state and from_state is distinct from to_state
    ) as decided on true
    left join past on past.entity_id = request.id
    left join lateral (
      select max((each.value ->> 0)::timestamptz) as at from jsonb_array_elements(past.fields -> 'state' -> 'values') as each(value)
      where each.value ->> 1 = request.state
    ) as told on true
    where request.state in ('COMMERCIAL_REVIEW', 'QUOTED')
    order by seconds desc, request.id`.execute(rows);
  return found.map((row) => ({ ...row, seconds: Number(row.seconds) }));
}
