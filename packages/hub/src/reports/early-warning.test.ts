import { manualClock, silentLogger } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, recordWith, streamOf } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;
const hour = 3_600;
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const people = ['Ada', 'Omar', 'Eve', 'Zed'];

/** Ten working days of three weeks before the present one, and the two of it. */
const days = ['02', '03', '04', '05', '06', '09', '10', '11', '12', '13', '16', '17', '18', '19', '20', '23', '24'];

function time(id: string, who: string, localDate: string, hours: number) {
  return rawRecord(id, [`time:${id}`], {
    person: `email:${who}@x.com`,
    localDate,
    seconds: hours * hour,
    workItem: 'item:0',
  });
}

function booking(id: string, who: string, hours: number, span: { type: string; from: string; to: string }) {
  return rawRecord(id, [`allocation:${id}`], {
    person: `email:${who}@x.com`,
    project: 'project:P',
    secondsPerDay: hours * hour,
    ...span,
  });
}

function request(id: string, state: string, since: string) {
  const fields = { title: id, state, project: 'project:P', submittedAt: '2026-01-05T00:00:00Z' };
  const history = [
    { field: 'state', at: '2026-01-05T00:00:00Z', value: 'CAPTURED' },
    { field: 'state', at: since, value: state },
  ];
  return recordWith(rawRecord(id, [`change:${id}`], fields), { history });
}

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const source = memoryConnector('jira', {
    people: streamOf(
      'person',
      people.map((name) =>
        rawRecord(name, [`email:${name}@x.com`], { name, team: name === 'Zed' ? 'Guests' : 'Core' }),
      ),
    ),
    capacities: streamOf(
      'capacity',
      [
        ['Ada', 8],
        ['Omar', 4],
        ['Eve', 8],
      ].map(([name, hours]) =>
        rawRecord(String(name), [`cap:${name}`], {
          person: `email:${name}@x.com`,
          secondsPerDay: Number(hours) * hour,
          calendar: 'Germany',
        }),
      ),
    ),
    rates: streamOf(
      'rate',
      people.map((name) =>
        rawRecord(name, [`rate:${name}`], {
          person: `email:${name}@x.com`,
          billRate: eur('150'),
          costRate: eur('100'),
        }),
      ),
    ),
    clients: streamOf('client', [rawRecord('1', ['client:1'], { name: 'Acme' })]),
    projects: streamOf(
      'project',
      ['P', 'Q', 'R'].map((name) =>
        rawRecord(name, [`project:${name}`], {
          name,
          status: 'ACTIVE',
          client: 'client:1',
          currency: 'EUR',
          start: '2026-01-01',
          end: '2026-12-31',
        }),
      ),
    ),
    budgets: streamOf('budget', [
      rawRecord('P', ['budget:P'], {
        project: 'project:P',
        contractValue: eur('160000'),
        plannedCost: eur('100000'),
        plannedSeconds: 3_600_000,
      }),
    ]),
    items: streamOf(
      'workItem',
      Array.from({ length: 10 }, (_, index) => ({
        ...rawRecord(String(index), [`item:${index}`], {}),
        payload: {
          keys: [`item:${index}`],
          fields: {
            project: 'project:P',
            estimate: (index === 9 ? 30 : 10) * hour,
            statusCategory: index < 5 ? 'DONE' : 'DOING',
            doneAt: index < 4 ? '2026-02-20T10:00:00Z' : index === 4 ? '2026-03-10T10:00:00Z' : null,
          },
          customFields: { commitment: 'D1' },
        },
      })),
    ),
    changes: streamOf('changeRequest', [
      request('export', 'QUOTED', '2026-03-01T00:00:00Z'),
      request('import', 'COMMERCIAL_REVIEW', '2026-03-05T00:00:00Z'),
      request('report', 'QUOTED', '2026-03-20T00:00:00Z'),
      request('colours', 'APPROVED', '2026-02-01T00:00:00Z'),
    ]),
    times: streamOf('timeEntry', [
      time('before', 'Zed', '2026-02-27', 300),
      ...days.flatMap((day) => [
        time(`eve ${day}`, 'Eve', `2026-03-${day}`, 9),
        time(`omar ${day}`, 'Omar', `2026-03-${day}`, 4.6),
      ]),
      // Two weeks in a row are not three.
      time('ada 1', 'Ada', '2026-03-09', 50),
      time('ada 2', 'Ada', '2026-03-16', 50),
    ]),
    allocations: streamOf('allocation', [
      booking('1', 'Ada', 8, { type: 'HARD', from: '2026-03-23', to: '2026-04-10' }),
      booking('2', 'Ada', 2, { type: 'HARD', from: '2026-03-30', to: '2026-04-05' }),
      booking('3', 'Omar', 4, { type: 'HARD', from: '2026-01-01', to: '2026-12-31' }),
      booking('4', 'Omar', 1, { type: 'SOFT', from: '2026-04-07', to: '2026-04-12' }),
      booking('5', 'Eve', 12, { type: 'HARD', from: '2026-03-25', to: '2026-03-27' }),
      booking('6', 'Zed', 24, { type: 'HARD', from: '2026-03-23', to: '2026-04-10' }),
      // Beyond what is looked at, and gone by.
      booking('7', 'Eve', 24, { type: 'HARD', from: '2026-05-18', to: '2026-05-22' }),
      booking('8', 'Eve', 24, { type: 'HARD', from: '2026-03-16', to: '2026-03-20' }),
    ]),
  });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock: manualClock('2026-03-25T09:00:00Z'),
    calendars: { Germany: { holidays: ['2026-04-03', '2026-04-06'] } },
    warnings: { costTrend: { periods: 2 } },
    sources: [{ id: 'tracker', connector: source, config: {}, secrets: {} }],
  });
  await hub.sync();
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

interface Warning {
  code: string;
  person: { name: string } | null;
  project: { name: string } | null;
  message: string;
  value: string | null;
  threshold: string;
  from: string | null;
  to: string | null;
  causes: { __typename: string }[];
}

const fields = `code person { name } project { name } message value threshold from to causes(first: 100) { __typename }`;
const told = ({ code, person, project, value, threshold, from, to }: Warning): string =>
  `${code} ${person?.name ?? project?.name} ${value} past ${threshold}, ${from} to ${to}`;

test('people are warned of by their own calendar: full weeks, holidays, part time, and unknown capacity not at all', async () => {
  const { peopleWarnings } = await ask<{ peopleWarnings: Warning[] }>(`{ peopleWarnings { ${fields} } }`);
  expect(peopleWarnings.map(told)).toEqual([
    // Four days of ten hours, since Friday is a holiday: 40 of 32.
    'OVER_ALLOCATION Ada 1.25 past 1, 2026-03-30 to 2026-04-05',
    // Four days of five hours of which four can be worked, since Monday is a holiday.
    'SOFT_DEMAND Omar 1.25 past 1, 2026-04-06 to 2026-04-12',
    ...['Omar', 'Eve']
      .map((name) => `OVERLOAD ${name} ${name === 'Eve' ? '1.125' : '1.15'} past 1.1, 2026-03-02 to 2026-03-22`)
      .toSorted(byOrderOf(peopleWarnings.map(told))),
  ]);
  const [over, soft] = peopleWarnings;
  expect(over?.message).toBe('Promised for 40 of 32 hours in the week of 2026-03-30, 125 %.');
  expect(over?.causes).toEqual([{ __typename: 'Allocation' }, { __typename: 'Allocation' }]);
  expect(soft?.message).toBe('Wanted for 20 of 16 hours in the week of 2026-04-06, 125 %.');
  const eve = peopleWarnings.find(({ person }) => person?.name === 'Eve');
  expect(eve?.causes).toHaveLength(15);
  expect(eve?.causes[0]).toEqual({ __typename: 'TimeEntry' });
});

test('a person, a team and chosen codes give their part of them', async () => {
  const data = await ask<{ people: { nodes: { name: string; warnings: Warning[] }[] }; guests: []; soft: Warning[] }>(`{
    people(first: 10) { nodes { name warnings { ${fields} } } }
    guests: peopleWarnings(team: "Guests") { code }
    soft: peopleWarnings(team: "Core", codes: [SOFT_DEMAND]) { ${fields} }
  }`);
  expect(Object.fromEntries(data.people.nodes.map(({ name, warnings }) => [name, warnings.length]))).toEqual({
    Ada: 1,
    Omar: 2,
    Eve: 1,
    Zed: 0,
  });
  expect(data.guests).toEqual([]);
  expect(data.soft).toHaveLength(1);
});

test('a project is warned of while its figures fall and decisions are waited for', async () => {
  const { projects } = await ask<{ projects: { nodes: { name: string; warnings: Warning[] }[] } }>(
    `{ projects(first: 10) { nodes { name warnings(codes: [COST_PERFORMANCE, COST_TREND, DECISION_WAIT, RUNWAY]) { ${fields} metric { inputs { name value } } } } } }`,
  );
  const of = (name: string) => projects.nodes.find((node) => node.name === name)?.warnings ?? [];
  // 50 of 120 hours are done, 41,666.67 of 100,000, for 631.2 hours at 100.
  expect(of('P').map(told)).toEqual([
    expect.stringMatching(/^COST_PERFORMANCE P 0\.66011829\d+ past 0\.9, null to null$/),
    'COST_TREND P 2 past 2, 2026-03-11 to 2026-03-25',
    'DECISION_WAIT P 24.375 past 14, null to null',
  ]);
  const [, trend, wait] = of('P') as (Warning & { metric: { inputs: { name: string; value: unknown }[] } })[];
  expect(trend?.metric.inputs[0]?.value).toEqual([
    { day: '2026-03-11', costPerformanceIndex: expect.stringMatching(/^0\.9/) },
    { day: '2026-03-18', costPerformanceIndex: expect.stringMatching(/^0\.7/) },
    { day: '2026-03-25', costPerformanceIndex: expect.stringMatching(/^0\.6/) },
  ]);
  expect(wait?.message).toBe('2 change requests wait for a decision, for up to 24 days.');
  expect(wait?.causes).toEqual([{ __typename: 'ChangeRequest' }, { __typename: 'ChangeRequest' }]);
  expect(of('Q')).toEqual([]);
});

async function statementsOf(query: string): Promise<number> {
  const spy = vi.spyOn(hub.database.reader.getExecutor(), 'executeQuery');
  await ask(query);
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

test('warnings take the same few statements, however many they are of', async () => {
  const lists = (first: number) =>
    statementsOf(
      `{ projects(first: ${first}) { nodes { metrics { value } warnings { code } } } people(first: ${first}) { nodes { warnings { code } } } }`,
    );
  const few = await lists(1);
  expect(await lists(10)).toBe(few);
  expect(few).toBeLessThanOrEqual(13);
});

test('a portfolio has the warnings of its projects, and of the people who work in them', async () => {
  const query = `{ portfolio(currency: "EUR") { projects warnings { code person { name } project { name } } } }`;
  const { portfolio } = await ask<{ portfolio: { warnings: Warning[] } }>(query);
  expect(portfolio.warnings.map(({ code, person, project }) => `${code} ${person?.name ?? project?.name}`)).toEqual(
    expect.arrayContaining(['COST_TREND P', 'DECISION_WAIT P', 'OVER_ALLOCATION Ada', 'OVERLOAD Eve', 'OVERLOAD Omar']),
  );
  expect(await statementsOf(query)).toBeLessThanOrEqual(16);
});

test('as of now everything is as it is now', async () => {
  const now = 'asOf: "2026-03-25T09:00:00Z"';
  const query = (args: string) => `{
    peopleWarnings${args && `(${args})`} { code value from causes(first: 100) { id } }
    projects(first: 10) { nodes { warnings${args && `(${args})`} { code value } } }
    bookings(from: "2026-03-23", to: "2026-05-31", groupBy: PERSON ${args}) { confirmed capacity ratio { value } }
  }`;
  expect(await ask(query(now))).toEqual(await ask(query('')));
});

test('a wrong limit is named when the hub starts', async () => {
  const start = openHub({
    database: database.target,
    logger: silentLogger,
    warnings: { burnGap: 'a lot' },
    sources: [],
  });
  await expect(start).rejects.toThrow('warnings.burnGap: wants a ratio as text, such as "0.9".');
});

/** Warnings of one code stand in the order of ids, which nobody chooses. */
function byOrderOf(order: readonly string[]) {
  return (a: string, b: string): number => order.indexOf(a) - order.indexOf(b);
}
