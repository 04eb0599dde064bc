import {
  defineConnector,
  defineStream,
  diagnoseHttp,
  manualClock,
  silentLogger,
  type Listed,
  type RawRecord,
} from '@plumbline/connector';
import type { KyselyPlugin } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { createApi } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

const clock = manualClock('2026-06-15T12:00:00Z');
const deal = (id: string, name: string): RawRecord => rawRecord(id, [`deal:${id}`], { name });

let database: TestDatabase;
let hub: Hub;
let changed: RawRecord[];
let listed: Listed[];
/** What happens after the vendor has listed its ids and before the census has ended. */
let meanwhile: () => Promise<unknown>;

/** What the vendor gives when it is asked by id. */
let byId: RawRecord[];

/** What it cannot give just now though it is asked for it by its id. */
let refused: string[];

/** From when on the latest census was to compare. */
let comparedFrom: Temporal.Instant | null;

/** A vendor that tells what there is, and does not tell of what is gone by its id. */
const crm = defineConnector({
  name: 'crm',
  title: 'CRM',
  config: z.object({}),
  secrets: z.object({}),
  keySchemes: ['deal'],
  limits: () => ({}),
  diagnose: (answer, source) => diagnoseHttp(source, answer),
  secretTexts: () => [],
  check: async () => [],
  streams: [
    defineStream({
      name: 'deals',
      description: 'Deals.',
      kinds: ['opportunity'],
      raw: z.looseObject({ keys: z.array(z.string()), fields: z.looseObject({ name: z.string() }) }),
      cursor: z.object({}),
      worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'none' },
      async *poll() {
        yield { records: changed, cursor: {}, complete: true };
      },
      async *census({ since }) {
        comparedFrom = since;
        yield listed;
        await meanwhile();
      },
      look: async (_, ids) => ({
        records: byId.filter(({ id }) => ids.includes(id) && !refused.includes(id)),
        skipped: refused.map((id) => ({ id, reason: 'Try again later.' })),
      }),
      map: ({ keys, fields }) => [{ kind: 'opportunity', id: 'self', keys: keys as [`deal:${string}`], fields }],
    }),
  ],
});

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [{ id: 'crm', connector: crm, config: {}, secrets: {} }],
  });
  changed = [deal('1', 'Stays'), deal('2', 'Comes back'), deal('3', 'Goes')];
  listed = ['1', '2', '3'];
  byId = [];
  refused = [];
  meanwhile = async () => undefined;
  await hub.sync();
});
afterEach(async () => {
  await hub.close();
  await database.drop();
});

test('a census deletes what is gone, and leaves alone what a poll stores beside it', async () => {
  changed = [];
  listed = ['1'];
  meanwhile = async () => {
    // The second was put back after the vendor had listed its ids, and a fourth was made.
    clock.advance(1_000);
    changed = [deal('2', 'Is back'), deal('4', 'Is new')];
    meanwhile = async () => undefined;
    await hub.sync();
  };
  const reports = await hub.sync({ census: true });
  expect(reports.map(({ task, status, counts }) => [task, status, counts.deleted])).toEqual([
    ['POLL', 'SUCCEEDED', 0],
    ['CENSUS', 'SUCCEEDED', 1],
  ]);
  expect(await createApi(hub).query('{ opportunities(orderBy: { field: NAME }) { nodes { name } } }')).toEqual({
    data: { opportunities: { nodes: [{ name: 'Is back' }, { name: 'Is new' }, { name: 'Stays' }] } },
  });
});

test('what the vendor lists and no poll has brought is read by its id, once', async () => {
  changed = [];
  // The fifth is listed, but out of what is read.
  listed = ['1', '2', '3', '4', '5'];
  byId = [deal('4', 'Was held back')];
  const counts = async () => (await hub.sync({ census: true })).map(({ status, counts: of }) => [status, of.created]);
  expect(await counts()).toEqual([
    ['SUCCEEDED', 0],
    ['SUCCEEDED', 1],
  ]);
  expect(await counts()).toEqual([
    ['SUCCEEDED', 0],
    ['SUCCEEDED', 0],
  ]);
  expect(await createApi(hub).query('{ opportunities { totalCount } }')).toEqual({
    data: { opportunities: { totalCount: 4 } },
  });
});

test('a census reads by its id what has changed since it was read, however it was missed, and nothing else', async () => {
  const at = (hour: number): string => `2026-06-15T${hour}:00:00Z`;
  changed = ['1', '2', '3'].map((id) => ({ ...deal(id, 'Read'), changedAt: at(10) }));
  await hub.sync();
  byId = ['1', '2', '3'].map((id) => ({ ...deal(id, 'Missed'), changedAt: at(11) }));
  listed = [{ id: '1', changedAt: at(10) }, { id: '2', changedAt: at(11) }, { id: '3', changedAt: null }, '4'];
  changed = [];
  const reports = await hub.sync({ census: true });
  expect(reports.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(await createApi(hub).query('{ opportunities(orderBy: { field: NAME }) { nodes { name } } }')).toEqual({
    data: { opportunities: { nodes: [{ name: 'Missed' }, { name: 'Read' }, { name: 'Read' }] } },
  });
});

test('a census reads by its id what has other surroundings than it was read with, though no time of it moved', async () => {
  const at = '2026-06-15T10:00:00Z';
  const read = (id: string, name: string, surroundings?: string): RawRecord => ({
    ...deal(id, name),
    changedAt: at,
    ...(surroundings === undefined ? {} : { surroundings }),
  });
  // The third was read before its stream told of surroundings.
  changed = [read('1', 'Read', 'one'), read('2', 'Read', 'two'), read('3', 'Read')];
  await hub.sync();
  changed = [];
  listed = [read('1', 'Missed', 'one'), read('2', 'Missed', 'three'), read('3', 'Missed', 'four')];
  byId = [read('1', 'Missed', 'one'), read('2', 'Missed', 'three'), read('3', 'Missed', 'four')];
  const names = async () =>
    (await hub.database.orm.em.getConnection().execute('select name from opportunity order by name')) as object[];
  expect((await hub.sync({ census: true })).at(-1)).toMatchObject({ status: 'SUCCEEDED', counts: { changed: 1 } });
  expect(await names()).toEqual([{ name: 'Missed' }, { name: 'Read' }, { name: 'Read' }]);
  expect((await hub.sync({ census: true })).at(-1)).toMatchObject({ status: 'SUCCEEDED', counts: { changed: 0 } });
});

test('a census compares from a day before the last one that left nothing out, the first one from a day before the first reading', async () => {
  const read = clock.now();
  changed = [];
  const compared = async (...wanted: [string, Temporal.Instant]) => {
    const reports = await hub.sync({ census: true });
    expect([reports.at(-1)?.status, comparedFrom?.toString()]).toEqual([
      wanted[0],
      wanted[1].subtract({ hours: 24 }).toString(),
    ]);
  };
  clock.advance(3 * 3_600_000);
  const first = clock.now();
  await compared('SUCCEEDED', read);
  clock.advance(72 * 3_600_000);
  listed = ['1', '2', '3', '4'];
  refused = ['4'];
  await compared('PARTIAL', first);
  clock.advance(3_600_000);
  refused = [];
  const third = clock.now();
  await compared('SUCCEEDED', first);
  clock.advance(3_600_000);
  await compared('SUCCEEDED', third);
});

test('more changes than a census reads by their ids are left to the next one, and it says so', async () => {
  const ids = Array.from({ length: 1_001 }, (_, index) => String(index + 1));
  const all = (name: string, changedAt: string) => ids.map((id) => ({ ...deal(id, name), changedAt }));
  changed = all('Read', '2026-06-15T10:00:00Z');
  listed = ids;
  await hub.sync();
  changed = [];
  byId = all('Missed', '2026-06-15T11:00:00Z');
  listed = byId;
  const census = async () => (await hub.sync({ census: true })).at(-1);
  expect(await census()).toMatchObject({
    status: 'PARTIAL',
    counts: { changed: 1_000, skipped: 1 },
    warnings: [expect.stringContaining('the next census reads more')],
  });
  expect(await census()).toMatchObject({ status: 'SUCCEEDED', counts: { changed: 1, skipped: 0 } });
});

test('a census that misses too much to be believed still reads what has changed', async () => {
  changed = Array.from({ length: 20 }, (_, index) => ({
    ...deal(String(index + 1), 'Read'),
    changedAt: '2026-06-15T10:00:00Z',
  }));
  await hub.sync();
  changed = [];
  byId = [{ ...deal('1', 'Missed'), changedAt: '2026-06-15T11:00:00Z' }];
  listed = byId;
  expect((await hub.sync({ census: true })).at(-1)).toMatchObject({
    status: 'PARTIAL',
    counts: { deleted: 0, changed: 1 },
  });
});

/** Takes a census again and again, each time dying at the next statement of what it stores, until one goes through. */
async function dieEverywhere(look: () => Promise<void>): Promise<number> {
  const { database: own } = hub;
  const { transaction } = own;
  for (let deaths = 0; ; deaths += 1) {
    let armed = false;
    let died = false;
    // Only from when the vendor has listed its ids: what the poll before it stores is not meant.
    meanwhile = async () => void (armed = true);
    own.transaction = (work) => {
      if (!armed) return transaction(work);
      armed = false;
      let statements = 0;
      const transformQuery: KyselyPlugin['transformQuery'] = ({ node }) => {
        statements += 1;
        if (statements <= deaths) return node;
        died = true;
        throw new Error('The process dies here.');
      };
      return transaction((rows) =>
        work(rows.withPlugin({ transformQuery, transformResult: async ({ result }) => result })),
      );
    };
    const report = (await hub.sync({ census: true })).at(-1);
    own.transaction = transaction;
    expect([report?.task, report?.status]).toEqual(['CENSUS', died ? 'FAILED' : 'SUCCEEDED']);
    if (!died) return deaths;
    await look();
  }
}

test('a census that dies at any statement has stored nothing of it, and the next one finds it', async () => {
  const names = async () =>
    (await hub.database.orm.em
      .getConnection()
      .execute('select name from opportunity where deleted_at is null order by name')) as { name: string }[];
  const shows =
    (...wanted: string[]) =>
    async () =>
      expect((await names()).map(({ name }) => name)).toEqual(wanted);
  changed = [];
  listed = ['1', '2'];
  expect(await dieEverywhere(shows('Comes back', 'Goes', 'Stays'))).toBeGreaterThan(5);
  await shows('Comes back', 'Stays')();
  listed = ['1', '2', '4'];
  byId = [deal('4', 'Was held back')];
  expect(await dieEverywhere(shows('Comes back', 'Stays'))).toBeGreaterThan(5);
  await shows('Comes back', 'Stays', 'Was held back')();
});
