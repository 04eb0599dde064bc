import { manualClock, silentLogger, type ManualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, recordWith, streamOf } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;
let clock: ManualClock;
const hour = 3_600;
const eur = (amount: string) => ({ amount, currency: 'EUR' });

function request(id: string, decided: 'APPROVED' | 'REJECTED', submitted: string, at: string) {
  const fields = { title: id, project: 'project:1', state: decided, submittedAt: submitted };
  const history = [
    { field: 'state', at: submitted, value: 'CAPTURED' },
    { field: 'state', at, value: decided },
  ];
  return recordWith(rawRecord(id, [`change:${id}`], fields), { history });
}

function item(id: string, estimate: number, doneAt: string | null, project = 'project:1') {
  const fields = { project, estimate, statusCategory: doneAt ? 'DONE' : 'DOING', ...(doneAt ? { doneAt } : {}) };
  return recordWith(rawRecord(id, [`item:${id}`], fields), { customFields: estimate > 0 ? { commitment: 'D1' } : {} });
}

const worked = (id: string, workItem: string, localDate: string, hours: number, person = 'email:ada@x.com') =>
  rawRecord(id, [`time:${id}`], { person, workItem: `item:${workItem}`, localDate, seconds: hours * hour });

/** A project at the other end of the world, where a day is over when it begins here. */
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  clock = manualClock('2026-03-31T09:00:00Z');
  const source = memoryConnector('jira', {
    clients: streamOf('client', [rawRecord('1', ['client:1'], { name: 'Acme' })]),
    people: streamOf('person', [
      rawRecord('ada', ['email:ada@x.com'], { name: 'Ada' }),
      rawRecord('bea', ['email:bea@x.com'], { name: 'Bea' }),
    ]),
    rates: streamOf('rate', [
      rawRecord('1', ['rate:1'], { person: 'email:ada@x.com', billRate: eur('150'), costRate: eur('90') }),
      rawRecord('2', ['rate:2'], { person: 'email:bea@x.com', billRate: eur('200') }),
    ]),
    projects: streamOf('project', [
      rawRecord('1', ['project:1'], {
        name: 'Rollout',
        client: 'client:1',
        currency: 'EUR',
        zone: 'Pacific/Auckland',
        start: '2026-03-02',
        end: '2026-04-10',
      }),
      rawRecord('2', ['project:2'], { name: 'Uncosted', client: 'client:1', currency: 'EUR' }),
    ]),
    budgets: streamOf('budget', [
      rawRecord('1', ['budget:1'], {
        project: 'project:1',
        contractValue: eur('20000'),
        plannedCost: eur('10000'),
        plannedSeconds: 100 * hour,
      }),
    ]),
    changes: streamOf('changeRequest', [
      request('early', 'APPROVED', '2026-03-02T00:00:00Z', '2026-03-04T00:00:00Z'),
      // It is the eleventh there already.
      request('yes', 'APPROVED', '2026-03-09T12:00:00Z', '2026-03-10T12:00:00Z'),
      request('no', 'REJECTED', '2026-03-02T00:00:00Z', '2026-03-13T00:00:00Z'),
      request('late no', 'REJECTED', '2026-03-02T00:00:00Z', '2026-03-20T00:00:00Z'),
    ]),
    items: streamOf('workItem', [
      item('first', 10 * hour, '2026-03-05T00:00:00Z'),
      // Half past midnight of the eleventh there.
      item('second', 20 * hour, '2026-03-10T11:30:00Z'),
      item('third', 70 * hour, null),
      item('stray', 0, null),
      item('other', 0, null, 'project:2'),
    ]),
    times: streamOf('timeEntry', [
      worked('1', 'first', '2026-03-10', 10),
      worked('2', 'second', '2026-03-11', 20),
      worked('3', 'stray', '2026-03-15', 4),
      worked('4', 'stray', '2026-03-16', 1),
      worked('5', 'other', '2026-03-11', 3),
      worked('6', 'other', '2026-03-12', 2, 'email:bea@x.com'),
    ]),
  });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [{ id: 'tracker', connector: source, config: {}, secrets: {} }],
  });
  await hub.sync();
  const order = (signedOn: string, amount: string) => sql`
    insert into change_order (id, project_id, name, state, amount, currency, signed_on, created_at, created_by)
    select ${randomUUID()}::uuid, id, 'CO', 'EXECUTED', ${amount}::numeric, 'EUR', ${signedOn}::date, ${signedOn}::timestamptz, 'test' from project where name = 'Rollout'`;
  await order('2026-03-12', '500').execute(hub.database.rows);
  await order('2026-03-20', '700').execute(hub.database.rows);
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
  name: string;
  value: string | null;
  reason: string | null;
  inputs: { name: string; value: unknown }[];
}

async function figures(args: string, project = 'Rollout'): Promise<Map<string, Figure>> {
  const { projects } = await ask<{ projects: { nodes: { metrics: Figure[] }[] } }>(
    `{ projects(filter: { name: { eq: "${project}" } }) { nodes { metrics${args} { name value reason inputs { name value } } } } }`,
  );
  return new Map(projects.nodes[0]?.metrics.map((figure) => [figure.name, figure]));
}

const inputsOf = (figure: Figure | undefined): Record<string, unknown> =>
  Object.fromEntries(figure?.inputs.map(({ name, value }) => [name, value]) ?? []);

const middle = '(from: "2026-03-11", to: "2026-03-15")';

test('work counts by its own day, and what was earned by the day it has there', async () => {
  const found = await figures(middle);
  expect([...found.values()].filter(({ value }) => value !== null).map(({ name, value }) => [name, value])).toEqual([
    ['revenueAtRisk', '600'],
    ['costLeak', '360'],
    ['leakedTime', String(4 * hour)],
    ['unratedLeakage', '0'],
    ['clientWaitTime', '0'],
    ['clientWaitShare', '0'],
    ['clientWaitPrice', '0'],
    ['clientWaitCost', '0'],
    ['unratedClientWait', '0'],
    ['reworkTime', '0'],
    ['reworkShare', '0'],
    ['reworkPrice', '0'],
    ['reworkCost', '0'],
    ['unratedRework', '0'],
    ['costPerformanceIndex', '0.92592592592592592593'],
    ['schedulePerformanceIndex', '2'],
    ['scopeCreepIndexByHours', '0.04'],
    ['changeOrderRatio', '0.025'],
    ['changeOrderConversion', '0.5'],
    ['changeRequestCycleTime', '6'],
  ]);
  expect(inputsOf(found.get('costPerformanceIndex'))).toMatchObject({ earnedValue: '2000', actualCost: '2160' });
  // Three of thirty working days.
  expect(inputsOf(found.get('schedulePerformanceIndex'))).toMatchObject({ plannedValue: '1000' });
  expect(inputsOf(found.get('changeOrderConversion'))).toMatchObject({ accepted: 1, rejected: 1 });
  expect(found.get('margin')).toEqual({
    name: 'margin',
    value: null,
    reason: 'It is of the project as a whole, and not of its days from 2026-03-11 to 2026-03-15.',
    inputs: [],
  });
});

test('periods that follow each other are together what the whole is', async () => {
  const names = 'names: ["revenueAtRisk", "costLeak", "leakedTime", "costPerformanceIndex"]';
  const parts = await Promise.all(
    ['to: "2026-03-10"', 'from: "2026-03-11", to: "2026-03-15"', 'from: "2026-03-16"'].map((days) =>
      figures(`(${names}, ${days})`),
    ),
  );
  const whole = await figures(`(${names})`);
  const total = (name: string, of: (figure: Figure | undefined) => unknown): number =>
    parts.reduce((sum, part) => sum + Number(of(part.get(name))), 0);
  for (const name of ['revenueAtRisk', 'costLeak', 'leakedTime'])
    expect([name, total(name, (figure) => figure?.value)]).toEqual([name, Number(whole.get(name)?.value)]);
  for (const input of ['earnedValue', 'actualCost'])
    expect(total('costPerformanceIndex', (figure) => inputsOf(figure)[input])).toBe(
      Number(inputsOf(whole.get('costPerformanceIndex'))[input]),
    );
});

test('a portfolio has the same figures of a period, and names none of its projects as left out for it', async () => {
  const { portfolio } = await ask<{ portfolio: { projects: number; metrics: Figure[]; leftOut: unknown[] } }>(
    `{ portfolio(currency: "EUR", from: "2026-03-16") { projects leftOut { reason } metrics(names: ["revenueAtRisk", "margin"]) { value reason } } }`,
  );
  expect(portfolio).toEqual({
    projects: 1,
    leftOut: [{ reason: 'Nobody says what the client agreed to pay.' }],
    metrics: [
      { value: '150', reason: null },
      { value: null, reason: 'It is of the project as a whole, and not of its days from 2026-03-16.' },
    ],
  });
});

test('a period that ends before it begins is refused by name', async () => {
  const { data, errors } = await api.query(
    `{ projects { nodes { metrics(from: "2026-03-15", to: "2026-03-11") { name } } } }`,
  );
  expect(data).toBeNull();
  expect(errors?.[0]?.message).toBe('The period ends on 2026-03-11, before it begins on 2026-03-15.');
});

test('a day is over when it is over where the project is', async () => {
  const planned = async (at: string): Promise<unknown> => {
    clock.set(Temporal.Instant.from(at));
    return inputsOf((await figures('')).get('schedulePerformanceIndex'))['plannedValue'];
  };
  // One working day of thirty more, from midnight in Auckland on.
  expect(Number(await planned('2026-03-31T10:59:59Z'))).toBeCloseTo(7_333.33, 1);
  expect(Number(await planned('2026-03-31T11:00:00Z'))).toBeCloseTo(7_666.67, 1);
});

test('work without a cost rate leaves the price of the other work of its kind alone', async () => {
  const found = await figures('(names: ["revenueAtRisk", "costLeak", "unratedLeakage"])', 'Uncosted');
  expect([...found.values()].map(({ name, value }) => [name, value])).toEqual([
    ['revenueAtRisk', '850'],
    ['costLeak', '270'],
    ['unratedLeakage', String(2 * hour)],
  ]);
});
