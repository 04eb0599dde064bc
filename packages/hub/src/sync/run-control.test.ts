import {
  defineConnector,
  defineStream,
  diagnoseHttp,
  manualClock,
  silentLogger,
  type Connector,
  type ManualClock,
  type RawRecord,
} from '@plumbline/connector';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { watched } from '../../test/watched.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';
import type { RunReport } from './engine.ts';
import { noCounts } from './run.ts';
import { closeAbandonedRuns, startRun } from './run-store.ts';
import { storeNotices } from './webhook-store.ts';

let database: TestDatabase;
let clock: ManualClock;
/** Reads the vendor. */
let worker: Hub;
/** Answers people: another process where the database allows one. */
let front: Hub;
let api: Api;
let pages: RawRecord[][];
/** Why the vendor's list cannot be read any more. */
let unread: string | null;
/** What goes wrong when the vendor is to be read no further. */
let broken: Error | null;
/** What was logged as an error. */
let logged: string[];
/** Resolves when the second page is asked for. */
let waits: PromiseWithResolvers<void>;
/** Lets the next page come. */
let gate: PromiseWithResolvers<void>;

const name = (page: number): RawRecord =>
  rawRecord(`${page}`, [`deal:${page}`], { name: `Deal ${page}` }, '2026-06-15T11:58:30Z');

/** A vendor that is slow behind its first page. */
const crm: Connector = defineConnector({
  name: 'slow-crm',
  title: 'Slow CRM',
  config: z.object({}),
  secrets: z.object({}),
  keySchemes: ['deal'],
  limits: () => ({}),
  diagnose: (answer, source) => diagnoseHttp(source, answer),
  secretTexts: () => [],
  check: async () => [],
  streams: [
    defineStream({
      name: 'deals',
      description: 'Deals.',
      kinds: ['opportunity'],
      raw: z.looseObject({ keys: z.array(z.string()), fields: z.looseObject({ name: z.string() }) }),
      cursor: z.object({ page: z.number() }),
      worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'none' },
      async *poll({ signal }, cursor) {
        const from = cursor?.page ?? 0;
        if (unread !== null) {
          yield { records: [], cursor: { page: from }, complete: true, unread };
          return;
        }
        for (const [offset, records] of pages.slice(from).entries()) {
          if (offset > 0) {
            waits.resolve();
            await Promise.race([gate.promise, aborted(signal)]).catch((reason: unknown) => {
              throw broken ?? reason;
            });
          }
          yield { records, cursor: { page: from + offset + 1 }, complete: from + offset + 1 === pages.length };
        }
        if (from === pages.length) yield { records: [], cursor: { page: from }, complete: true };
      },
      // Nothing is there any more under the id it had.
      look: async () => ({ records: [] }),
      map: ({ keys, fields }) => [{ kind: 'opportunity', id: 'self', keys: keys as [`deal:${string}`], fields }],
    }),
  ],
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

const open = (): Promise<Hub> =>
  openHub({
    database: database.target,
    logger: { ...silentLogger, error: (_, message) => logged.push(message) },
    clock,
    sources: [{ id: 'crm', connector: crm, config: {}, secrets: {} }],
  });

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  clock = manualClock('2026-06-15T12:00:00Z');
  pages = [[name(1)], [name(2)]];
  unread = null;
  broken = null;
  logged = [];
  waits = Promise.withResolvers();
  gate = Promise.withResolvers();
  worker = await open();
  front = database.target.engine === 'postgresql' ? await open() : worker;
  api = createApi(front);
});
afterEach(async () => {
  if (front !== worker) await front.close();
  await worker.close();
  await database.drop();
});

/** A sync that has stored its first page and waits for the second. */
async function halfWay(): Promise<{ ended: Promise<RunReport[]>; run: string }> {
  const stored = Promise.withResolvers<void>();
  const stop = worker.watch(({ counts }) => counts.pages === 1 && stored.resolve());
  const ended = worker.sync();
  await stored.promise;
  stop();
  const { data } = await api.query('{ syncRuns(filter: { status: { eq: RUNNING } }) { nodes { id } } }');
  const { syncRuns } = data as { syncRuns: { nodes: { id: string }[] } };
  return { ended, run: syncRuns.nodes[0]?.id ?? '' };
}

const cancel = (run: string) =>
  api.query(
    `mutation ($run: ID!) { cancelSync(run: $run) {
      __typename ... on CancelSyncSuccess { data { status cancelAskedBy } } ... on RefusedError { guard message } ... on InputError { argument }
    } }`,
    { run },
  );
const asked = '{ deals: opportunities { nodes { name } } }';

test('a run that is cancelled keeps the pages it stored, says who ended it, and the next one goes on behind them', async () => {
  const { ended, run } = await halfWay();
  expect(await cancel(run)).toEqual({
    data: {
      cancelSync: { __typename: 'CancelSyncSuccess', data: { status: 'RUNNING', cancelAskedBy: 'local' } },
    },
  });
  clock.advance(1_000);
  expect(await ended).toMatchObject([
    {
      status: 'CANCELLED',
      error: 'The run was cancelled by local. What it brought stays; the next run goes on from the saved cursor.',
      counts: { pages: 1, created: 1 },
    },
  ]);
  expect(await api.query(asked)).toEqual({ data: { deals: { nodes: [{ name: 'Deal 1' }] } } });
  expect(await worker.sync()).toMatchObject([{ status: 'SUCCEEDED', counts: { pages: 1, created: 1, unchanged: 0 } }]);
  expect(await api.query(asked)).toEqual({ data: { deals: { nodes: [{ name: 'Deal 1' }, { name: 'Deal 2' }] } } });
});

test('what goes wrong while a cancelled run ends is told and logged, and not passed off as the cancelling', async () => {
  const { ended, run } = await halfWay();
  broken = new Error('No space is left on the device.');
  await cancel(run);
  clock.advance(1_000);
  expect(await ended).toMatchObject([{ status: 'FAILED', error: 'No space is left on the device.' }]);
  expect(logged).toEqual(['No space is left on the device.']);
});

test('a look that is cancelled ends the poll within it', async () => {
  gate.resolve();
  await worker.sync();
  pages.push([name(3)], [name(4)]);
  waits = Promise.withResolvers();
  gate = Promise.withResolvers();
  const notices = [{ key: 'deal 1 was changed', looks: [{ stream: 'deals', id: '1' }] }];
  const now = '2026-06-15T12:00:00Z';
  const mark = '0190a6e0-0000-7000-8000-000000000001';
  await storeNotices(worker.database.rows, { sourceId: 'crm', notices, keepUntil: now, now, mark });
  const ended = worker.look('crm');
  await waits.promise;
  const { data } = await api.query(
    '{ syncRuns(filter: { status: { eq: RUNNING }, task: { eq: LOOK } }) { nodes { id } } }',
  );
  const { syncRuns } = data as { syncRuns: { nodes: { id: string }[] } };
  await cancel(syncRuns.nodes[0]?.id ?? '');
  clock.advance(1_000);
  expect(await ended).toMatchObject([
    { task: 'LOOK', status: 'CANCELLED', error: expect.stringContaining('The run was cancelled by local.') },
  ]);
});

test('what has ended, what never was and what is no id are refused, each by a type of its own', async () => {
  const { ended, run } = await halfWay();
  gate.resolve();
  await ended;
  expect((await cancel(run)).data).toEqual({
    cancelSync: {
      __typename: 'RefusedError',
      guard: 'running',
      message: 'The run has ended already, as SUCCEEDED.',
    },
  });
  expect((await cancel('0190a6e0-0000-7000-8000-000000000000')).data).toEqual({
    cancelSync: { __typename: 'NotFoundError' },
  });
  expect((await cancel('the latest')).data).toEqual({ cancelSync: { __typename: 'InputError', argument: 'run' } });
});

test('a run is watched from its beginning to its end, in whichever process it goes on', async () => {
  const { ended, run } = await halfWay();
  const events = watched(api, `subscription { syncProgress(run: "${run}") { stream status counts { pages } } }`);
  const at = (status: string, stored: number) => ({
    data: { syncProgress: { stream: 'deals', status, counts: { pages: stored } } },
  });
  expect(await events.next()).toMatchObject({ value: at('RUNNING', 1) });
  const rest = Array.fromAsync(events);
  gate.resolve();
  await ended;
  clock.advance(1_000);
  expect((await rest).at(-1)).toEqual(at('SUCCEEDED', 2));
});

test('who watches a source hears of the next run when it begins, and not of those that ended before', async () => {
  gate.resolve();
  await worker.sync();
  const events = watched(api, 'subscription { syncProgress(source: "crm") { status counts { pages } } }');
  const next = events.next();
  pages.push([name(3)], [name(4)]);
  waits = Promise.withResolvers();
  gate = Promise.withResolvers();
  const ended = worker.sync();
  await waits.promise;
  clock.advance(1_000);
  expect(await next).toMatchObject({ value: { data: { syncProgress: { status: 'RUNNING' } } } });
  gate.resolve();
  await ended;
  await events.return(undefined);
});

test('a run says how late what changed came into the graph, but not what a first reading brought', async () => {
  const lags = 'query { syncRuns(orderBy: { field: STARTED_AT }) { nodes { lag } } }';
  gate.resolve();
  await worker.sync();
  pages.push([rawRecord('3', ['deal:3'], { name: 'Deal 3' }, '2026-06-15T12:04:00Z')]);
  clock.advance(5 * 60_000);
  await worker.sync();
  await worker.sync();
  expect(await api.query(lags)).toEqual({ data: { syncRuns: { nodes: [{ lag: null }, { lag: 60 }, { lag: null }] } } });
});

test('of what a dead process left behind, a run that somebody wanted to end is CANCELLED, another INTERRUPTED', async () => {
  const { rows } = worker.database;
  const [wanted, other] = ['0190a6e0-0000-7000-8000-000000000001', '0190a6e0-0000-7000-8000-000000000002'];
  const now = '2026-06-15T11:00:00Z';
  for (const id of [wanted, other])
    await startRun(rows, { id, sourceId: 'crm', stream: 'deals', task: 'POLL', now, counts: noCounts });
  await cancel(wanted);
  await closeAbandonedRuns(rows, { sourceId: 'crm', now: '2026-06-15T12:00:00Z', unheardSince: null });
  expect((await api.query('{ syncRuns(orderBy: { field: STARTED_AT }) { nodes { id status } } }')).data).toEqual({
    syncRuns: {
      nodes: [
        { id: wanted, status: 'CANCELLED' },
        { id: other, status: 'INTERRUPTED' },
      ],
    },
  });
});

test('a run that goes on in another process is not taken for one that was left behind', async () => {
  const { rows } = worker.database;
  const dead = '0190a6e0-0000-7000-8000-000000000001';
  const now = '2026-06-15T11:59:00Z';
  const { ended, run } = await halfWay();
  await startRun(rows, { id: dead, sourceId: 'crm', stream: 'deals', task: 'POLL', now, counts: noCounts });
  clock.advance(40_000);
  const heard = async () =>
    (await sql`select 1 from sync_run where id = ${run}::uuid and alive_at = '2026-06-15T12:00:40Z'`.execute(rows))
      .rows;
  await expect.poll(heard).toHaveLength(1);
  await closeAbandonedRuns(rows, { sourceId: 'crm', now, unheardSince: '2026-06-15T12:00:10Z' });
  expect((await api.query('{ syncRuns(orderBy: { field: STARTED_AT }) { nodes { id status } } }')).data).toEqual({
    syncRuns: {
      nodes: [
        { id: dead, status: 'INTERRUPTED' },
        { id: run, status: 'RUNNING' },
      ],
    },
  });
  gate.resolve();
  expect(await ended).toMatchObject([{ status: 'SUCCEEDED' }]);
});

test('a list that cannot be read any more leaves what is known, is told by a PARTIAL run, and is no fresher', async () => {
  const fresh = '{ sources { streams { freshAsOf lastRun { status warnings } } } deals: opportunities { totalCount } }';
  const shown = (freshAsOf: string, status: string, warnings: string[]) => ({
    data: { sources: [{ streams: [{ freshAsOf, lastRun: { status, warnings } }] }], deals: { totalCount: 2 } },
  });
  gate.resolve();
  await worker.sync();
  unread = 'The list has no header "Deal" any more. Bring it back.';
  clock.advance(3_600_000);
  await worker.sync();
  expect(await api.query(fresh)).toEqual(shown('2026-06-15T12:00:00Z', 'PARTIAL', [unread]));
  unread = null;
  await worker.sync();
  expect(await api.query(fresh)).toEqual(shown('2026-06-15T13:00:00Z', 'SUCCEEDED', []));
});
