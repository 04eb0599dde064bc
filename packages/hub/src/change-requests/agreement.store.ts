import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { agreedDays, type AgreedDays, type StateSince } from './agreement.rules.ts';

interface Told extends StateSince {
  id: string;
  zone: string | null;
}

/**
 * Works out anew on which days these requests, and those of these projects, were agreed. Writes only what differs, so a
 * page that changes nothing about it writes nothing.
 */
export async function refreshAgreements(
  rows: Rows,
  touched: { changeRequests: readonly string[]; projects: readonly string[] },
): Promise<void> {
  if (touched.changeRequests.length + touched.projects.length === 0) return;
  const ids = await requestsOf(rows, touched);
  if (ids.length === 0) return;
  const days = await readAgreedDays(rows, ids);
  const given = unnest('given', days, [
    { name: 'id', type: 'uuid', value: (each) => each.id },
    { name: 'from_on', type: 'date', value: (each) => each.from },
    { name: 'to_on', type: 'date', value: (each) => each.to },
  ]);
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  await sql`
    with given as materialized (select * from ${given}),
    gone as (
      delete from agreement where change_request_id in (select id from ${asked})
        and not exists (select 1 from given where given.id = change_request_id and given.from_on = agreement.from_on)
    )
    insert into agreement (change_request_id, from_on, to_on) select id, from_on, to_on from given
    on conflict (change_request_id, from_on) do update set to_on = excluded.to_on
      where agreement.to_on is distinct from excluded.to_on`.execute(rows);
}

async function requestsOf(
  rows: Rows,
  touched: { changeRequests: readonly string[]; projects: readonly string[] },
): Promise<string[]> {
  if (touched.projects.length === 0) return [...touched.changeRequests];
  const projects = unnest('asked', touched.projects, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ id: string }>`
    select request.id from ${projects} join change_request as request on request.project_id = asked.id`.execute(rows);
  return [...new Set([...touched.changeRequests, ...found.map((row) => row.id)])];
}

/** A request, and days on which it was agreed. */
export interface AgreedRequest extends AgreedDays {
  id: string;
}

/** The days on which each of these requests was agreed, as the history of its state tells. */
export async function readAgreedDays(rows: Rows, ids: readonly string[]): Promise<AgreedRequest[]> {
  if (ids.length === 0) return [];
  const told = Map.groupBy(await readStates(rows, ids), (each) => each.id);
  return [...told].flatMap(([id, states]) =>
    agreedDays(states, states[0]?.zone ?? null).map((each) => ({ id, ...each })),
  );
}

/** States by the source's own history; where it keeps none, by the versions the hub saw. */
async function readStates(rows: Rows, ids: readonly string[]): Promise<Told[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Told>`
    with request as materialized (
      select change_request.id, project.zone, past.fields -> 'state' -> 'values' as remembered
      from ${asked} join change_request on change_request.id = asked.id
      left join project on project.id = change_request.project_id
      left join past on past.entity_id = change_request.id
      where change_request.deleted_at is null
    )
    select told.id, told.zone, told.at, told.state from (
      select request.id, zone, each.value ->> 0 as at, each.value ->> 1 as state, each.position
      from request cross join lateral jsonb_array_elements(remembered) with ordinality as each(value, position)
      union all
      select request.id, zone, to_char(version.valid_from, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), version.snapshot ->> 'state', version.seq
      from request join version on version.entity_id = request.id and version.changed @> '["state"]'
      where remembered is null
    ) as told order by told.id, told.position`.execute(rows);
  return found;
}
