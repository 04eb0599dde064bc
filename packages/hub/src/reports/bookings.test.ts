import { manualClock, silentLogger } from '@plumbline/connector';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, streamOf } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;
const hour = 3_600;
const names = ['Ada', 'Omar', 'Eve', 'Lin', 'Max'];

interface Booking {
  who: string;
  project: string;
  type: 'HARD' | 'SOFT';
  from: string;
  to: string;
}

/** Seven weeks of five people are 1,400 hours: 1,200 are promised, 400 wanted at one in two, 600 at one in four. */
const bookings: Booking[] = [
  ...names.flatMap((who): Booking[] => [
    { who, project: 'won', type: 'HARD', from: '2026-03-02', to: '2026-04-10' },
    { who, project: 'half', type: 'SOFT', from: '2026-03-02', to: '2026-03-15' },
    { who, project: 'quarter', type: 'SOFT', from: '2026-03-16', to: '2026-04-05' },
  ]),
  { who: 'Ada', project: 'unsold', type: 'SOFT', from: '2026-05-02', to: '2026-05-05' },
];

const deals: [string, string, string | null][] = [
  ['won', 'WON', '0.1'],
  ['half', 'SCOPING', '0.5'],
  ['quarter', 'PROPOSED', '0.25'],
];

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const source = memoryConnector('google-sheets', {
    people: streamOf(
      'person',
      names.map((name, index) =>
        rawRecord(name, [`email:${name}@x.com`], { name, team: index < 2 ? 'Platform' : 'Design' }),
      ),
    ),
    capacities: streamOf(
      'capacity',
      names.map((name) => rawRecord(name, [`cap:${name}`], { person: `email:${name}@x.com`, secondsPerDay: 8 * hour })),
    ),
    projects: streamOf(
      'project',
      [...deals.map(([name]) => name), 'unsold'].map((name) => rawRecord(name, [`project:${name}`], { name })),
    ),
    deals: streamOf(
      'opportunity',
      deals.map(([name, state, probability]) =>
        rawRecord(name, [`deal:${name}`], { state, stage: state, probability, projects: [`project:${name}`] }),
      ),
    ),
    allocations: streamOf('allocation', bookings.map(toRecord)),
  });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock: manualClock('2026-03-02T09:00:00Z'),
    sources: [{ id: 'office', connector: source, config: {}, secrets: {} }],
  });
  await hub.sync();
  api = createApi(hub);
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

function toRecord({ who, project, type, from, to }: Booking, index: number) {
  return rawRecord(String(index), [`allocation:${index}`], {
    person: `email:${who}@x.com`,
    project: `project:${project}`,
    type,
    from,
    to,
    secondsPerDay: 8 * hour,
  });
}

interface Row {
  name: string | null;
  confirmed: number;
  capacity: number;
  unweighted: number;
  tentative: { probability: string | null; seconds: number }[];
  ratio: { value: string | null };
  free: { value: string | null };
}

async function ask(from: string, to: string, groupBy = ''): Promise<Row[]> {
  const { data, errors } = await api.query(
    `{ bookings(from: "${from}", to: "${to}" ${groupBy}) { name confirmed capacity unweighted tentative { probability seconds } ratio { value } free { value } } }`,
  );
  expect(errors).toBeUndefined();
  return (data as { bookings: Row[] }).bookings;
}

test('hard allocations count in full, soft ones by the chance of their deal, and days off not at all', async () => {
  expect(await ask('2026-03-02', '2026-04-19')).toEqual([
    {
      name: null,
      confirmed: 1_200 * hour,
      capacity: 1_400 * hour,
      unweighted: 0,
      tentative: [
        { probability: '0.25', seconds: 600 * hour },
        { probability: '0.5', seconds: 400 * hour },
      ],
      ratio: { value: '1.1071428571428571429' },
      free: { value: String(-150 * hour) },
    },
  ]);
});

test('a soft allocation that no deal gives a chance is in no figure, and is told', async () => {
  const [row] = await ask('2026-05-01', '2026-05-05');
  expect(row).toMatchObject({
    unweighted: 16 * hour,
    ratio: { value: '0' },
    free: { value: String(5 * 3 * 8 * hour) },
  });
});

test('allocations hang on people and projects, and are listed as they were', async () => {
  const { data } = await api.query(`{
    allocations(first: 1, filter: { type: { eq: HARD } }) { totalCount nodes { from to secondsPerDay history(first: 5) { nodes { __typename } } } }
    people(first: 1, filter: { name: { eq: "Ada" } }) { nodes { allocations(orderBy: { field: TO, direction: DESC }) { nodes { type project { name } } } } }
    projects(first: 1, filter: { name: { eq: "half" } }) { nodes { allocations(first: 1) { totalCount nodes { person { name } } } } }
  }`);
  expect(data).toMatchObject({
    allocations: { totalCount: 5, nodes: [{ from: '2026-03-02', to: '2026-04-10', secondsPerDay: 8 * hour }] },
    people: {
      nodes: [
        {
          allocations: {
            nodes: [
              { type: 'SOFT', project: { name: 'unsold' } },
              { type: 'HARD', project: { name: 'won' } },
              { type: 'SOFT', project: { name: 'quarter' } },
              { type: 'SOFT', project: { name: 'half' } },
            ],
          },
        },
      ],
    },
    projects: { nodes: [{ allocations: { totalCount: 5 } }] },
  });
});

test('teams add up to the whole, and so do the halves of a period, wherever it is cut', async () => {
  const [first, last] = ['2026-03-02', '2026-04-19'];
  const [whole] = await ask(first, last);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 47 }), async (days) => {
      const cut = Temporal.PlainDate.from(first).add({ days });
      const parts = [
        ...(await ask(first, cut.toString(), 'groupBy: TEAM')),
        ...(await ask(cut.add({ days: 1 }).toString(), last, 'groupBy: PERSON, first: 100')),
      ];
      expect(summed(parts)).toEqual(summed(whole ? [whole] : []));
      // As much as is left, or less by what is booked beyond it; never more.
      for (const { free, capacity } of parts) expect(Number(free.value)).toBeLessThanOrEqual(capacity);
    }),
    { numRuns: 12, seed: 7 },
  );
});

function summed(rows: readonly Row[]) {
  const of = (value: (row: Row) => number): number => rows.reduce((sum, row) => sum + value(row), 0);
  const wanted = (chance: string) => (row: Row) =>
    row.tentative.find(({ probability }) => probability === chance)?.seconds ?? 0;
  return {
    confirmed: of((row) => row.confirmed),
    capacity: of((row) => row.capacity),
    quarter: of(wanted('0.25')),
    half: of(wanted('0.5')),
    free: of((row) => Number(row.free.value)),
  };
}
