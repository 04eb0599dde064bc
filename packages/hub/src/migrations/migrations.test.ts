import { HubError } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { entities } from '../entities.ts';
import { openDatabase, type Database } from '../kernel/database.ts';
import { migrate } from '../kernel/migrate.ts';
import { migrations } from './index.ts';

let target: TestDatabase;
let database: Database;

beforeEach(async () => {
  target = await emptyDatabase({ durable: false, bare: true });
  database = await openDatabase(target.target, { entities, migrations });
});

afterEach(async () => {
  await database.close();
  await target.drop();
});

test('the migrations make exactly what the entities describe, and run once', async () => {
  expect(await migrate(database)).toEqual(migrations.map((migration) => migration.name));
  expect(await migrate(database)).toEqual([]);
  const difference = await (database.orm as unknown as { schema: { getUpdateSchemaSQL(options: { safe: boolean }): Promise<string> } }).schema.getUpdateSchemaSQL({ safe: true });
  expect(difference.replace("set names 'utf8';", '').trim()).toBe('');
});

test('documents are compressed by LZ4 where the server can, whatever their columns have been since', async () => {
  await migrate(database);
  const able = await sql`create temporary table able (document text compression lz4)`.execute(database.rows).then(() => true, () => false);
  const { rows } = await sql<{ column: string; lz4: boolean }>`
    select attrelid::regclass || '.' || attname as column, attcompression = 'l' as lz4 from pg_attribute
    where (attrelid::regclass::text, attname) in (('record_payload', 'payload'), ('facet', 'fields'), ('facet', 'history'), ('version', 'snapshot'))
    order by 1`.execute(database.rows);
  expect(rows.map((row) => row.column)).toEqual(['facet.fields', 'facet.history', 'record_payload.payload', 'version.snapshot']);
  expect(rows.map((row) => row.lz4)).toEqual(rows.map(() => able));
});

test('a database of a newer program is refused with a sentence that says what to do', async () => {
  await migrate(database);
  await sql`insert into migration (name, executed_at) values ('9999-future', now())`.execute(database.rows);
  const error = await migrate(database).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HubError);
  expect((error as HubError).message).toContain('newer Plumbline (it has the migration 9999-future)');
});

test.runIf(process.env['PLUMBLINE_TEST_DATABASE_URL'])('processes that start together migrate one after the other', async () => {
  const others = await Promise.all([1, 2].map(() => openDatabase(target.target, { entities, migrations })));
  try {
    const ran = await Promise.all([database, ...others].map((each) => migrate(each)));
    expect(ran.map((names) => names.length).toSorted((one, other) => one - other)).toEqual([0, 0, migrations.length]);
  } finally {
    for (const other of others) await other.close();
  }
});

test('who made a value what it was is found in what is stored: streams that may tell are mapped anew, no others', async () => {
  await migrate(database);
  await sql`delete from migration where name = '0029-who-made-it-so'`.execute(database.rows);
  await sql`
    insert into stream_cursor (source_id, stream, cursor, fetches, mapping)
    select 'any', stream, '{}', 'f', 'm' from unnest(array['owners', 'deals', 'issues', 'worklogs']) as of(stream)`.execute(database.rows);
  await migrate(database);
  const { rows } = await sql<{ stream: string }>`select stream from stream_cursor where mapping = '' order by stream`.execute(database.rows);
  expect(rows.map(({ stream }) => stream)).toEqual(['deals', 'issues', 'owners']);
});
