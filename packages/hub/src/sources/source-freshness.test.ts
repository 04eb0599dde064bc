import { manualClock, silentLogger } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

const MINUTE = 60_000;
const inAll = 'pipeline(from: "2026-01-01", to: "2026-12-31", currency: "EUR")';
const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let hub: Hub;
let api: Api;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const deals = Array.from({ length: 5 }, (_, n) =>
    rawRecord(`${n}`, [`deal:${n}`], { name: `Deal ${n}`, state: 'SCOPING', closeDate: '2026-05-01' }),
  );
  const source = (id: string, script: Parameters<typeof memoryConnector>[1]) => ({
    id,
    connector: memoryConnector(id === 'crm' ? 'hubspot' : 'jira', script),
    config: {},
    secrets: {},
  });
  hub = await openHub({
    database: database.target,
    sources: [
      source('crm', { deals: { kind: 'opportunity', pages: [{ records: deals }] } }),
      source('tracker', {
        projects: {
          kind: 'project',
          pages: [{ records: [rawRecord('1', ['project:1'], { name: 'P', status: 'ACTIVE' })] }],
        },
      }),
    ],
    logger: silentLogger,
    clock,
  });
  api = createApi(hub);
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

async function ask<Data>(query: string): Promise<Data> {
  const { data, errors } = await api.query(query);
  expect(errors).toBeUndefined();
  return data as Data;
}

interface Figure {
  staleSources: string[];
  freshness: { value: string | null; reason: string | null };
}

/** A figure of deals alone, and one of projects and all that is done in them. */
async function figures(): Promise<[Figure | undefined, Figure | undefined]> {
  const of = 'staleSources freshness { value reason }';
  const { opportunities, projects } = await ask<{
    opportunities: { nodes: { slippage: { changes: Figure } }[] };
    projects: { nodes: { metrics: Figure[] }[] };
  }>(
    `{ opportunities(first: 1) { nodes { slippage { changes { ${of} } } } } projects { nodes { metrics(names: ["margin"]) { ${of} } } } }`,
  );
  return [opportunities.nodes[0]?.slippage.changes, projects.nodes[0]?.metrics[0]];
}

test('a figure is as fresh as its sources, and names those that are late', async () => {
  await hub.sync();
  expect(await figures()).toEqual([
    { staleSources: [], freshness: { value: '1', reason: null } },
    { staleSources: [], freshness: { value: '1', reason: null } },
  ]);
  clock.advance(20 * MINUTE);
  await hub.sync({ sourceId: 'tracker' });
  expect(await figures()).toEqual([
    { staleSources: ['crm'], freshness: { value: '0.83333333333333333333', reason: null } },
    { staleSources: [], freshness: { value: '1', reason: null } },
  ]);
  const { pipeline, leakage } = await ask<{
    pipeline: { winRate: { staleSources: string[] }; groups: { staleSources: string[] }[] };
    leakage: { staleSources: string[] }[];
  }>(
    `{ ${inAll} { winRate { staleSources } groups(by: STAGE) { staleSources } } leakage(currency: "EUR") { staleSources } }`,
  );
  expect(pipeline.winRate.staleSources).toEqual(['crm']);
  expect(pipeline.groups).toEqual([{ staleSources: ['crm'] }]);
  expect(leakage).toEqual([{ staleSources: [] }]);
});

test('what is read seldom is late after three of its own turns, however often its source is polled', async () => {
  const other = await emptyDatabase({ durable: false });
  const projects = [rawRecord('1', ['project:1'], { name: 'P', status: 'ACTIVE' })];
  const connector = memoryConnector('jira', {
    projects: { kind: 'project', everyMinutes: 60, pages: [{ records: projects }] },
  });
  const seldom = await openHub({
    database: other.target,
    sources: [{ id: 'tracker', connector, config: {}, secrets: {} }],
    logger: silentLogger,
    clock,
  });
  const late = async (): Promise<unknown> => {
    const { data } = await createApi(seldom).query(
      '{ projects { nodes { metrics(names: ["margin"]) { staleSources } } } }',
    );
    return data;
  };
  const told = (...staleSources: string[]) => ({ projects: { nodes: [{ metrics: [{ staleSources }] }] } });
  await seldom.sync();
  for (let minutes = 5; minutes <= 90; minutes += 5) {
    clock.advance(5 * MINUTE);
    await seldom.sync();
    expect([minutes, await late()]).toEqual([minutes, told()]);
  }
  // Last read after 60 minutes; a turn takes 65 of them, with the poll it waits for.
  clock.advance(165 * MINUTE);
  expect(await late()).toEqual(told());
  clock.advance(MINUTE);
  expect(await late()).toEqual(told('tracker'));
  await seldom.close();
  await other.drop();
});

test('a source that was never read is late, and freshness says so instead of a number', async () => {
  const other = await emptyDatabase({ durable: false });
  const connector = memoryConnector('hubspot', { deals: { kind: 'opportunity', pages: [] } });
  const unread = await openHub({
    database: other.target,
    sources: [{ id: 'crm', connector, config: {}, secrets: {} }],
    logger: silentLogger,
    clock,
  });
  const { data } = await createApi(unread).query(
    `{ ${inAll} { winRate { staleSources freshness { value reason } } } }`,
  );
  expect(data).toEqual({
    pipeline: { winRate: { staleSources: ['crm'], freshness: { value: null, reason: 'It was never synced.' } } },
  });
  await unread.close();
  await other.drop();
});

test('how fresh they are is read once for a request, however many figures there are', async () => {
  const readsOf = async (query: string): Promise<number> => {
    const spy = vi.spyOn(hub.database.reader.getExecutor(), 'executeQuery');
    await ask(query);
    const reads = spy.mock.calls.filter(([{ sql }]) => sql.includes('sync_run'));
    spy.mockRestore();
    return reads.length;
  };
  const of = '{ staleSources freshness { value } }';
  expect(await readsOf('{ opportunities { nodes { slippage { changes { value } } } } }')).toBe(0);
  expect(
    await readsOf(
      `{ opportunities { nodes { slippage { changes ${of} pushes ${of} } stageAge ${of} } } projects { nodes { metrics ${of} } } }`,
    ),
  ).toBe(1);
});
