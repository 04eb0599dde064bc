import { silentLogger } from '@plumbline/connector';
import { openHub, type Hub } from '@plumbline/hub';
import type { Sandbox } from '@plumbline/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { startVendors, unhurried } from './place.ts';

const MOST_REQUESTS = 3;

/** Read whole and once an hour, one request for each project: Jira has no other list of them. */
const growing = ['jira/versions'];

let database: TestDatabase;
let vendors: Sandbox;
let hub: Hub;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  vendors = await startVendors();
  hub = await openHub({ database: database.target, sources: vendors.sources.map(unhurried), logger: silentLogger });
}, 120_000);

afterAll(async () => {
  await hub.close();
  await vendors.close();
  await database.drop();
});

test('a poll that finds nothing costs at most three requests a stream, but for one that is read once an hour', async () => {
  const first = await hub.sync();
  expect(first.length).toBeGreaterThan(12);
  const costs: Record<string, number> = {};
  for (const { sourceId, stream } of first) {
    const [report] = await hub.sync({ sourceId, stream });
    expect(report).toMatchObject({ error: null, counts: { created: 0, changed: 0, deleted: 0 } });
    costs[`${sourceId}/${stream}`] = report?.counts.requests ?? Infinity;
  }
  const dear = Object.entries(costs).filter(([, requests]) => requests > MOST_REQUESTS);
  expect(dear.map(([stream]) => stream)).toEqual(growing);
});
