import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { PastTable } from '../kernel/past-tables.ts';
import { unnest } from '../kernel/unnest.ts';
import { readAgreedDays, type AgreedRequest } from './agreement.store.ts';

/**
 * The days that counted as agreed then: worked out anew, by the rule that keeps them, for the requests whose state was to
 * change later. `past` reads as of the instant.
 */
export async function pastAgreements(present: Rows, past: Rows, instant: string): Promise<PastTable> {
  const at = sql`${instant}::timestamptz`;
  const { rows: found } = await sql<{ id: string }>`
    select entity_id as id from version
    where kind = 'changeRequest' and valid_from > ${at} and (changed @> '["state"]' or operation <> 'UPDATED')
    union select entity_id from past where kind = 'changeRequest' and until > ${at}`.execute(present);
  const ids = found.map((row) => row.id);
  const days = await readAgreedDays(past, ids);
  const moved = unnest('moved', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const agreed = unnest('agreed', days, [
    { name: 'id', type: 'uuid', value: (each: AgreedRequest) => each.id },
    { name: 'from_on', type: 'date', value: (each) => each.from },
    { name: 'to_on', type: 'date', value: (each) => each.to },
  ]);
  return {
    name: 'agreement',
    rows: () => sql`
      select change_request_id, from_on, to_on from agreement as present
      where not exists (select 1 from ${moved} where moved.id = change_request_id)
      union all select id, from_on, to_on from ${agreed}`,
  };
}
