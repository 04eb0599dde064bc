import { sql } from 'kysely';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';

/** Anew, not through the loaders: another mutation of the same proposal may have read it before. */
export async function readProposalRow(context: Context, id: string): Promise<Row> {
  const { rows } = await sql<Row>`select * from proposal where id = ${id}::uuid`.execute(context.database.rows);
  const [row] = rows;
  if (!row) throw new Error(`the proposal ${id} is gone`);
  return row;
}
