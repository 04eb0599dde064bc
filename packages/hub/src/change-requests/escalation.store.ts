import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { afterBusinessTime } from '../kernel/business-time.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { ChangeControlPolicy } from './change-control.settings.ts';

interface OverdueReview {
  id: string;
  due_at: string;
  escalations: string | number;
  /** The manager's e-mail address or name; null where the project has no manager. */
  manager: string | null;
  version: string | number;
  /** Whom the project's accepted proposal names behind the manager; null where it says nothing of it. */
  path: readonly string[] | null;
}

/**
 * Raises every open review whose time for the next level has come by one level, and records each as a decision: to the
 * project's manager, then along the path of its accepted proposal, or else the one of the settings. Returns how many. To be called with the lock of the hub's own records held, which is what makes each level happen once.
 */
export async function escalateReviews(
  rows: Rows,
  { policy, now }: { policy: Pick<ChangeControlPolicy, 'calendar' | 'escalation'>; now: string },
): Promise<number> {
  const { calendar, escalation } = policy;
  const overdue = await readOverdue(rows, { now, configured: escalation.path.length });
  const raised = overdue.flatMap((review) => {
    const level = Number(review.escalations) + 1;
    const due = Temporal.Instant.from(review.due_at);
    const time = level === 1 ? due : afterBusinessTime(calendar, due.toString(), (level - 1) * escalation.everySeconds);
    if (Temporal.Instant.compare(now, time) < 0) return [];
    const to = level === 1 ? (review.manager ?? 'the project’s manager') : (review.path ?? escalation.path)[level - 2];
    return [{ id: review.id, version: Number(review.version) + 1, level, details: JSON.stringify({ level, to }) }];
  });
  if (raised.length > 0) await record(rows, raised, now);
  return raised.length;
}

async function readOverdue(
  rows: Rows,
  { now, configured }: { now: string; configured: number },
): Promise<readonly OverdueReview[]> {
  const { rows: found } = await sql<OverdueReview>`
    select review.change_request_id as id, review.due_at, review.escalations, coalesce(manager.email, manager.name) as manager, offered.path,
      (select coalesce(max(version), 0) from decision where subject_id = request.id
        or subject_id in (select id from merged_entity where survivor_id = request.id)) as version
    from commercial_review as review
    join change_request as request on request.id = review.change_request_id and request.deleted_at is null
    left join project on project.id = request.project_id
    left join person as manager on manager.id = project.manager_id and manager.deleted_at is null
    left join lateral (
      select escalation_path as path from baseline join proposal on proposal.id = proposal_id
      where baseline.project_id = project.id order by baseline.version desc limit 1
    ) as offered on true
    where review.closed_at is null and review.due_at <= ${now}::timestamptz and review.escalations <= coalesce(jsonb_array_length(offered.path), ${configured}::int)
    order by review.due_at, review.change_request_id`.execute(rows);
  return found;
}

async function record(
  rows: Rows,
  raised: readonly { id: string; version: number; level: number; details: string }[],
  now: string,
): Promise<void> {
  const decided = unnest('raised', raised, [
    { name: 'decision_id', type: 'uuid', value: () => randomUUIDv7() },
    { name: 'id', type: 'uuid', value: ({ id }) => id },
    { name: 'version', type: 'int', value: ({ version }) => version },
    { name: 'level', type: 'int', value: ({ level }) => level },
    { name: 'details', type: 'jsonb', value: ({ details }) => details },
  ]);
  await sql`
    with raised as materialized (select * from ${decided}), counted as (
      update commercial_review set escalations = raised.level from raised where change_request_id = raised.id
    )
    insert into decision (id, subject_kind, subject_id, version, action, from_state, to_state, actor, at, details, idempotency_key)
    select decision_id, 'changeRequest', id, version, 'ESCALATE', 'COMMERCIAL_REVIEW', 'COMMERCIAL_REVIEW', 'plumbline',
      ${now}::timestamptz, details, null
    from raised`.execute(rows);
}
