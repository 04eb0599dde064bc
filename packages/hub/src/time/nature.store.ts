import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { WorkNature } from './nature.metrics.ts';
import type { NatureSettings } from './nature.settings.ts';

/** The time entries whose nature is looked for: rows of id, item_id, started_at and local_date. */
export interface NatureQuestion {
  entries: RawBuilder<unknown>;
  /** Whether they are of few work items, which are looked up, or of most, whose marks an index finds. */
  howMany: 'FEW' | 'MOST';
  settings: NatureSettings;
}

/** The nature of each of these time entries; WORK where it is not in the answer. */
export async function readNatures(
  rows: Rows,
  entryIds: readonly string[],
  settings: NatureSettings,
): Promise<Map<string, WorkNature>> {
  const asked = unnest('asked', entryIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const entries = sql`(select entry.id, entry.work_item_id as item_id, entry.started_at, entry.local_date
    from ${asked} join time_entry as entry on entry.id = asked.id)`;
  const { rows: found } = await sql<{ id: string; nature: WorkNature }>`
    with ${naturedTime({ entries, howMany: 'FEW', settings })} select id, nature from natured`.execute(rows);
  return new Map(found.map((row) => [row.id, row.nature]));
}

/**
 * `natured`: those of the time entries that are not plain work, with what they are. Labels and types tell of all the
 * time on an item; a status of the time that was worked while it stood, by what the item's source remembers, else by the
 * versions the hub saw. An entry without a start counts by the last status of its day, in UTC.
 */
export function naturedTime({ entries, howMany, settings }: NatureQuestion): RawBuilder<unknown> {
  const { clientWait, rework } = settings;
  const statuses = words([...clientWait.statuses, ...rework.statuses]);
  const stoodSo = sql`kind = 'workItem' and ${statusesOf(sql`fields`)} ?| ${statuses}`;
  const becameSo = sql`${statusVersion} and lower(snapshot ->> 'status') = any(${statuses})`;
  const moving =
    howMany === 'FEW'
      ? sql`select id from worked_item as item
          where (select true from past where entity_id = item.id and ${stoodSo} limit 1)
            or (select true from version where entity_id = item.id and ${becameSo} limit 1)`
      : sql`select entity_id as id from past where ${stoodSo} union select entity_id from version where ${becameSo}`;
  const standing =
    howMany === 'FEW'
      ? sql`worked_item as asked cross join lateral (select id, labels, type from work_item where id = asked.id offset 0) as item`
      : sql`work_item as item`;
  const lookedUp = sql`
    worked_item as materialized (select distinct item_id as id from ${entries} as worked where item_id is not null),`;
  return sql`
    ${howMany === 'FEW' ? lookedUp : sql``}
    marked as materialized (
      select * from (
        select item.id, case
          when ${isMarked(clientWait)} then 'CLIENT_WAIT'
          when ${isMarked(rework)} then 'REWORK'
        end as nature
        from ${standing}
      ) as item where nature is not null
    ),
    moving as materialized (${moving}),
    stood as materialized (${statusesSince(howMany)}),
    natured as materialized (
      select id, case when bool_or(nature = 'CLIENT_WAIT') then 'CLIENT_WAIT' else 'REWORK' end as nature
      from (
        select entry.id, marked.nature from marked join ${entries} as entry on entry.item_id = marked.id
        union all
        select id, case
          when status = any(${words(clientWait.statuses)}) then 'CLIENT_WAIT'
          when status = any(${words(rework.statuses)}) then 'REWORK'
        end from (
          select distinct on (entry.id) entry.id, stood.status
          from stood join ${entries} as entry on entry.item_id = stood.id and stood.since <= coalesce(
            entry.started_at, (entry.local_date + 1)::timestamp at time zone 'UTC' - interval '1 microsecond')
          order by entry.id, stood.position desc
        ) as worked
      ) as told where nature is not null group by id
    )`;
}

/** What an index is kept of, word for word: the statuses an item ever had, by its source. */
function statusesOf(fields: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`lower(jsonb_path_query_array(${fields}, '$.status.values[*][1]')::text)::jsonb`;
}

/** The same of versions: those in which a work item's status changed. */
const statusVersion = sql`kind = 'workItem' and changed @> '["status"]'`;

/**
 * Every status of the items that are `moving`, from the oldest on, and since when. What came first was so from the
 * beginning. What is looked up stands behind an `offset`, or the planner reads the whole past for a few items.
 */
function statusesSince(howMany: NatureQuestion['howMany']): RawBuilder<unknown> {
  const told =
    howMany === 'FEW'
      ? sql`cross join lateral (select fields from past where entity_id = moving.id offset 0) as past`
      : sql`join past on past.entity_id = moving.id`;
  return sql`
    select moving.id, each.position, lower(each.value ->> 1) as status,
      case when each.position = 1 then '-infinity' else (each.value ->> 0)::timestamptz end as since
    from moving ${told}
    cross join lateral jsonb_array_elements(past.fields -> 'status' -> 'values') with ordinality as each(value, position)
    union all
    select moving.id, version.seq, lower(version.snapshot ->> 'status'),
      case when version.operation = 'CREATED' then '-infinity' else version.valid_from end
    from moving cross join lateral (
      select * from version where entity_id = moving.id and ${statusVersion} ${howMany === 'FEW' ? sql`offset 0` : sql``}
    ) as version
    where not exists (select 1 from past where past.entity_id = moving.id and past.fields ? 'status')`;
}

function isMarked({ labels, types }: NatureSettings['clientWait']): RawBuilder<unknown> {
  return sql`(lower(item.labels::text)::jsonb ?| ${words(labels)} or lower(item.type) = any(${words(types)}))`;
}

/** Words to compare with, in the database's own lower case. */
function words(given: readonly string[]): RawBuilder<unknown> {
  return sql`array(select lower(word) from unnest(${[...given]}::text[]) as given(word))`;
}
