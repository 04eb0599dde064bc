import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manualClock, silentLogger } from '../../packages/connector/src/index.ts';
import { openHub, type Hub } from '../../packages/hub/src/index.ts';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { files } from '../../plugins/files/src/index.ts';

const HEAD = 'No.,Title,Client,Price,Closes\n';
const clock = manualClock('2026-03-02T09:00:00Z');
let folder: string;
let database: TestDatabase;
let hub: Hub;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-files-'));
  await mkdir(join(folder, 'deals'));
  database = await emptyDatabase({ durable: false });
  const config = {
    folder,
    tables: [
      {
        name: 'clients',
        files: 'clients.json',
        kind: 'client',
        key: { column: 'id' },
        columns: { name: 'name' },
      },
      {
        name: 'deals',
        files: 'deals/*.csv',
        kind: 'opportunity',
        key: { column: 'No.', scheme: 'hubspot-deal' },
        columns: {
          name: 'Title',
          client: { column: 'Client', table: 'clients' },
          amount: { column: 'Price', currency: 'EUR' },
          closeDate: 'Closes',
        },
      },
    ],
  };
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [{ id: 'exports', connector: files, config, secrets: {} }],
  });
});

afterEach(async () => {
  await hub.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Writes a file that was last changed so many hours ago, so that its time tells it apart. */
async function write(path: string, text: string, hoursAgo: number): Promise<void> {
  const at = join(folder, path);
  await writeFile(at, text);
  const time = clock.now().epochMilliseconds / 1_000 - hoursAgo * 3_600;
  await utimes(at, time, time);
}

async function rows(statement: string): Promise<unknown[]> {
  return hub.database.orm.em.getConnection().execute(statement);
}

const deals = () =>
  rows(`select o.name, c.name as client, o.amount::text as amount, o.deleted_at is not null as gone
    from opportunity o left join client c on c.id = o.client_id order by o.name`);

beforeEach(async () => {
  await write('clients.json', '[{"id": "acme", "name": "Acme GmbH"}]', 9);
  await write('deals/2025.csv', `${HEAD}7,Portal,acme,1000.50,2025-12-01\n`, 9);
  await write('deals/2026.csv', `${HEAD}8,Shop,acme,2000,2026-06-01\n9,Audit,acme,300,2026-06-01\n`, 9);
});

test('a run says how many bytes of the files it read, and none of a file that stands still', async () => {
  const bytes = async () => Object.fromEntries((await hub.sync()).map(({ stream, counts }) => [stream, counts.bytes]));
  await write('clients.json', '[{"id": "acme", "name": "Ácme Straße"}]', 9);
  expect(await bytes()).toEqual({
    clients: Buffer.byteLength('[{"id": "acme", "name": "Ácme Straße"}]'),
    deals: `${HEAD}7,Portal,acme,1000.50,2025-12-01\n${HEAD}8,Shop,acme,2000,2026-06-01\n9,Audit,acme,300,2026-06-01\n`
      .length,
  });
  expect(await bytes()).toEqual({ clients: 0, deals: 0 });
});

test('files of two forms become one graph, and a file that is taken away takes its rows along', async () => {
  const reports = await hub.sync();
  expect(reports.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(await deals()).toEqual([
    { name: 'Audit', client: 'Acme GmbH', amount: '300', gone: false },
    { name: 'Portal', client: 'Acme GmbH', amount: '1000.5', gone: false },
    { name: 'Shop', client: 'Acme GmbH', amount: '2000', gone: false },
  ]);
  await rm(join(folder, 'deals/2025.csv'));
  await hub.sync();
  expect(await deals()).toMatchObject([{ gone: false }, { name: 'Portal', gone: true }, { gone: false }]);
});

test('a poll of files that stand still writes nothing but its own run', async () => {
  await hub.sync();
  const marks = `select (select count(*) from version)::int as versions, (select array_agg(xmin::text) from record) as records,
    (select array_agg(xmin::text) from stream_cursor) as cursors, (select array_agg(xmin::text) from facet) as facets`;
  const before = await rows(marks);
  const reports = await hub.sync();
  expect(reports.map(({ status, counts }) => [status, counts.read])).toEqual([
    ['SUCCEEDED', 0],
    ['SUCCEEDED', 0],
  ]);
  expect(await rows(marks)).toEqual(before);
});

test('a bad row goes to quarantine and keeps what was known of it; repaired, it leaves by itself', async () => {
  await hub.sync();
  await write('deals/2026.csv', `${HEAD}8,Shop,acme,a lot,2026-06-01\n9,Audit,acme,350\n,Nobody,,,\n`, 8);
  const [, report] = await hub.sync();
  expect(report).toMatchObject({ status: 'PARTIAL', counts: { quarantined: 3, deleted: 0 } });
  expect(await deals()).toMatchObject([{ amount: '300' }, { amount: '1000.5' }, { amount: '2000' }]);
  expect(await rows('select external_id, error from quarantine order by 1')).toEqual([
    {
      external_id: '8',
      error:
        'Table deals: row "8", column "Price" (amount) holds the text "a lot", where a number is wanted; numbers kept as text may need `decimalSeparator`.',
    },
    {
      external_id: '9',
      error:
        'Table deals: line 3 of deals/2026.csv: 4 values for 5 headers; look for a delimiter or quote that is missing or too many.',
    },
    {
      external_id: 'line 4 of deals/2026.csv',
      error: 'Table deals: line 4 of deals/2026.csv: the key column "No." is blank.',
    },
  ]);
  await write('deals/2026.csv', `${HEAD}8,Shop,acme,2500,2026-06-01\n9,Audit,acme,350,2026-06-01\n`, 7);
  const [, repaired] = await hub.sync();
  expect(repaired).toMatchObject({ status: 'SUCCEEDED', counts: { quarantined: 0 } });
  expect(await deals()).toMatchObject([{ amount: '350' }, { amount: '1000.5' }, { amount: '2500' }]);
  expect(await rows('select external_id from quarantine')).toEqual([]);
});
