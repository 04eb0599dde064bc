import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { scopedTime, type ScopeSettings, type WorkFilter } from './worked.store.ts';

/** Work on an item that keeps no commitment and belongs to no change. */
export interface UnpromisedWork {
  /** Null for time that names no item. */
  workItemId: string | null;
  seconds: number;
  firstOn: string | null;
  lastOn: string | null;
}

interface WorkRow {
  item_id: string | null;
  seconds: string | number;
  first_on: string | null;
  last_on: string | null;
}

/** Time that is UNLINKED, item by item, the most first. */
export async function readUnpromisedWork(
  rows: Rows,
  { filter, settings, limit }: { filter: WorkFilter; settings: ScopeSettings; limit: number },
): Promise<UnpromisedWork[]> {
  const { rows: found } = await sql<WorkRow>`
    with ${scopedTime(filter, settings)}
    select item_id, sum(seconds)::bigint as seconds, min(local_date) as first_on, max(local_date) as last_on
    from scoped where scope = 'UNLINKED' group by item_id
    having sum(seconds) > 0 order by sum(seconds) desc, item_id limit ${limit}`.execute(rows);
  return found.map((row) => ({
    workItemId: row.item_id,
    seconds: Number(row.seconds),
    firstOn: row.first_on,
    lastOn: row.last_on,
  }));
}
