import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { HUB_SOURCE } from '../kernel/hub-source.ts';
import { mentions } from './erasure-traces.store.ts';
import type { Word } from './erasure.rules.ts';
import type { ErasureCount } from './erasure.ts';

/** What the erasure has gone through itself; of the hub's own records, which stay as they are, the payloads tell. */
const goneThrough = [
  'erasure_secret',
  'facet',
  'many_reference',
  'past',
  'quarantine',
  'record_payload',
  'sync_run',
  'version',
];

/** Where ids stand and what sources are called: a name of one word is neither. */
const ofIds = [
  'identity',
  'record',
  'source',
  'stream_cursor',
  'webhook_event',
  'webhook_health',
  'webhook_look',
  'webhook_subscription',
];

/**
 * Rows that still have any of these words once all is done, by table: what people wrote here, what rows are keyed by, and
 * whatever table comes to be. Beside them clients that go by such a name still, and names that are somebody else's too.
 */
export async function countLeftAlone(
  rows: Rows,
  { words, shared, kindTables }: { words: readonly Word[]; shared: number; kindTables: readonly string[] },
): Promise<ErasureCount[]> {
  const ambiguous = shared > 0 ? [{ what: 'names that somebody else has', rows: shared }] : [];
  if (words.length === 0) return ambiguous;
  const all = words.map(({ text }) => text);
  const alone = words.filter(({ isWhole }) => !isWhole).map(({ text }) => text);
  const counts = [
    ...(await tablesBut(rows, [...goneThrough, ...kindTables])).map((table) => {
      const texts = ofIds.includes(table) ? alone : all;
      return sql`
        select ${table}::text as what, count(*) as rows from ${sql.table(table)} as written
        where ${mentions(sql`to_jsonb(written)::text`, texts)}`;
    }),
    sql`
      select 'own record' as what, count(*) as rows from record join record_payload on record_id = record.id
      where source_id = ${HUB_SOURCE} and ${mentions(sql`payload::text`, all)}`,
  ];
  const { rows: found } = await sql<{ what: string; rows: string }>`${sql.join(counts, sql` union all `)}`.execute(
    rows,
  );
  const left = [
    ...found.map((row) => ({ what: row.what, rows: Number(row.rows) })),
    { what: 'clients named alike', rows: await countClientsNamed(rows, words) },
  ];
  return [...left.filter((each) => each.rows > 0), ...ambiguous];
}

/** Clients whose whole name is one of these, as a sole trader's is. */
export async function countClientsNamed(rows: Rows, words: readonly Word[]): Promise<number> {
  const names = words.map(({ text }) => text.toLowerCase());
  const { rows: found } = await sql<{ count: string }>`
    select count(*) as count from client where lower(trim(name)) = any(${names}::text[])`.execute(rows);
  return Number(found[0]?.count ?? 0);
}

async function tablesBut(rows: Rows, known: readonly string[]): Promise<string[]> {
  const { rows: found } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name <> all(${known}::text[])
    order by table_name`.execute(rows);
  return found.map(({ name }) => name);
}
