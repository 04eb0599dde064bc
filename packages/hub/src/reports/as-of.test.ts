import { manualClock, silentLogger, type KindName, type RawRecord } from '@plumbline/connector';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyDatabase } from '../../test/database.ts';
import { memoryConnector } from '../../test/memory-connector.ts';
import { createApi } from '../api.ts';
import { openHub } from '../hub.ts';

const BEGIN = Temporal.Instant.from('2026-01-01T00:00:00Z');
const END = hours(300);
const money = (amount: number, currency = 'EUR') => ({ amount: String(amount), currency });

function hours(count: number): string {
  return BEGIN.add({ hours: count }).toString();
}

/** Something a source has from an instant on. */
interface Thing {
  kind: KindName;
  key: string;
  at: number;
  fields: Record<string, unknown>;
  customFields?: Record<string, string>;
}

/** What became of it later; `null` for one that was deleted. */
interface Edit {
  key: string;
  at: number;
  change: Record<string, unknown> | null;
}

const standing: readonly Thing[] = [
  { kind: 'person', key: 'person:ada', at: 0, fields: { name: 'Ada', role: 'dev' } },
  { kind: 'person', key: 'person:bob', at: 0, fields: { name: 'Bob', role: 'dev' } },
  { kind: 'client', key: 'client:acme', at: 0, fields: { name: 'Acme' } },
  { kind: 'capacity', key: 'capacity:ada', at: 0, fields: { person: 'person:ada', secondsPerDay: 28_800 } },
  {
    kind: 'rate',
    key: 'rate:dev',
    at: 0,
    fields: { role: 'dev', billRate: money(150), costRate: money(90), validFrom: '2025-01-01' },
  },
  {
    kind: 'rate',
    key: 'rate:ada',
    at: 60,
    fields: { person: 'person:ada', billRate: money(200, 'USD'), costRate: money(100), validFrom: '2026-01-02' },
  },
  {
    kind: 'exchangeRate',
    key: 'exchange:1',
    at: 0,
    fields: { base: 'USD', quote: 'EUR', validOn: '2025-01-01', rate: '0.9' },
  },
  {
    kind: 'exchangeRate',
    key: 'exchange:2',
    at: 90,
    fields: { base: 'USD', quote: 'EUR', validOn: '2026-01-03', rate: '0.8' },
  },
  ...['one', 'two'].map((code) => ({
    kind: 'project' as const,
    key: `project:${code}`,
    at: 0,
    fields: {
      code,
      status: 'ACTIVE',
      client: 'client:acme',
      manager: 'person:bob',
      currency: 'EUR',
      start: '2026-01-01',
      end: '2026-01-20',
    },
  })),
  ...['one', 'two'].map((code, index) => ({
    kind: 'budget' as const,
    key: `budget:${code}`,
    at: index * 80,
    fields: {
      project: `project:${code}`,
      contractValue: money(50_000),
      plannedCost: money(30_000),
      plannedSeconds: 720_000,
    },
  })),
  ...['1', '2', '3', '4'].map((id, index) => ({
    kind: 'workItem' as const,
    key: `item:${id}`,
    at: index * 20,
    fields: {
      key: id,
      project: index < 3 ? 'project:one' : 'project:two',
      estimate: 36_000,
      statusCategory: 'TODO',
      createdAt: hours(index * 20),
    },
    ...(index % 2 === 0 ? { customFields: { commitment: 'Portal' } } : {}),
  })),
  ...['1', '2'].map((id, index) => ({
    kind: 'changeRequest' as const,
    key: `change:${id}`,
    at: 10 + index * 50,
    fields: {
      key: id,
      project: 'project:one',
      state: 'CAPTURED',
      submittedAt: hours(10 + index * 50),
      priceDelta: money(1_000),
      workItems: [`item:${(index + 1) * 2}`],
    },
  })),
  {
    kind: 'risk',
    key: 'risk:1',
    at: 30,
    fields: { project: 'project:one', status: 'OPEN', probability: '0.5', impact: money(1_000) },
  },
  {
    kind: 'quota',
    key: 'quota:bob',
    at: 0,
    fields: { owner: 'person:bob', amount: money(9_000), ...period('periodStart', 'periodEnd') },
  },
  ...['1', '2', '3'].map((id, index) => ({
    kind: 'opportunity' as const,
    key: `deal:${id}`,
    at: index * 24,
    fields: {
      url: id,
      stage: 'Lead',
      state: 'QUALIFYING',
      probability: '0.25',
      amount: money(4_000, index === 0 ? 'USD' : 'EUR'),
      closeDate: '2026-02-01',
      owner: 'person:bob',
      createdAt: hours(index * 24),
      projects: index === 0 ? ['project:one'] : [],
    },
  })),
];

function period(from: string, to: string): Record<string, string> {
  return { [from]: '2026-01-01', [to]: '2026-12-31' };
}

/** Fields that their sources keep a history of. */
const remembered: Partial<Record<KindName, readonly string[]>> = {
  workItem: ['statusCategory', 'estimate'],
  changeRequest: ['state'],
  risk: ['status'],
  opportunity: ['stage', 'state', 'amount', 'closeDate', 'probability'],
};
const tells = (key: string, change: Record<string, unknown> | null): boolean => {
  const kind = standing.find((thing) => thing.key === key)?.kind;
  const names = (kind && remembered[kind]) ?? [];
  return change !== null && Object.keys(change).every((name) => names.includes(name));
};

const states = ['TRIAGED', 'QUOTED', 'APPROVED', 'IMPLEMENTING', 'REJECTED', 'CLOSED', 'DEFERRED'];
const change = fc.oneof(
  fc
    .tuple(fc.constantFrom('1', '2', '3', '4'), fc.constantFrom('TODO', 'DOING', 'DONE'))
    .map(([id, statusCategory]) => ({
      key: `item:${id}`,
      change: { statusCategory },
    })),
  fc.tuple(fc.constantFrom('1', '2'), fc.constantFrom(...states)).map(([id, state]) => ({
    key: `change:${id}`,
    change: { state },
  })),
  fc
    .record({
      state: fc.constantFrom('QUALIFYING', 'PROPOSED', 'WON', 'LOST'),
      amount: fc.integer({ min: 0, max: 5 }).map((thousands) => money(thousands * 1_000)),
      closeDate: fc.constantFrom('2026-02-01', '2026-03-01'),
    })
    .chain((fields) => fc.constantFrom('1', '2', '3').map((id) => ({ key: `deal:${id}`, change: fields }))),
  fc.constantFrom('OPEN', 'CLOSED').map((status) => ({ key: 'risk:1', change: { status } })),
);
/** Of what no source remembers. */
const silently = fc.constantFrom(
  { key: 'rate:dev', change: { billRate: money(180), costRate: money(95) } },
  { key: 'rate:ada', change: null },
  { key: 'budget:one', change: { plannedCost: money(28_000) } },
  { key: 'exchange:1', change: { rate: '0.7' } },
  { key: 'project:two', change: { status: 'CLOSED', end: '2026-01-10' } },
  { key: 'change:1', change: { workItems: ['item:3'] } },
  { key: 'item:1', change: { project: 'project:two' } },
  { key: 'person:bob', change: { role: 'lead' } },
  { key: 'time:1', change: { seconds: 1_800 } },
  { key: 'time:2', change: null },
  { key: 'risk:1', change: { impact: money(2_000) } },
  { key: 'deal:2', change: { projects: ['project:two'] } },
);
const steps = fc.integer({ min: 1, max: 240 });
const editsOf = (changes: fc.Arbitrary<Pick<Edit, 'key' | 'change'>>, count: number): fc.Arbitrary<Edit[]> =>
  fc
    .array(fc.tuple(steps, changes), { minLength: count, maxLength: count })
    .map((all) => all.map(([at, each]) => ({ ...each, at })).toSorted((a, b) => a.at - b.at));
const work: fc.Arbitrary<Thing[]> = fc
  .array(fc.tuple(steps, fc.constantFrom('1', '2', '3', '4'), fc.constantFrom('ada', 'bob')), {
    minLength: 12,
    maxLength: 12,
  })
  .map((all) =>
    all.map(([at, item, person], index) => ({
      kind: 'timeEntry',
      key: `time:${index}`,
      at,
      fields: {
        person: `person:${person}`,
        workItem: `item:${item}`,
        seconds: 3_600 * (1 + (index % 3)),
        localDate: hours(at).slice(0, 10),
        startedAt: hours(at),
      },
    })),
  );

/** What the sources have at an instant, each kind in a stream of its own, all of it on every page. */
function sourcesAt(things: readonly Thing[], edits: readonly Edit[], at: string): Map<KindName, RawRecord[]> {
  const isPast = (since: number): boolean => Temporal.Instant.compare(hours(since), at) <= 0;
  const records = things
    .filter((thing) => isPast(thing.at))
    .flatMap((thing) => {
      const own = edits.filter((edit) => edit.key === thing.key && edit.at > thing.at && isPast(edit.at));
      if (own.some((edit) => edit.change === null)) return [];
      const told = [{ at: thing.at, change: thing.fields }, ...own].flatMap(({ at: since, change: fields }) =>
        Object.entries(fields ?? {})
          .filter(([field]) => remembered[thing.kind]?.includes(field))
          .map(([field, value]) => ({ field, at: hours(since), value })),
      );
      const fields = Object.assign({}, thing.fields, ...own.map((edit) => edit.change));
      const { kind, key, customFields } = thing;
      const changedAt = hours(own.at(-1)?.at ?? thing.at);
      return [{ kind, record: { id: key, changedAt, payload: { keys: [key], fields, customFields, history: told } } }];
    });
  return new Map(
    [...Map.groupBy(records, ({ kind }) => kind)].map(([kind, of]) => [
      kind,
      of.map(({ record }) => record as RawRecord),
    ]),
  );
}

/** The figures of the graph, without what only one hub can know. */
function query(asOf: string | null): string {
  const [at, also] = asOf === null ? ['', ''] : [`(asOf: "${asOf}")`, `, asOf: "${asOf}"`];
  const metric = 'name value reason';
  const day = 'from: "2026-01-01", to: "2026-12-31"';
  return `{
    projects(first: 3, orderBy: { field: CODE }${also}) { nodes {
      code metrics${at} { ${metric} } warnings${at} { code } loggedTime${at}
      work${at} { scope seconds entries atBillRates { amount currency } withoutCostRate }
      opportunities(first: 4${also}) { nodes { url } }
    } }
    changeRequests(first: 3, orderBy: { field: KEY }${also}) { nodes { key retroactiveTime${at} workItems(first: 4${also}) { nodes { key } } } }
    opportunities(first: 4, orderBy: { field: URL }${also}) { nodes { url
      slippage${at} { changes { value } pushes { value } netDays { value } } stageAge${at} { value reason }
    } }
    leakage(currency: "EUR", groupBy: PROJECT, first: 4${also}) {
      project { code } unapprovedTime unlinkedTime revenueAtRisk { amount } costLeak { amount } unpricedTime }
    portfolio(currency: "EUR"${also}) { projects leftOut { project { code } reason } metrics { ${metric} } }
    pipeline(${day}, currency: "EUR"${also}) {
      winRate { value } openPipeline { value } weightedPipeline { value } coverage { value } remainingCoverage { value }
      groups(by: STATE, first: 4) { key open won lost openAmount { amount } wonAmount { amount } unpriced }
    }
    utilisation(${day}, groupBy: PERSON, first: 4${also}) { person { name } worked billable calendar net { value } }
  }`;
}

/** Rows whose order is that of ids, which are a hub's own, in an order of what they say. */
function comparable(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item));
    const text = (item: unknown): string => JSON.stringify(item);
    return name === 'metrics' ? items : items.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, comparable(member, key)]));
}

/** A hub that syncs what the sources have at one instant after the other; `questions` says what it is asked each time. */
async function follow(
  world: { things: readonly Thing[]; edits: readonly Edit[] },
  instants: readonly string[],
  questions: (at: string) => readonly string[],
): Promise<unknown[]> {
  const database = await emptyDatabase({ durable: false });
  const kinds = [...new Set(world.things.map(({ kind }) => kind))];
  const script = Object.fromEntries(
    kinds.map((kind) => [kind, { kind, pages: [] as { records: RawRecord[]; allIds: string[] }[] }]),
  );
  const clock = manualClock(BEGIN.toString());
  const hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [{ id: 'all', connector: memoryConnector('jira', script), config: {}, secrets: {} }],
  });
  try {
    const answers: unknown[] = [];
    for (const at of instants) {
      clock.set(Temporal.Instant.from(at));
      const there = sourcesAt(world.things, world.edits, at);
      for (const [kind, stream] of Object.entries(script)) {
        const records = there.get(kind as KindName) ?? [];
        stream.pages.push({ records, allIds: records.map(({ id }) => id) });
      }
      const reports = await hub.sync();
      expect(reports.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
      for (const question of questions(at)) {
        const { data, errors } = await createApi(hub).query(question);
        expect(errors).toBeUndefined();
        answers.push(comparable(JSON.parse(JSON.stringify(data))));
      }
    }
    return answers;
  } finally {
    await hub.close();
    await database.drop();
  }
}

const instants = fc
  .uniqueArray(fc.integer({ min: 1, max: 80 }), { minLength: 2, maxLength: 2 })
  .map((all) => all.toSorted((a, b) => a - b).map((step) => hours(step * 3)));

test('figures as of a past instant are those a hub showed that synced then, whenever it synced itself', async () => {
  await fc.assert(
    fc.asyncProperty(work, editsOf(change, 25), instants, instants, async (worked, edits, asked, synced) => {
      const world = { things: [...standing, ...worked], edits: edits.filter((edit) => tells(edit.key, edit.change)) };
      const shown = await follow(world, asked, () => [query(null)]);
      const questions = asked.map((at) => query(at));
      const later = await follow(world, [...synced, END], (at) => (at === END ? questions : []));
      expect(later).toEqual(shown);
    }),
    { seed: 20260310, numRuns: 1, endOnFailure: true },
  );
}, 120_000);

test('figures as of an instant at which the hub synced are those it showed then, whatever was changed or deleted since', async () => {
  await fc.assert(
    fc.asyncProperty(work, editsOf(fc.oneof(change, silently), 40), instants, async (worked, edits, synced) => {
      const world = { things: [...standing, ...worked], edits };
      const answers = await follow(world, [...synced, END], (at) =>
        at === END ? synced.map((each) => query(each)) : [query(null)],
      );
      expect(answers.slice(synced.length)).toEqual(answers.slice(0, synced.length));
    }),
    { seed: 20260310, numRuns: 2, endOnFailure: true },
  );
}, 120_000);
