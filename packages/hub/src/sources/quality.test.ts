import { manualClock, silentLogger } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let hub: Hub;
let api: Api;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const whole = {
    name: 'Rollout',
    code: 'RO',
    status: 'ACTIVE',
    start: '2026-01-05',
    end: '2026-06-30',
    currency: 'EUR',
    zone: 'Europe/Berlin',
    client: 'client:acme',
    manager: 'email:ada@x.com',
  };
  const pages = (...records: ReturnType<typeof rawRecord>[]) => [{ records }];
  const connector = memoryConnector('jira', {
    people: { kind: 'person', pages: pages(rawRecord('ada', ['email:ada@x.com'], { name: 'Ada', status: 'ACTIVE' })) },
    clients: { kind: 'client', pages: pages(rawRecord('acme', ['client:acme'], { name: 'Acme' })) },
    projects: {
      kind: 'project',
      pages: pages(
        rawRecord('1', ['project:1'], whole),
        // Its manager is a reference to somebody nobody has brought.
        rawRecord('2', ['project:2'], { ...whole, name: 'Second', zone: null, manager: 'email:gone@x.com' }),
      ),
    },
    items: {
      kind: 'workItem',
      pages: pages(
        rawRecord('1', ['item:1'], { title: 'Export', project: 'project:1' }),
        rawRecord('2', ['item:2'], { title: 'Import', project: 'project:2' }),
      ),
    },
    time: {
      kind: 'timeEntry',
      pages: pages(
        ...(['item:1', 'item:2', undefined] as const).map((workItem, index) =>
          rawRecord(String(index), [`time:${index}`], {
            person: 'email:ada@x.com',
            localDate: index === 2 ? '2026-03-02' : '2026-02-19',
            seconds: 3_600,
            ...(workItem ? { workItem } : {}),
          }),
        ),
      ),
    },
    deals: {
      kind: 'opportunity',
      pages: pages(
        rawRecord('1', ['deal:1'], {
          name: 'Portal',
          amount: { amount: '480000', currency: 'EUR' },
          pipeline: 'Sales',
          stage: 'Won',
          state: 'WON',
          closeDate: '2026-01-02',
          client: 'client:acme',
          owner: 'email:ada@x.com',
          projects: ['project:1', 'project:2'],
        }),
        rawRecord('2', ['deal:2'], {
          name: 'Archive',
          state: 'SCOPING',
          closeDate: '2026-03-01',
          client: 'client:acme',
        }),
      ),
    },
  });
  hub = await openHub({
    database: database.target,
    sources: [{ id: 'tracker', connector, config: {}, secrets: {} }],
    logger: silentLogger,
    clock,
  });
  await hub.sync();
  api = createApi(hub);
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

interface Quality {
  figure: { value: string | null };
  missing: string[];
  invalid: { field: string }[];
}

const fields = 'nodes { name quality { figure { value } missing invalid { field } } }';

async function qualities(): Promise<Record<string, [string | null, string[], string[]]>> {
  const { data, errors } = await api.query(`{ projects { ${fields} } opportunities { ${fields} } }`);
  expect(errors).toBeUndefined();
  const { projects, opportunities } = data as Record<string, { nodes: { name: string; quality: Quality }[] }>;
  return Object.fromEntries(
    [...(projects?.nodes ?? []), ...(opportunities?.nodes ?? [])].map(
      ({ name, quality: { figure, missing, invalid } }) => [
        name,
        [figure.value, missing, invalid.map(({ field }) => field)],
      ],
    ),
  );
}

test('quality says of projects and deals what is missing and what does not hold', async () => {
  expect(await qualities()).toEqual({
    Rollout: ['1', [], []],
    // 0.4 × 9/10 + 0.3 × 8/9 + 0.3
    Second: [expect.stringMatching(/^0\.92666666/), ['zone'], ['manager']],
    Portal: ['1', [], []],
    // 0.4 × 4/10 + 0.3 × 3/4 + 0.3
    Archive: ['0.685', ['amount', 'pipeline', 'stage', 'owner', 'probability', 'nextStep'], ['closeDate']],
  });
});

test('the quality of a portfolio is that of its projects’ fields taken together', async () => {
  const { data, errors } = await api.query(
    '{ portfolio(currency: "EUR") { quality { value inputs { name value } } } }',
  );
  expect(errors).toBeUndefined();
  // 19 of 20 given, 18 of those valid.
  expect((data as { portfolio: { quality: unknown } }).portfolio.quality).toEqual({
    value: expect.stringMatching(/^0\.96421052/) as string,
    inputs: [
      { name: 'complete', value: '0.95' },
      { name: 'valid', value: '0.94736842105263157895' },
      { name: 'fresh', value: '1' },
    ],
  });
});

test('the quality of a pipeline is that of the fields of its deals taken together', async () => {
  const period = 'to: "2026-12-31", currency: "EUR"';
  const { data, errors } = await api.query(
    `{ all: pipeline(from: "2026-01-01", ${period}) { quality { value staleSources inputs { name value } } }
       later: pipeline(from: "2026-02-01", ${period}) { quality { value } }
       none: pipeline(from: "2026-06-01", ${period}) { quality { value reason } } }`,
  );
  expect(errors).toBeUndefined();
  // 12 of 18 given, 11 of those valid; of the open one alone as above.
  expect(data).toEqual({
    all: {
      quality: {
        value: expect.stringMatching(/^0\.8416666/) as string,
        staleSources: [],
        inputs: [
          { name: 'complete', value: '0.66666666666666666667' },
          { name: 'valid', value: '0.91666666666666666667' },
          { name: 'fresh', value: '1' },
        ],
      },
    },
    later: { quality: { value: '0.685' } },
    none: { quality: { value: null, reason: expect.any(String) as string } },
  });
});

test('each group of a pipeline has the quality of its own deals, and all groups are read together', async () => {
  const asked = (by: string, more = '') =>
    `pipeline(from: "2026-01-01", to: "2026-12-31", currency: "EUR"${more}) { groups(by: ${by}) {
      key client { name } quality { records isLow figure { value } shortfalls { field problem count } } } }`;
  const groups = async (query: string): Promise<Record<string, unknown>[]> => {
    const { data, errors } = await api.query(`{ ${query} }`);
    expect(errors).toBeUndefined();
    return (data as { pipeline: { groups: Record<string, unknown>[] } }).pipeline.groups;
  };
  const byState = await groups(asked('STATE'));
  expect(Object.fromEntries(byState.map(({ key, quality }) => [key, quality]))).toEqual({
    WON: { records: 1, isLow: false, figure: { value: '1' }, shortfalls: [] },
    SCOPING: {
      records: 1,
      isLow: true,
      figure: { value: '0.685' },
      shortfalls: [
        { field: 'amount', problem: 'It is missing.', count: 1 },
        { field: 'closeDate', problem: 'It has passed, and the deal is open.', count: 1 },
        ...['nextStep', 'owner', 'pipeline', 'probability', 'stage'].map((field) => ({
          field,
          problem: 'It is missing.',
          count: 1,
        })),
      ],
    },
  });
  expect((await groups(asked('CLIENT'))).map(({ quality }) => (quality as { records: number }).records)).toEqual([2]);
  const statements = async (query: string): Promise<number> => {
    const spy = vi.spyOn(hub.database.reader.getExecutor(), 'executeQuery');
    await groups(query);
    const { length } = spy.mock.calls;
    spy.mockRestore();
    return length;
  };
  // The groups, their deals, what is known of those, and how fresh it is.
  expect(await statements(asked('STATE'))).toBe(4);
});

test('each group of leakage has the quality of the projects it was worked in, and all groups are read together', async () => {
  const asked = (by: string | null, more = '') =>
    `{ leakage(currency: "EUR"${by ? `, groupBy: ${by}` : ''}${more}) {
      key project { name } unlinkedTime quality { records isLow figure { value } shortfalls { field problem count } } } }`;
  interface Group {
    project: { name: string } | null;
    quality: { records: number } | null;
  }
  const groups = async (query: string): Promise<Group[]> => {
    const { data, errors } = await api.query(query);
    expect(errors).toBeUndefined();
    return (JSON.parse(JSON.stringify(data)) as { leakage: Group[] }).leakage;
  };
  const byProject = await groups(asked('PROJECT'));
  // 9 of 10 given, 8 of those valid: 0.36 + 0.2666… + 0.3.
  const low = [
    { field: 'manager', problem: 'It leads to nothing that is there.', count: 1 },
    { field: 'zone', problem: 'It is missing.', count: 1 },
  ];
  expect(new Map(byProject.map(({ project, quality }) => [project?.name, quality]))).toEqual(
    new Map<string | undefined, unknown>([
      ['Rollout', { records: 1, isLow: false, figure: { value: '1' }, shortfalls: [] }],
      ['Second', { records: 1, isLow: true, figure: { value: '0.92666666666666666667' }, shortfalls: low }],
      // What was worked in no project says nothing of any.
      [undefined, null],
    ]),
  );
  const records = async (query: string) => (await groups(query)).map(({ quality }) => quality?.records ?? null);
  for (const by of [null, 'PERSON', 'TEAM']) expect(await records(asked(by))).toEqual([2]);
  for (const by of ['MONTH', 'CURRENCY', 'CLIENT', 'MANAGER'])
    expect([by, (await records(asked(by))).toSorted()]).toEqual([by, by === 'MANAGER' ? [1, 1, null] : [2, null]]);
  expect(await records(asked(null, ', from: "2026-03-01"'))).toEqual([null]);
  expect((await records(asked('PROJECT', ', asOf: "2026-03-06T10:00:00Z"'))).toSorted()).toEqual([1, 1, null]);
  const spy = vi.spyOn(hub.database.reader.getExecutor(), 'executeQuery');
  await groups(asked('MONTH'));
  // The groups, the projects of their work, what is known of those, and how fresh it is.
  expect(spy.mock.calls.length).toBe(4);
  spy.mockRestore();
});

test('it falls as its source grows old', async () => {
  clock.advance(20 * 60_000);
  // 0.4 + 0.3 + 0.3 × 0.8333…
  expect((await qualities())['Rollout']?.[0]).toBe('0.95');
});

test('the quality of many is read by one statement a kind', async () => {
  const spy = vi.spyOn(hub.database.reader.getExecutor(), 'executeQuery');
  await qualities();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  // Two lists, two kinds, and how fresh the sources are.
  expect(length).toBe(5);
});
