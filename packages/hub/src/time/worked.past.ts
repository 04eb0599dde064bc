import { sql, type RawBuilder } from 'kysely';
import { pastAgreements } from '../change-requests/agreement.past.ts';
import type { Context } from '../kernel/context.ts';
import { readAsOf, type PastTable } from '../kernel/past-tables.ts';
import { standpointOf, type Standpoint } from '../kernel/standpoint.ts';

/**
 * A standpoint for figures of work, and of what was agreed: of these projects, or of all when null. Throws InputError for
 * an instant that is still to come.
 */
export async function workStandpointOf(
  context: Context,
  asOf: string | null | undefined,
  projectIds: readonly string[] | null,
): Promise<Standpoint> {
  const { rows, now } = standpointOf(context, asOf);
  if (!asOf) return { rows, now };
  const agreements = await context.load.batch('agreements as of', now, (instants) =>
    Promise.all(instants.map((instant) => pastAgreements(context.rows, rows, instant))),
  );
  const tables = projectIds === null ? context.past : onlyOf(projectIds, context.past);
  return { rows: readAsOf(context.rows, [...tables, agreements], now), now };
}

/**
 * Work items and time entries without those of other projects, since the database does not carry the condition of a join
 * into a table that is put together.
 */
function onlyOf(projectIds: readonly string[], tables: readonly PastTable[]): PastTable[] {
  const ids = sql`any(${projectIds}::uuid[])`;
  const narrowed: Readonly<Record<string, (rows: RawBuilder<unknown>) => RawBuilder<unknown>>> = {
    work_item: (rows) => sql`select * from (${rows}) as item where project_id = ${ids}`,
    time_entry: (rows) => sql`
      select * from (${rows}) as entry where project_id = ${ids}
      union all select * from (${rows}) as entry
      where project_id is null and work_item_id = any(array(select id from work_item))`,
  };
  return tables.map((table) => {
    const narrow = narrowed[table.name];
    if (!narrow) return table;
    return { ...table, of: [...(table.of ?? []), 'work_item'], once: true, rows: (at) => narrow(table.rows(at)) };
  });
}
