import { manualClock, silentLogger, type ManualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord } from '../../test/memory-connector.ts';
import { watched } from '../../test/watched.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';
import { noCounts } from './run.ts';
import { startRun } from './run-store.ts';

const first = '0190a6e0-0000-7000-8000-000000000001';

let database: TestDatabase;
let clock: ManualClock;
let hub: Hub;
let api: Api;

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  clock = manualClock('2026-06-15T12:00:00Z');
  const pages = ['1', '2', '3', '4', '5'].map((id) => ({ records: [rawRecord(id, [`deal:${id}`], { name: id })] }));
  const crm = memoryConnector('crm', { deals: { kind: 'opportunity', pages } });
  const sources = [{ id: 'crm', connector: crm, config: {}, secrets: {} }];
  hub = await openHub({ database: database.target, logger: silentLogger, clock, sources });
  api = createApi(hub);
  const now = '2026-06-15T11:00:00Z';
  await startRun(hub.database.rows, {
    id: first,
    sourceId: 'crm',
    stream: 'deals',
    task: 'POLL',
    now,
    counts: noCounts,
  });
});
afterEach(async () => {
  await hub.close();
  await database.drop();
});

const event = (id: string, status: string) => ({ value: { data: { syncProgress: { id, status } } } });
const everything = 'subscription { syncProgress { id status } }';

test.each([everything, 'subscription { syncProgress(source: "crm") { id status } }'])(
  'a run that goes on is told at first and at its end, however many began since: %s',
  async (query) => {
    const { rows } = hub.database;
    const sixtyMore = () =>
      sql`
      insert into sync_run (id, source_id, stream, task, status, started_at, counts, warnings)
      select gen_random_uuid(), 'crm', 'deals', 'POLL', 'SUCCEEDED', '2026-06-15T11:30:00Z', ${JSON.stringify(noCounts)}::jsonb, '[]'
      from generate_series(1, 60)`.execute(rows);
    await sixtyMore();
    const events = watched(api, query);
    expect(await events.next()).toEqual({ done: false, ...event(first, 'RUNNING') });
    await sixtyMore();
    await sql`update sync_run set status = 'SUCCEEDED' where id = ${first}::uuid`.execute(rows);
    const next = events.next();
    clock.advance(1_000);
    expect(await next).toEqual({ done: false, ...event(first, 'SUCCEEDED') });
    await events.return(undefined);
  },
);

test('whoever stops watching makes room at once, though nothing happens that it could be told', async () => {
  const watchers = Array.from({ length: 50 }, () => watched(api, everything));
  for (const watcher of watchers) await watcher.next();
  const oneMore = async (): Promise<string> => {
    const watcher = watched(api, everything);
    const { value } = await watcher.next();
    await watcher.return(undefined);
    return JSON.stringify(value);
  };
  expect(await oneMore()).toContain('50 people watch runs already.');
  for (const watcher of watchers) await watcher.return(undefined);
  await expect.poll(oneMore).toContain('RUNNING');
});

test('however often a run tells of itself, a watcher reads again a quarter of a second later, and what it then finds', async () => {
  const events = watched(api, everything);
  await events.next();
  let hasCome = false;
  const next = events.next().finally(() => {
    hasCome = true;
  });
  const [report] = await hub.sync();
  await api.query('{ syncRuns { totalCount } }');
  clock.advance(249);
  await api.query('{ syncRuns { totalCount } }');
  expect(hasCome).toBe(false);
  clock.advance(1);
  expect(await next).toMatchObject(event(report?.runId ?? '', 'SUCCEEDED'));
  await events.return(undefined);
});

test('what cannot be watched is an error that says so', async () => {
  const [nowhere, nonsense] = [
    await watched(api, 'subscription { syncProgress(source: "erp") { id } }').next(),
    await watched(api, 'subscription { syncProgress(run: "0190a6e0-0000-7000-8000-000000000000") { id } }').next(),
  ];
  expect(JSON.stringify(nowhere.value)).toContain('There is no source \\"erp\\".');
  expect(JSON.stringify(nonsense.value)).toContain('There is no run 0190a6e0');
});
