import { manualClock, silentLogger } from '@plumbline/connector';
import { createApi, openHub, type Api, type Hub } from '@plumbline/hub';
import { startSandbox, type Sandbox } from '@plumbline/sandbox';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';

let database: TestDatabase;
let sandbox: Sandbox;
let hub: Hub;
let api: Api;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  sandbox = await startSandbox({ seed: 'acme', size: 'small', today: '2026-11-20' });
  hub = await openHub({
    database: database.target,
    // Who is booked for what stands in the sheets alone; keys of projects and people are there as well.
    sources: sandbox.sources.filter(({ id }) => id === 'google-sheets'),
    logger: silentLogger,
    clock: manualClock('2026-11-20T12:00:00Z'),
  });
  await hub.sync();
  api = createApi(hub);
}, 120_000);

afterAll(async () => {
  await hub.close();
  await sandbox.close();
  await database.drop();
});

interface Warning {
  code: string;
  from: string;
  person: { email: string };
  metric: { inputs: { name: string; value: number }[] };
  causes: { project?: { code: string } | null }[];
}

async function warnings(): Promise<Warning[]> {
  const { data, errors } = await api.query(`{
    peopleWarnings(first: 500) {
      code from person { email } metric { inputs { name value } }
      causes { ... on Allocation { project { name } } }
    }
  }`);
  expect(errors).toBeUndefined();
  return (data as { peopleWarnings: Warning[] }).peopleWarnings;
}

test('every week in which the plan holds more than somebody’s working time is found, and no other', async () => {
  const found = (await warnings()).map(({ code, from, person, metric }) => {
    const seconds = Object.fromEntries(metric.inputs.map(({ name, value }) => [name, value]));
    return [`email:${person.email} ${from}`, code, seconds['capacitySeconds'], seconds['hardSeconds']];
  });
  const planted = sandbox.truth.anomalies
    .filter(({ rule }) => rule === 'R29')
    .map(({ subject, figures: { week, hardSeconds = 0, capacitySeconds = 0 } }) => [
      `${subject.key} ${week}`,
      hardSeconds > capacitySeconds ? 'OVER_ALLOCATION' : 'SOFT_DEMAND',
      capacitySeconds,
      hardSeconds,
    ]);
  const inOrder = (rows: unknown[][]) => rows.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  expect(planted.length).toBeGreaterThan(4);
  expect(inOrder(found)).toEqual(inOrder(planted));
});

test('each leads to the bookings of the week', async () => {
  for (const { causes } of await warnings()) {
    expect(causes.length).toBeGreaterThan(1);
    expect(causes.every(({ project }) => project)).toBe(true);
  }
});

test('the queries of the page on warnings are answered', async () => {
  const page = readFileSync(new URL('../../docs/early-warnings.md', import.meta.url), 'utf8');
  const queries = [...page.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, query]) => query ?? '');
  expect(queries).toHaveLength(3);
  const answers = [];
  for (const query of queries) {
    const { data, errors } = await api.query(query);
    expect(errors).toBeUndefined();
    answers.push(data);
  }
  const [monday, twice, quarter] = answers as [
    { portfolio: { warnings: unknown[] } },
    { peopleWarnings: { causes: { project: unknown }[] }[] },
    { bookings: { name: string; confirmed: number; unweighted: number }[] },
  ];
  expect(monday.portfolio.warnings.length).toBeGreaterThan(4);
  expect(twice.peopleWarnings[0]?.causes[0]?.project).toBeTruthy();
  const design = quarter.bookings.find(({ name }) => name === 'Design');
  expect(design?.confirmed).toBeGreaterThan(0);
});
