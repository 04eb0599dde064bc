import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';

export interface StageStay {
  secondsInStage: number | null;
  medianSeconds: number | null;
  stays: number;
}

interface StayRow {
  id: string;
  seconds: string | number | null;
  median: string | number | null;
  stays: string | number | null;
}

/**
 * How long each opportunity has been in its stage at `now`, and how long opportunities of its pipeline stayed in that
 * stage before they left it. Only sources that remember when a stage began count for the latter.
 */
export async function readStageStays(rows: Rows, ids: readonly string[], now: string): Promise<StageStay[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<StayRow>`
    with present as (
      select opportunity.id, coalesce(pipeline, '') as pipeline, stage, coalesce(stage_entered_at,
        (past.fields -> 'stage' -> 'values' -> -1 ->> 0)::timestamptz) as entered_at
      from ${asked} join opportunity on opportunity.id = asked.id left join past on past.entity_id = asked.id
    ), wanted as (
      select distinct pipeline, stage from present where stage is not null
    ), ended as (
      select wanted.pipeline, wanted.stage,
        extract(epoch from (next.value ->> 0)::timestamptz - (each.value ->> 0)::timestamptz) as seconds
      from opportunity join past on past.entity_id = opportunity.id
      cross join lateral (select past.fields -> 'stage' -> 'values' as values offset 0) as told
      cross join lateral jsonb_array_elements(told.values) with ordinality as each(value, position)
      cross join lateral (select told.values -> each.position::int as value) as next
      join wanted on wanted.pipeline = coalesce(opportunity.pipeline, '') and wanted.stage = each.value ->> 1
      where opportunity.deleted_at is null and next.value is not null
    ), usual as (
      select pipeline, stage, count(*) as stays, percentile_cont(0.5) within group (order by floor(seconds)) as median
      from ended group by pipeline, stage
    )
    select present.id, floor(extract(epoch from ${now}::timestamptz - present.entered_at)) as seconds,
      usual.median, usual.stays
    from present left join usual on usual.pipeline = present.pipeline and usual.stage = present.stage`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, row]));
  const numberOf = (value: string | number | null | undefined) => (value == null ? null : Number(value));
  return ids.map((id) => {
    const row = byId.get(id);
    return {
      secondsInStage: numberOf(row?.seconds),
      medianSeconds: numberOf(row?.median),
      stays: numberOf(row?.stays) ?? 0,
    };
  });
}
