import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';

/**
 * The close dates each opportunity has had, oldest first: as the source that counts remembers them, or else as the hub
 * has seen them. Null for a time without one.
 */
export async function readCloseDates(rows: Rows, ids: readonly string[]): Promise<(string | null)[][]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ id: string; dates: (string | null)[] | null }>`
    select asked.id, coalesce(remembered.dates, seen.dates) as dates from ${asked}
    left join past on past.entity_id = asked.id
    cross join lateral (
      select jsonb_agg(each.value -> 1 order by each.position) as dates
      from jsonb_array_elements(past.fields -> 'closeDate' -> 'values') with ordinality as each(value, position)
    ) as remembered
    cross join lateral (
      select jsonb_agg(snapshot -> 'closeDate' order by seq) as dates from version
      where entity_id = asked.id and remembered.dates is null
    ) as seen`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, row.dates ?? []]));
  return ids.map((id) => byId.get(id) ?? []);
}
