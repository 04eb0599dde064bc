import { silentLogger } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, type Script } from '../../test/memory-connector.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let crm: Script;

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  crm = { deals: { kind: 'opportunity', pages: [{ records: [] }] } };
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    sources: [{ id: 'crm', connector: memoryConnector('hubspot', crm), config: {}, secrets: {} }],
  });
});

afterEach(async () => {
  await hub.close();
  await database.drop();
});

/** The deals that live, those of one entity together. */
async function together(): Promise<string[]> {
  const { rows } = await sql<{ ids: string }>`
    select string_agg(external_id, ' ' order by external_id) as ids from facet join record on record.id = record_id
    where deleted_at is null group by entity_id order by 1`.execute(hub.database.rows);
  return rows.map(({ ids }) => ids);
}

async function bring(records: Record<string, string[]>, gone: string[] = []): Promise<void> {
  crm['deals']!.pages = [
    {
      records: Object.entries(records).map(([id, keys]) => rawRecord(id, keys, { name: `Deal ${id}` })),
      deletes: gone.map((id) => ({ id, at: null })),
    },
  ];
  await hub.sync();
}

test('a record that comes back follows its key to whoever has it by then', async () => {
  await bring({ a: ['deal:1'], b: ['deal:1', 'deal:2'] });
  expect(await together()).toEqual(['a b']);
  await bring({}, ['a']);
  await bring({ b: ['deal:2'] });
  await bring({ c: ['deal:1'] });
  expect(await together()).toEqual(['b', 'c']);
  await bring({ a: ['deal:1'] });
  expect(await together()).toEqual(['a c', 'b']);
});

test('a record that stays as it is known keeps its entity, whatever else of it changes', async () => {
  await bring({ a: ['deal:1', 'deal:2'] });
  const before = await sql`select id from opportunity`.execute(hub.database.rows);
  crm['deals']!.pages = [{ records: [rawRecord('a', ['deal:1', 'deal:2'], { name: 'Renamed' })] }];
  await hub.sync();
  await bring({ b: ['deal:2'] });
  expect(await together()).toEqual(['a b']);
  expect((await sql`select id from opportunity`.execute(hub.database.rows)).rows).toEqual(before.rows);
});
