import { manualClock, silentLogger } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, streamOf } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;
const hour = 3_600;
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const codes = ['ITEMS', 'HUNDRED', 'WEIGHTS', 'AMOUNTS', 'EMPTY'];

function record(
  id: string,
  key: string,
  more: { fields: Record<string, unknown>; customFields: Record<string, string> },
) {
  return { ...rawRecord(id, [key], {}), payload: { keys: [key], ...more } };
}

/** Of 40 hours 16 are done, by two items of four; of the milestones one of two, 30 % of the money, a quarter of the weight. */
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const of = (code: string) => ({ project: `project:${code}` });
  const filled = codes.filter((code) => code !== 'EMPTY');
  const source = memoryConnector('jira', {
    clients: streamOf('client', [rawRecord('1', ['client:1'], { name: 'Acme' })]),
    people: streamOf('person', [rawRecord('ada', ['email:ada@x.com'], { name: 'Ada' })]),
    rates: streamOf('rate', [rawRecord('1', ['rate:1'], { person: 'email:ada@x.com', costRate: eur('100') })]),
    projects: streamOf(
      'project',
      codes.map((code) =>
        rawRecord(code, [`project:${code}`], {
          name: code,
          code,
          client: 'client:1',
          currency: 'EUR',
          start: '2026-03-02',
          end: '2026-03-27',
        }),
      ),
    ),
    budgets: streamOf(
      'budget',
      codes.map((code) =>
        rawRecord(code, [`budget:${code}`], {
          ...of(code),
          contractValue: eur('200000'),
          plannedCost: eur('100000'),
          plannedSeconds: 40 * hour,
        }),
      ),
    ),
    items: streamOf(
      'workItem',
      filled.flatMap((code) =>
        [4, 12, 14, 10].map((hours, index) =>
          record(`${code} ${index}`, `item:${code}${index}`, {
            fields: { ...of(code), estimate: hours * hour, statusCategory: index < 2 ? 'DONE' : 'DOING' },
            customFields: { commitment: 'D1' },
          }),
        ),
      ),
    ),
    milestones: streamOf(
      'milestone',
      filled.flatMap((code) => [
        record(`${code} 1`, `milestone:${code}1`, {
          fields: { ...of(code), status: 'ACHIEVED', achievedOn: '2026-03-10', amount: eur('60000') },
          customFields: { weight: '1' },
        }),
        record(`${code} 2`, `milestone:${code}2`, {
          fields: { ...of(code), status: 'PLANNED', amount: eur('140000') },
          customFields: { weight: '3' },
        }),
      ]),
    ),
    times: streamOf(
      'timeEntry',
      filled.map((code) =>
        rawRecord(code, [`time:${code}`], {
          person: 'email:ada@x.com',
          workItem: `item:${code}0`,
          localDate: '2026-03-05',
          seconds: 450 * hour,
        }),
      ),
    ),
  });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock: manualClock('2026-03-13T09:00:00Z'),
    calendars: { Office: { holidays: ['2026-03-06', '2026-03-25'] } },
    earnedValue: {
      projects: { HUNDRED: 'ZERO_HUNDRED', WEIGHTS: 'MILESTONE_WEIGHTS', AMOUNTS: 'ZERO_HUNDRED' },
      calendar: 'Office',
    },
    sources: [{ id: 'tracker', connector: source, config: {}, secrets: {} }],
  });
  await hub.sync();
  api = createApi(hub);
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const { data, errors } = await api.query(query, variables);
  expect(errors).toBeUndefined();
  return data as Data;
}

interface Project {
  id: string;
  code: string;
  metrics: { value: string | null; inputs: { name: string; value: unknown }[] }[];
}

async function projects(): Promise<Map<string, Project>> {
  const { projects: found } = await ask<{ projects: { nodes: Project[] } }>(
    `{ projects(first: 10) { nodes { id code metrics(names: ["costPerformanceIndex", "schedulePerformanceIndex", "burnGap"]) { value inputs { name value } } } } }`,
  );
  return new Map(found.nodes.map((node) => [node.code, node]));
}

function inputOf(project: Project | undefined, metric: number, name: string): unknown {
  return project?.metrics[metric]?.inputs.find((input) => input.name === name)?.value;
}

test('earned value is counted as each project chooses, and the figure names how', async () => {
  const found = await projects();
  const earned = (code: string) => [
    inputOf(found.get(code), 0, 'method'),
    inputOf(found.get(code), 0, 'earnedValue'),
    found.get(code)?.metrics[0]?.value,
  ];
  expect(earned('ITEMS')).toEqual(['WEIGHTED_ITEMS', '40000', '0.88888888888888888889']);
  expect(earned('HUNDRED')).toEqual(['ZERO_HUNDRED', '50000', '1.1111111111111111111']);
  expect(earned('WEIGHTS')).toEqual(['MILESTONE_WEIGHTS', '25000', '0.55555555555555555556']);
  expect(earned('EMPTY')).toEqual(['WEIGHTED_ITEMS', null, null]);
});

test('what was to be done by now grows over the days of the calendar', async () => {
  const found = await projects();
  // Of eighteen working days, two holidays among twenty, nine are over.
  expect(inputOf(found.get('ITEMS'), 1, 'plannedValue')).toBe('50000');
  expect(found.get('ITEMS')?.metrics.map(({ value }) => value)).toEqual(['0.88888888888888888889', '0.8', '0.05']);
});

const accept = `mutation ($project: ID!, $values: [PlannedValueInput!]) {
  acceptBaseline(project: $project, plannedValues: $values, earnedValueMethod: MILESTONE_AMOUNTS, evidence: { decidedBy: "Client", reference: "mail" }) {
    ... on InputError { argument message }
    ... on AcceptBaselineSuccess { data { earnedValueMethod plannedValues { on value } } }
  }
}`;

test('a baseline brings its own curve and method, which stand above the configuration', async () => {
  const project = (await projects()).get('AMOUNTS')?.id;
  const refused = async (values: { on: string; value: string }[]): Promise<string> => {
    const { acceptBaseline } = await ask<{ acceptBaseline: { argument: string; message: string } }>(accept, {
      project,
      values,
    });
    return `${acceptBaseline.argument}: ${acceptBaseline.message}`;
  };
  const end = { on: '2026-03-27', value: '100000' };
  expect(await refused([end, { on: '2026-03-20', value: '100000' }])).toBe(
    'plannedValues: 2026-03-20 does not come after 2026-03-27.',
  );
  expect(await refused([{ on: '2026-03-13', value: '100001' }, end])).toBe(
    'plannedValues: The value falls on 2026-03-27.',
  );
  expect(await refused([{ on: '2026-03-27', value: '90000' }])).toBe(
    'plannedValues: The last value is 90000, the planned cost 100000.',
  );
  const values = [{ on: '2026-03-09', value: '10000' }, { on: '2026-03-17', value: '70000' }, end];
  const { acceptBaseline } = await ask<{ acceptBaseline: unknown }>(accept, { project, values });
  expect(acceptBaseline).toEqual({ data: { earnedValueMethod: 'MILESTONE_AMOUNTS', plannedValues: values } });
  const found = (await projects()).get('AMOUNTS');
  expect([inputOf(found, 0, 'method'), inputOf(found, 0, 'earnedValue')]).toEqual(['MILESTONE_AMOUNTS', '30000']);
  // Four of the six working days from the 9th to the 17th are over.
  expect(inputOf(found, 1, 'plannedValue')).toBe('50000');
});

test('a wrong setting is named when the hub starts', async () => {
  const start = (earnedValue: object) =>
    openHub({ database: database.target, logger: silentLogger, earnedValue, sources: [] });
  await expect(start({ method: 'FEELING' })).rejects.toThrow('earnedValue.method: wants one of WEIGHTED_ITEMS');
  await expect(start({ calendar: 'Mars' })).rejects.toThrow('earnedValue.calendar: there is no calendar "Mars"');
});
