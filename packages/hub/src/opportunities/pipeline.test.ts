import { manualClock, silentLogger } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, recordWith } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const usd = (amount: string) => ({ amount, currency: 'USD' });

function deal(name: string, fields: Record<string, unknown>, past: Record<string, [string, string | null][]> = {}) {
  const record = rawRecord(name, [`deal:${name}`], { name, pipeline: 'Sales', owner: 'person:ada', ...fields });
  const history = Object.entries(past).flatMap(([field, values]) =>
    values.map(([at, value]) => ({ field, at, value })),
  );
  return recordWith(record, { history });
}

/** A deal that came into the stage on the first of the two days and left it on the second. */
const passed = (name: string, since: string, until: string) =>
  deal(
    name,
    { state: 'LOST', stage: 'Lost', closeDate: '2025-12-01' },
    {
      stage: [
        [`${since}T00:00:00Z`, 'Offer'],
        [`${until}T00:00:00Z`, 'Lost'],
      ],
    },
  );

const rate = (base: string, quote: string, validOn: string, value: string) =>
  rawRecord(`${base}${quote}${validOn}`, [`rate:${base}${quote}${validOn}`], { base, quote, validOn, rate: value });

const deals = [
  deal('oracle 1', {
    state: 'QUALIFYING',
    stage: 'Lead',
    amount: usd('100000'),
    probability: '0.2',
    closeDate: '2026-07-01',
  }),
  deal('oracle 2', {
    state: 'PROPOSED',
    stage: 'Offer',
    amount: usd('200000'),
    probability: '0.5',
    closeDate: '2026-07-01',
  }),
  deal('oracle 3', {
    state: 'NEGOTIATING',
    stage: 'Contract',
    amount: usd('50000'),
    probability: '0.9',
    closeDate: '2026-07-01',
  }),
  deal('open in euros', {
    state: 'PROPOSED',
    stage: 'Offer',
    amount: eur('10000'),
    probability: '0.5',
    closeDate: '2026-08-01',
    owner: 'person:bob',
  }),
  deal('open in pounds', {
    state: 'PROPOSED',
    stage: 'Offer',
    amount: { amount: '800', currency: 'GBP' },
    closeDate: '2026-08-01',
    owner: 'person:bob',
  }),
  deal('open in francs', {
    state: 'PROPOSED',
    stage: 'Offer',
    amount: { amount: '9000', currency: 'CHF' },
    probability: '0.5',
    closeDate: '2026-08-01',
    owner: 'person:cleo',
    client: 'company:9',
  }),
  deal('open without an amount', {
    state: 'QUALIFYING',
    stage: 'Lead',
    probability: '0.2',
    closeDate: '2026-08-01',
    pipeline: 'Renewals',
  }),
  deal('next year', {
    state: 'QUALIFYING',
    stage: 'Lead',
    amount: usd('1'),
    probability: '0.2',
    closeDate: '2027-01-01',
  }),
  deal('won in euros', {
    state: 'WON',
    stage: 'Won',
    amount: eur('10000'),
    closeDate: '2026-03-10',
    owner: 'person:bob',
  }),
  deal('won in francs', {
    state: 'WON',
    stage: 'Won',
    amount: { amount: '500', currency: 'CHF' },
    closeDate: '2026-03-10',
    owner: 'person:cleo',
  }),
  deal('lost 1', { state: 'LOST', stage: 'Lost', amount: usd('5'), closeDate: '2026-01-01' }),
  deal('lost 2', { state: 'LOST', stage: 'Lost', amount: usd('5'), closeDate: '2026-12-31' }),
  deal('undecided', { state: 'NO_DECISION', stage: 'Lost', amount: usd('5'), closeDate: '2026-03-10' }),
  deal(
    'slipped',
    { state: 'PROPOSED', stage: 'Offer', closeDate: '2025-06-30', stageEnteredAt: '2026-05-11T12:00:00Z' },
    {
      closeDate: [
        ['2025-01-01T00:00:00Z', '2025-03-31'],
        ['2025-02-01T00:00:00Z', '2025-04-30'],
        ['2025-03-01T00:00:00Z', '2025-04-15'],
        ['2025-04-01T00:00:00Z', '2025-06-30'],
      ],
      stage: [
        ['2025-01-01T00:00:00Z', 'Lead'],
        ['2026-05-11T12:00:00Z', 'Offer'],
      ],
    },
  ),
  passed('a week', '2025-01-01', '2025-01-08'),
  passed('two weeks', '2025-01-01', '2025-01-15'),
  passed('three weeks', '2025-01-01', '2025-01-22'),
];

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const people = ['ada', 'bob', 'cleo'].map((name) => rawRecord(name, [`person:${name}`], { name }));
  const quota = (id: string, fields: Record<string, unknown>) => rawRecord(id, [`quota:${id}`], fields);
  const crm = memoryConnector('hubspot', {
    people: { kind: 'person', pages: [{ records: people }] },
    companies: { kind: 'client', pages: [{ records: [rawRecord('9', ['company:9'], { name: 'Acme' })] }] },
    deals: { kind: 'opportunity', pages: [{ records: deals }] },
  });
  const sheet = memoryConnector('google-sheets', {
    rates: {
      kind: 'exchangeRate',
      pages: [
        {
          records: [
            rate('EUR', 'USD', '2026-02-01', '1.08'),
            rate('EUR', 'USD', '2026-06-01', '1.10'),
            rate('EUR', 'USD', '2026-06-16', '9.99'),
            rate('USD', 'GBP', '2026-01-01', '0.8'),
            rate('CHF', 'USD', '2026-06-16', '1.2'),
          ],
        },
      ],
    },
    quotas: {
      kind: 'quota',
      pages: [
        {
          records: [
            quota('1', {
              owner: 'person:ada',
              periodStart: '2026-01-01',
              periodEnd: '2026-12-31',
              amount: usd('140000'),
            }),
            quota('2', {
              owner: 'person:bob',
              periodStart: '2026-02-01',
              periodEnd: '2026-06-30',
              amount: eur('20000'),
            }),
            quota('3', {
              owner: 'person:bob',
              periodStart: '2026-07-01',
              periodEnd: '2027-06-30',
              amount: eur('77777'),
            }),
            quota('4', {
              owner: 'person:cleo',
              periodStart: '2026-01-01',
              periodEnd: '2026-12-31',
              amount: { amount: '1000', currency: 'CHF' },
            }),
          ],
        },
      ],
    },
  });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock: manualClock('2026-06-15T12:00:00Z'),
    sources: [
      { id: 'crm', connector: crm, config: {}, secrets: {} },
      { id: 'sheet', connector: sheet, config: {}, secrets: {} },
    ],
  });
  await hub.sync();
  api = createApi(hub);
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

interface Answer {
  data: Record<string, unknown>;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
}

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  const response = await api.fetch(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    }),
  );
  return (await response.json()) as Answer;
}

interface Shown {
  value: string | null;
  reason: string | null;
  currency: string | null;
  inputs: { name: string; value: unknown }[];
}

const input = (metric: Shown, name: string) => metric.inputs.find((each) => each.name === name)?.value;

async function pipeline(filter: Record<string, unknown> = {}, period = { from: '2026-01-01', to: '2026-12-31' }) {
  const shown = '{ value reason currency inputs { name value } }';
  const { data, errors } = await ask(
    `query ($from: LocalDate!, $to: LocalDate!, $filter: PipelineFilter) {
      pipeline(from: $from, to: $to, currency: "USD", filter: $filter) {
        winRate ${shown} openPipeline ${shown} weightedPipeline ${shown} coverage ${shown} remainingCoverage ${shown} } }`,
    { ...period, filter },
  );
  expect(errors).toBeUndefined();
  return data['pipeline'] as Record<
    'winRate' | 'openPipeline' | 'weightedPipeline' | 'coverage' | 'remainingCoverage',
    Shown
  >;
}

async function idOf(list: string, name: string): Promise<string> {
  const { data } = await ask(`query ($name: String!) { ${list}(filter: { name: { eq: $name } }) { nodes { id } } }`, {
    name,
  });
  return (data[list] as { nodes: { id: string }[] }).nodes[0]?.id ?? '';
}

test('the win rate is of deals won or lost, and says how many they are', async () => {
  const { winRate } = await pipeline();
  expect(winRate.value).toBe('0.5');
  expect(winRate.inputs).toEqual([
    { name: 'won', value: 2 },
    { name: 'lost', value: 2 },
    { name: 'noDecision', value: 1 },
    { name: 'open', value: 7 },
  ]);
});

test('open deals convert at the rate of today, by the inverse where there is only that, and never without one', async () => {
  const { openPipeline } = await pipeline();
  expect(openPipeline.value).toBe('362000');
  expect(openPipeline.currency).toBe('USD');
  expect(input(openPipeline, 'unconverted')).toEqual([{ of: 'OPEN', amount: '9000', currency: 'CHF' }]);
});

test('a weighted deal without a probability takes the one its stage usually has', async () => {
  const { weightedPipeline } = await pipeline();
  expect(weightedPipeline.value).toBe('171000');
  const sums = input(weightedPipeline, 'deals') as { probability: string | null; stageProbability: string | null }[];
  expect(sums.filter(({ probability }) => probability === null)).toMatchObject([{ count: 1, stageProbability: '0.5' }]);
});

test('what was won converts at the rate of its close date, and a quota at that of its first day', async () => {
  const { coverage, remainingCoverage } = await pipeline({ owner: await idOf('people', 'bob') });
  expect(input(coverage, 'openAmount')).toBe('12000');
  expect(input(coverage, 'quota')).toBe('21600');
  expect(coverage.value).toBe('0.55555555555555555556');
  expect(input(remainingCoverage, 'wonAmount')).toBe('10800');
  expect(remainingCoverage.value).toBe('1.1111111111111111111');
});

test('amounts without a rate are listed with every figure they would have changed', async () => {
  const { remainingCoverage } = await pipeline();
  expect(input(remainingCoverage, 'quota')).toBe('161600');
  expect(input(remainingCoverage, 'unconverted')).toEqual([
    { of: 'OPEN', amount: '9000', currency: 'CHF' },
    { of: 'QUOTA', amount: '1000', currency: 'CHF' },
    { of: 'WON', amount: '500', currency: 'CHF' },
  ]);
  const cleo = await pipeline({ owner: await idOf('people', 'cleo') });
  expect(cleo.openPipeline).toMatchObject({ value: null, reason: expect.stringContaining('no exchange rate') });
});

test('a pipeline can be that of a client or of one name, and is then compared with no quota', async () => {
  const ofClient = await pipeline({ client: await idOf('clients', 'Acme') });
  expect(input(ofClient.winRate, 'open')).toBe(1);
  expect(ofClient.coverage.value).toBe(null);
  const renewals = await pipeline({ pipeline: 'Renewals' });
  expect(renewals.openPipeline).toMatchObject({ value: null, reason: 'None of the deals has an amount.' });
  expect(renewals.coverage.value).toBe(null);
});

test('a period in which nothing happened has no win rate and an empty pipeline', async () => {
  const nothing = await pipeline({}, { from: '2030-01-01', to: '2030-12-31' });
  expect(nothing.winRate).toMatchObject({ value: null, reason: 'The number of deals won or lost is 0.' });
  expect(nothing.openPipeline).toMatchObject({ value: '0', reason: null });
  expect(nothing.coverage).toMatchObject({ value: null, reason: 'There is no quota to compare with.' });
});

test('a wrong period, currency or seller is refused by its argument', async () => {
  const refused = async (arguments_: string) => {
    const { errors } = await ask(`{ pipeline(${arguments_}) { from } }`);
    return errors?.[0]?.extensions?.['argument'];
  };
  expect(await refused('from: "2026-02-01", to: "2026-01-01", currency: "USD"')).toBe('to');
  expect(await refused('from: "2026-01-01", to: "2026-02-01", currency: "dollars"')).toBe('currency');
  const client = await idOf('clients', 'Acme');
  const wrong = `from: "2026-01-01", to: "2026-02-01", currency: "USD", filter: { owner: "${client}" }`;
  expect(await refused(wrong)).toBe('filter.owner');
});

const figures = `slippage { changes { value } pushes { value } pulls { value } netDays { value unit } }
  stageAge { name value reason unit formula inputs { name meaning value } }`;

test('a deal tells how its close date moved and how long it has been in its stage', async () => {
  const { data } = await ask(`{ opportunities(filter: { name: { eq: "slipped" } }) { nodes { ${figures} } } }`);
  const [slipped] = (data['opportunities'] as { nodes: Record<string, unknown>[] }).nodes;
  expect(slipped?.['slippage']).toEqual({
    changes: { value: '3' },
    pushes: { value: '2' },
    pulls: { value: '1' },
    netDays: { value: '91', unit: 'DAYS' },
  });
  expect(slipped?.['stageAge']).toMatchObject({
    name: 'stageAgeing',
    value: '2.5',
    unit: 'RATIO',
    inputs: [
      { name: 'secondsInStage', value: 35 * 86_400 },
      { name: 'medianSeconds', value: 14 * 86_400 },
      { name: 'stays', value: 3, meaning: 'How many stays that median is of.' },
    ],
  });
});

test('a deal whose source keeps no history has moved as often as the hub has seen', async () => {
  const { data } = await ask(`{ opportunities(filter: { name: { eq: "oracle 1" } }) { nodes { ${figures} } } }`);
  expect((data['opportunities'] as { nodes: unknown[] }).nodes).toMatchObject([
    {
      slippage: { changes: { value: '0' }, netDays: { value: '0' } },
      stageAge: { value: null, reason: expect.stringMatching(/\.$/) },
    },
  ]);
});

test('the figures of a list take the same statements whatever its length', async () => {
  const statements = async (first: number): Promise<number> => {
    const spy = vi.spyOn(hub.database.reader.getExecutor(), 'executeQuery');
    const { errors } = await ask(`{ opportunities(first: ${first}) { nodes { ${figures} } } }`);
    expect(errors).toBeUndefined();
    const { length } = spy.mock.calls;
    spy.mockRestore();
    return length;
  };
  const few = await statements(2);
  expect(await statements(17)).toBe(few);
  expect(few).toBeLessThanOrEqual(3);
});

test('deals are counted by seller, client, stage and month, and each way comes to the same', async () => {
  const groups = async (by: string) => {
    const { data, errors } = await api.query(
      `{ pipeline(from: "2026-01-01", to: "2026-12-31", currency: "USD") { groups(by: ${by}) {
        key seller { name } client { name } open won lost openAmount { amount } wonAmount { amount } unpriced } } }`,
    );
    expect(errors).toBeUndefined();
    return (data as { pipeline: { groups: Group[] } }).pipeline.groups;
  };
  const totals = await Promise.all(
    ['SELLER', 'CLIENT', 'STAGE', 'STATE', 'PIPELINE', 'MONTH'].map(async (by) => {
      const found = await groups(by);
      const sum = (of: (group: Group) => number) => found.reduce((total, group) => total + of(group), 0);
      return [
        sum(({ open }) => open),
        sum(({ won }) => won),
        sum(({ lost }) => lost),
        sum(({ unpriced }) => unpriced),
        sum(({ openAmount }) => Number(openAmount.amount)).toFixed(2),
        sum(({ wonAmount }) => Number(wonAmount.amount)).toFixed(2),
      ].join(' ');
    }),
  );
  expect(new Set(totals).size).toBe(1);
  const months = await groups('MONTH');
  // Three deals of the textbook, in dollars already.
  expect(months.find(({ key }) => key === '2026-07-01')).toMatchObject({ open: 3, openAmount: { amount: '350000' } });
  expect(months.find(({ key }) => key === '2026-03-01')?.wonAmount).toEqual({ amount: '10800' });
});

interface Group {
  key: string | null;
  open: number;
  won: number;
  lost: number;
  unpriced: number;
  openAmount: { amount: string };
  wonAmount: { amount: string };
}
