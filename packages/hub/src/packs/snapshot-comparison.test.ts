import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { openReviewed, reviewedScript } from '../../test/reviewed.ts';
import { decodeId } from '../kernel/global-id.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
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

interface Compared {
  asOf: string;
  sameInputs: boolean;
  caveats: string[];
  moves: { metric: { name: string }; before: string | null; after: string | null; change: string | null }[];
  document: string;
}

async function take(args: string): Promise<string> {
  const { takeSnapshot } = await office.ask<{ takeSnapshot: { data: { id: string } } }>(
    `mutation { takeSnapshot(currency: "EUR", ${args}) { ... on TakeSnapshotSuccess { data { id } } } }`,
  );
  return takeSnapshot.data.id;
}

async function compare(id: string, to: string | null = null): Promise<Compared> {
  const { snapshot } = await office.ask<{ snapshot: { compare: Compared } }>(
    `query ($id: ID!, $to: ID) { snapshot(id: $id) { compare(to: $to) { asOf sameInputs caveats
      moves { metric { name } before after change reason statusBefore statusAfter } document(form: MARKDOWN) } } }`,
    { id, to },
  );
  return snapshot.compare;
}

let first: string;

test('a snapshot compares with how things stand now, which keeps nothing', async () => {
  first = await take('scope: { portfolio: true }');
  expect(await compare(first)).toMatchObject({
    asOf: '2026-03-06T10:00:00Z',
    sameInputs: true,
    caveats: [],
    moves: [],
  });
  clock.set(Temporal.Instant.from('2026-03-20T10:00:00Z'));
  script['time']?.pages.push({
    records: [
      rawRecord('2', ['time:2'], {
        person: 'email:ada@x.com',
        workItem: 'item:3',
        localDate: '2026-03-17',
        seconds: 36_000,
      }),
    ],
  });
  await office.hub.sync();
  const now = await compare(first);
  expect(now).toMatchObject({ asOf: '2026-03-20T10:00:00Z', sameInputs: false, caveats: [] });
  const leaked = now.moves.find(({ metric }) => metric.name === 'leakedTime');
  expect(leaked).toMatchObject({ before: '144000', after: '180000', change: '36000', reason: null });
  expect(now.document).toContain('From 2026-03-06 10:00 UTC to 2026-03-20 10:00 UTC, which is now, in EUR.');
  expect(now.document).toMatch(/\| Leaked time {16}\| +40 h † \| +50 h † \| +\+10 h \|/);
  const { snapshots } = await office.ask<{ snapshots: unknown[] }>('{ snapshots(scope: { portfolio: true }) { id } }');
  expect(snapshots).toHaveLength(1);
});

test('now and a snapshot of now compare alike, since figures are of the day', async () => {
  const { document: ofNow, ...now } = await compare(first);
  const { document, ...kept } = await compare(first, await take('scope: { portfolio: true }'));
  expect(kept).toEqual(now);
  expect(document).toBe(ofNow.replace(', which is now', ''));
});

test('a source that was late in one of them is named, and a quarter that is another', async () => {
  clock.set(Temporal.Instant.from('2026-04-06T10:00:00Z'));
  expect((await compare(first)).caveats).toEqual([
    'Sales figures are of another quarter: that until 2026-06-30, and they were of that until 2026-03-31.',
    'On 2026-04-06 10:00 UTC, what had been read was not fresh: tracker.',
  ]);
});

test('the snapshot of what was merged away compares with those of what it became', async () => {
  const { clients } = await office.ask<{ clients: { nodes: { id: string }[] } }>('{ clients { nodes { id } } }');
  const client = clients.nodes[0]?.id ?? '';
  const one = await take(`scope: { client: "${client}" }, lens: DELIVERY`);
  const other = await take(`scope: { client: "${client}" }, lens: DELIVERY`);
  const [gone, { rows }] = [randomUUID(), office.hub.database];
  await sql`update report_snapshot set scope_id = ${gone}::uuid
    where id = ${decodeId(one, 'reportSnapshot', 'id')}::uuid`.execute(rows);
  await expect(compare(one, other)).rejects.toThrow('different scopes');
  await sql`insert into merged_entity (id, kind, survivor_id, merged_at)
    values (${gone}::uuid, 'client', ${decodeId(client, 'client', 'id')}::uuid, now())`.execute(rows);
  expect(await compare(one, other)).toMatchObject({ moves: [] });
  expect((await compare(one)).document).toContain('# What moved in the review of Acme GmbH: delivery');
});

test('as many comparisons with one snapshot as are asked for read it once; with now they are too dear', async () => {
  const spy = vi.spyOn(office.hub.database.reader.getExecutor(), 'executeQuery');
  const all = (to: string) => `{ snapshots(scope: { portfolio: true }) { compare${to} { sameInputs } } }`;
  const { snapshots } = await office.ask<{ snapshots: unknown[] }>(all(`(to: "${first}")`));
  expect(snapshots).toHaveLength(2);
  expect(spy.mock.calls.length).toBe(2);
  spy.mockRestore();
  await expect(office.ask(all(''))).rejects.toThrow('5000');
});
