import { sql } from 'kysely';
import type { Database } from '../src/kernel/database.ts';

/** Too few tables to look into mean that the search is wrong, not that nothing is there. */
const FEWEST_TABLES = 40;

/** Every table of the database, whoever made it, that has any of the words in any of its columns, in whatever case. */
export async function tablesWith({ rows }: Pick<Database, 'rows'>, words: readonly string[]): Promise<string[]> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(rows);
  if (tables.length < FEWEST_TABLES) throw new RangeError(`there are only ${tables.length} tables to look into`);
  const patterns = words.map((word) => `%${word}%`);
  const found: string[] = [];
  for (const { schema, name } of tables) {
    const { rows: holding } = await sql`
      select 1 from ${sql.table(`${schema}.${name}`)} as entry
      where to_jsonb(entry)::text ilike any(${patterns}::text[]) limit 1`.execute(rows);
    if (holding.length > 0) found.push(name);
  }
  return found.sort();
}
