import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { openReviewed, reviewedScript } from '../../test/reviewed.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
const eur = (amount: string) => ({ amount, currency: 'EUR' });
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openReviewed>>;
let script: ReturnType<typeof reviewedScript>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = reviewedScript();
  office = await openReviewed({ database, clock, script });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

interface Snapshot {
  id: string;
  asOf: string;
  takenAt: string;
  metricVersion: string;
  inputsHash: string;
  watermarks: { source: string; stream: string; readAt: string | null }[];
  figures: {
    metric: { name: string; value: string | null; reason: string | null };
    target: string | null;
    status: string | null;
  }[];
  narratives: { text: string }[];
}

const fields = `id asOf takenAt takenBy lens currency metricVersion inputsHash watermarks { source stream readAt }
  figures { metric { name value reason unit formula } target threshold status reason suggestion } leftOut { reason } narratives { text }`;

async function take(args: string): Promise<Snapshot> {
  const { takeSnapshot } = await office.ask<{ takeSnapshot: { data?: Snapshot; message?: string } }>(
    `mutation { takeSnapshot(${args}) { ... on Error { message } ... on TakeSnapshotSuccess { data { ${fields} } } } }`,
  );
  if (!takeSnapshot.data) throw new Error(takeSnapshot.message);
  return takeSnapshot.data;
}

const everything = 'scope: { portfolio: true }, currency: "EUR"';
let first: Snapshot;

test('a snapshot taken twice from the same state has the same hash and values, an hour later too', async () => {
  await office.ask(
    `mutation { checkIn(subject: "${office.idOf('Portal')}", perspective: SELLER, text: "Nearly there.") { __typename } }`,
  );
  await office.ask(
    `mutation { checkIn(subject: "${office.idOf('Archive')}", perspective: SELLER, audience: PRIVATE, text: "Between us.") { __typename } }`,
  );
  first = await take(everything);
  clock.advance(3_600_000);
  const second = await take(everything);
  expect(second.id).not.toBe(first.id);
  expect(second.inputsHash).toBe(first.inputsHash);
  expect(second.metricVersion).toBe(first.metricVersion);
  expect(second.figures).toEqual(first.figures);
  expect(first).toMatchObject({ takenBy: 'test-key', lens: 'BOTH', currency: 'EUR', asOf: '2026-03-06T10:00:00Z' });
  // What only its author may read is in no snapshot, since everybody here may read those.
  expect(first.narratives).toEqual([{ text: 'Nearly there.' }]);
  expect(first.watermarks).toContainEqual({ source: 'tracker', stream: 'deals', readAt: '2026-03-06T10:00:00.000Z' });
  expect(first.figures.filter(({ metric: { value, reason } }) => (value === null) === (reason === null))).toEqual([]);
});

test('a call that is repeated with its key takes one snapshot', async () => {
  const one = await take(`${everything}, idempotencyKey: "monday"`);
  expect(await take(`${everything}, idempotencyKey: "monday"`)).toEqual(one);
  const { snapshots } = await office.ask<{ snapshots: unknown[] }>('{ snapshots(scope: { portfolio: true }) { id } }');
  expect(snapshots).toHaveLength(3);
});

test('recomputed a month later out of history it has the same values and the same hash, whatever happened since', async () => {
  clock.set(Temporal.Instant.from('2026-03-20T10:00:00Z'));
  const change = (stream: string, record: ReturnType<typeof rawRecord>) =>
    script[stream]?.pages.push({ records: [record] });
  change(
    'deals',
    rawRecord('portal', ['deal:portal'], {
      name: 'Portal',
      owner: 'email:ada@x.com',
      state: 'WON',
      amount: eur('120000'),
      closeDate: '2026-03-18',
    }),
  );
  change(
    'quotas',
    rawRecord('1', ['quota:1'], {
      owner: 'email:ada@x.com',
      amount: eur('300000'),
      periodStart: '2026-01-01',
      periodEnd: '2026-03-31',
    }),
  );
  change('targets', rawRecord('3', ['target:3'], { metric: 'margin', value: '0.30', periodStart: '2026-01-01' }));
  change(
    'rates',
    rawRecord('1', ['rate:1'], {
      person: 'email:ada@x.com',
      billRate: eur('200'),
      costRate: eur('120'),
      validFrom: '2026-01-01',
    }),
  );
  change(
    'time',
    rawRecord('2', ['time:2'], {
      person: 'email:ada@x.com',
      workItem: 'item:3',
      localDate: '2026-03-17',
      seconds: 36_000,
    }),
  );
  await office.hub.sync();
  await office.ask(
    `mutation { checkIn(subject: "${office.idOf('Portal')}", perspective: SELLER, text: "Done.") { __typename } }`,
  );
  clock.set(Temporal.Instant.from('2026-04-06T10:00:00Z'));
  const now = await take(everything);
  expect(now.inputsHash).not.toBe(first.inputsHash);
  expect(now.figures).not.toEqual(first.figures);
  const again = await take(`${everything}, asOf: "2026-03-06T10:00:00Z"`);
  expect(again.figures).toEqual(first.figures);
  expect(again.inputsHash).toBe(first.inputsHash);
  expect(again.narratives).toEqual(first.narratives);
  expect(again.watermarks).toEqual(first.watermarks);
  expect([again.asOf, again.takenAt]).toEqual(['2026-03-06T10:00:00Z', '2026-04-06T10:00:00Z']);
  const { reviewPack } = await office.ask<{ reviewPack: { figures: Snapshot['figures'] } }>(
    `{ reviewPack(${everything}, asOf: "2026-03-06T10:00:00Z") { figures { metric { name value reason unit formula } target threshold status reason suggestion } } }`,
  );
  expect(reviewPack.figures).toEqual(first.figures);
});

test('a snapshot keeps the quality that it showed, whatever becomes of the records, and no hash depends on it', async () => {
  const qualityOf = async (id: string): Promise<unknown> => {
    const { snapshot } = await office.ask<{ snapshot: { figures: { metric: { name: string }; quality: unknown }[] } }>(
      `query ($id: ID!) { snapshot(id: $id) { figures { metric { name } quality { isLow figure { value } shortfalls { field count } } } } }`,
      { id },
    );
    return snapshot.figures.find(({ metric }) => metric.name === 'openPipeline')?.quality;
  };
  const shown = {
    isLow: true,
    figure: { value: '0.88' },
    shortfalls: ['nextStep', 'pipeline', 'stage'].map((field) => ({ field, count: 2 })),
  };
  // One of the two deals is won by now, and the sources were read weeks ago.
  expect(await qualityOf(first.id)).toEqual(shown);
  // Taken again, fields are as they were then, and sources as fresh as they are now.
  const again = await take(`${everything}, asOf: "2026-03-06T10:00:00Z"`);
  expect(await qualityOf(again.id)).toEqual({ ...shown, figure: { value: '0.58' } });
  expect(again.inputsHash).toBe(first.inputsHash);
  await sql`update report_snapshot set figures = (
    select jsonb_agg(figure - 'quality') from jsonb_array_elements(figures) as figure)`.execute(
    office.hub.database.rows,
  );
  expect(await qualityOf(first.id)).toBe(null);
});

test('two snapshots compare by what moved and by how much; others are not compared', async () => {
  const compare = (to: string) =>
    office.ask<{
      snapshot: { compare: { sameInputs: boolean; sameDefinitions: boolean; moves: { metric: { name: string } }[] } };
    }>(
      `query ($id: ID!, $to: ID!) { snapshot(id: $id) { compare(to: $to) { sameInputs sameDefinitions moves {
        metric { name } before after change statusBefore statusAfter } } } }`,
      { id: first.id, to },
    );
  clock.set(Temporal.Instant.from('2026-03-21T10:00:00Z').add({ hours: 24 * 30 }));
  const later = await take(`${everything}, asOf: "2026-03-21T10:00:00Z"`);
  const { snapshot } = await compare(later.id);
  expect(snapshot.compare).toMatchObject({ sameInputs: false, sameDefinitions: true });
  // Portal was won at 120,000: 160,000 of what is now a quota of 300,000.
  expect(snapshot.compare.moves.find(({ metric }) => metric.name === 'openPipeline')).toEqual({
    metric: { name: 'openPipeline' },
    before: '150000',
    after: '50000',
    change: '-100000',
    statusBefore: null,
    statusAfter: null,
  });
  expect(snapshot.compare.moves.find(({ metric }) => metric.name === 'leakedTime')).toMatchObject({
    before: '144000',
    after: '180000',
    change: '36000',
    statusBefore: 'BAD',
    statusAfter: 'BAD',
  });
  expect((await compare(first.id)).snapshot.compare).toEqual({ sameInputs: true, sameDefinitions: true, moves: [] });
  const sales = await take(`${everything}, lens: SALES`);
  await expect(compare(sales.id)).rejects.toThrow('One is BOTH in EUR, the other SALES in EUR.');
  const north = await take('scope: { team: "North" }, currency: "EUR"');
  await expect(compare(north.id)).rejects.toThrow('different scopes');
});

test('movements begin at the last snapshot of the scope and lens', async () => {
  const { reviewPack } = await office.ask<{ reviewPack: unknown }>(
    `{ reviewPack(${everything}, asOf: "2026-03-21T10:00:00Z") { since lastSnapshot { asOf } movements { field by record { ... on Opportunity { name } } } } }`,
  );
  expect(reviewPack).toEqual({
    since: '2026-03-06T11:00:00Z',
    lastSnapshot: { asOf: '2026-03-06T11:00:00Z' },
    movements: expect.arrayContaining([{ field: 'state', by: 'tracker', record: { name: 'Portal' } }]),
  });
});

test('a snapshot that fails halfway leaves nothing behind', async () => {
  const { failEverywhere } = await import('../../test/faults.ts');
  const count = async (): Promise<number> =>
    (await office.ask<{ snapshots: unknown[] }>('{ snapshots(scope: { team: "South" }) { id } }')).snapshots.length;
  const failed = await failEverywhere(
    office.hub,
    'mutation { takeSnapshot(scope: { team: "South" }, currency: "EUR", idempotencyKey: "south") { __typename } }',
    async () => expect(await count()).toBe(0),
  );
  expect(failed).toBeGreaterThan(10);
  expect(await count()).toBe(1);
});
