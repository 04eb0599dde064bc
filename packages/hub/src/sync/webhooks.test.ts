import {
  manualClock,
  refused,
  silentLogger,
  type Connector,
  type ManualClock,
  type Notice,
  type StandingSubscriptions,
} from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, type Script } from '../../test/memory-connector.ts';
import { createApi } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';
import type { RunReport } from './engine.ts';

const address = 'https://hub.acme.example/';

let database: TestDatabase;
let hub: Hub;
let clock: ManualClock;
let crm: Script;
/** Ids that were asked for, a list a request. */
let looked: string[][];
/** Throws in the place of the vendor. */
let trouble: Error | null;
/** Happens while a record is looked at. */
let meanwhile: () => Promise<void>;
let standing: StandingSubscriptions;

/** A vendor whose requests are good when they say so, and that reads records by their ids. */
function tellingConnector(): Connector {
  const silent = memoryConnector('crm', crm);
  return {
    ...silent,
    install: (source) => {
      const installed = silent.install(source);
      return {
        ...installed,
        streams: installed.streams.map((stream) => ({
          ...stream,
          ...(stream.name === 'companies' ? {} : { look: (_, ids) => sight(stream.name, ids) }),
        })),
        webhooks: {
          isSetUp: true,
          receive: ({ headers, body, url }, now) => {
            if (headers.get('x-proof') !== url) return refused('FORGED', 'It is not signed.');
            return {
              outcome: 'ACCEPTED',
              notices: JSON.parse(new TextDecoder().decode(body)),
              validUntil: now.add({ minutes: 5 }),
            };
          },
          instructions: (at) => `Send to ${at}.`,
          subscribe: async () => standing,
        },
      };
    },
  };
}

async function sight(stream: string, ids: readonly string[]) {
  if (trouble) throw trouble;
  await meanwhile();
  looked.push([...ids]);
  const held = crm[stream]?.pages.flatMap(({ records }) => records) ?? [];
  return { records: held.filter(({ id }) => ids.includes(id)) };
}

const deal = (id: string, name: string) => rawRecord(id, [`deal:${id}`], { name });

// One hub for all: opening one takes longer than all that is done with it.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  clock = manualClock('2026-06-15T12:00:00Z');
  crm = {
    deals: { kind: 'opportunity', pages: [], census: { ids: [], confirm: 'DELETED' } },
    companies: { kind: 'client', pages: [] },
  };
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    webhooks: { address },
    sources: [{ id: 'crm', connector: tellingConnector(), config: {}, secrets: {}, everyMinutes: 600 }],
  });
});

beforeEach(async () => {
  await hub.webhooks.flush();
  for (const table of ['webhook_event', 'webhook_look', 'webhook_health', 'webhook_subscription'])
    await sql`delete from ${sql.table(table)}`.execute(hub.database.rows);
  looked = [];
  trouble = null;
  meanwhile = async () => undefined;
  standing = { subscriptions: [], problems: [] };
  crm['deals']!.pages = [{ records: [deal('1', 'One'), deal('2', 'Two')] }];
  crm['companies']!.pages = [{ records: [rawRecord('9', ['company:9'], { name: 'Acme' })] }];
  clock.advance(60_000);
  await hub.sync();
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

const notice = (key: string, stream = 'deals', id: string | null = '1'): Notice => ({ key, looks: [{ stream, id }] });

async function send(notices: readonly Notice[], proof = `${address}webhooks/crm`): Promise<number> {
  const body = new TextEncoder().encode(JSON.stringify(notices));
  const request = { method: 'POST', path: '/webhooks/crm', headers: new Headers({ 'x-proof': proof }), body };
  return (await hub.webhooks.receive('crm', request)).status;
}

async function count(table: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from ${sql.table(table)}`.execute(
    hub.database.rows,
  );
  return Number(rows[0]?.count);
}

async function ask<Data>(query: string): Promise<Data> {
  const { data, errors } = await createApi(hub).query(query);
  if (errors?.[0]) throw errors[0];
  return data as Data;
}

const names = async (): Promise<string[]> =>
  (
    await ask<{ opportunities: { nodes: { name: string }[] } }>('{ opportunities { nodes { name } } }')
  ).opportunities.nodes
    .map(({ name }) => name)
    .sort();

const summary = (reports: readonly RunReport[]) =>
  reports.map(({ stream, task, status }) => `${task} ${stream} ${status}`);

test('what is named is on record when the request is answered, and read by its id afterwards', async () => {
  crm['deals']!.pages = [{ records: [deal('1', 'New'), deal('2', 'New too')] }];
  expect(await send([notice('a')])).toBe(200);
  expect(looked).toEqual([]);
  expect(summary(await hub.look('crm'))).toEqual(['LOOK deals SUCCEEDED']);
  expect([looked, await names()]).toEqual([[['1']], ['New', 'Two']]);
  expect(summary(await hub.look('crm'))).toEqual([]);
});

test('a forged request writes nothing and reads nothing', async () => {
  expect(await send([notice('a')], 'by a stranger')).toBe(401);
  expect([await count('webhook_event'), await count('webhook_look'), await count('webhook_health')]).toEqual([0, 0, 0]);
  expect(await hub.look('crm')).toEqual([]);
});

test('a repeated event is answered as taken, and looked at once; when it could no longer come it is forgotten', async () => {
  expect([await send([notice('a')]), await send([notice('a')])]).toEqual([200, 200]);
  await hub.look('crm');
  expect(await send([notice('a')])).toBe(200);
  expect(await hub.look('crm')).toEqual([]);
  expect(await send([notice('a'), notice('b', 'deals', '2')])).toBe(200);
  await hub.look('crm');
  expect(looked).toEqual([['1'], ['2']]);
  clock.advance(5 * 60_000 + 1);
  await hub.webhooks.renew(new AbortController().signal);
  expect(await count('webhook_event')).toBe(0);
});

test('a hundred events about one record are one look, and those about a list one poll', async () => {
  await send(Array.from({ length: 100 }, (_, index) => notice(`a${index}`)));
  await send([notice('b', 'companies', null), notice('c', 'companies', '9')]);
  expect(summary(await hub.look('crm'))).toEqual(['LOOK deals SUCCEEDED', 'POLL companies SUCCEEDED']);
  expect(looked).toEqual([['1']]);
});

test('what is named while it is looked at is looked at again', async () => {
  await send([notice('a')]);
  meanwhile = async () => {
    meanwhile = async () => undefined;
    await send([notice('during')]);
  };
  await hub.look('crm');
  expect(looked).toEqual([['1'], ['1']]);
});

test('a look that fails is tried again, and after three tries left to the poll', async () => {
  trouble = new Error('the vendor is away');
  await send([notice('a')]);
  const tried = [];
  for (let round = 0; round < 4; round += 1) tried.push(...summary(await hub.look('crm')));
  expect(tried).toEqual(Array.from({ length: 3 }, () => 'LOOK deals FAILED'));
  trouble = null;
  await send([notice('b')]);
  expect(summary(await hub.look('crm'))).toEqual(['LOOK deals SUCCEEDED']);
});

test('a record that is gone under its id is believed to be when the vendor confirms it', async () => {
  crm['deals']!.pages = [{ records: [deal('1', 'One')] }];
  await send([notice('a', 'deals', '2'), notice('b', 'deals', 'never heard of')]);
  expect(summary(await hub.look('crm'))).toEqual(['LOOK deals SUCCEEDED']);
  expect(await names()).toEqual(['One']);
});

test('what the vendor says was deleted is deleted and what it does not is deleted or hidden, neither without being gone', async () => {
  crm['deals']!.pages = [{ records: [deal('6', 'Six'), deal('7', 'Seven'), deal('8', 'Eight')] }];
  await hub.sync();
  const gone = (key: string, id: string): Notice => ({ key, looks: [{ stream: 'deals', id, deleted: true }] });
  const absences = async () =>
    (
      await ask<{ opportunities: { nodes: { name: string; absence: string | null }[] } }>(
        '{ opportunities(includeDeleted: true, orderBy: { field: NAME }) { nodes { name absence } } }',
      )
    ).opportunities.nodes
      .filter(({ name }) => ['Six', 'Seven', 'Eight'].includes(name))
      .map(({ name, absence }) => `${name} ${absence}`);
  // The vendor says it of the eighth too soon: it is there.
  crm['deals']!.pages = [{ records: [deal('8', 'Eight')] }];
  crm['deals']!.census = { ids: [], confirm: 'ABSENT' };
  await send([gone('a', '6'), notice('b', 'deals', '6'), notice('c', 'deals', '7'), gone('d', '8')]);
  await send([notice('late', 'deals', '6')]);
  const [report] = await hub.look('crm');
  expect(report).toMatchObject({ status: 'SUCCEEDED', counts: { deleted: 1, vanished: 1 }, warnings: [] });
  expect(await absences()).toEqual(['Eight null', 'Seven INVISIBLE', 'Six DELETED']);
  // Of the seventh it says so late.
  crm['deals']!.pages = [{ records: [] }];
  await send([gone('e', '8'), gone('f', '7')]);
  expect(await hub.look('crm')).toMatchObject([{ status: 'SUCCEEDED', counts: { deleted: 2, vanished: 0 } }]);
  expect(await absences()).toEqual(['Eight DELETED', 'Seven DELETED', 'Six DELETED']);
  crm['deals']!.census = { ids: [], confirm: 'DELETED' };
});

test('however many are named, each is read by its id, and what the vendor says was deleted is deleted', async () => {
  const many = Array.from({ length: 1_001 }, (_, index) => `other ${index}`);
  crm['deals']!.pages = [{ records: [deal('1', 'One'), deal('2', 'Two')] }];
  await hub.sync();
  crm['deals']!.pages = [{ records: [deal('1', 'One')] }];
  looked = [];
  crm['deals']!.census = { ids: [], confirm: 'ABSENT' };
  const looks = [...many.map((id) => ({ stream: 'deals', id })), { stream: 'deals', id: '2', deleted: true }];
  await send([{ key: 'bulk', looks }]);
  expect(await hub.look('crm')).toMatchObject([
    { task: 'LOOK', status: 'SUCCEEDED', counts: { deleted: 1, vanished: 0 } },
  ]);
  expect([new Set(looked.flat()), await names()]).toEqual([new Set([...many, '2']), ['One']]);
  crm['deals']!.census = { ids: [], confirm: 'DELETED' };
});

const forget = (key: string, stream: string, id: string): Notice => ({ key, looks: [], erasures: [{ stream, id }] });
const erasures = async () =>
  (
    await ask<{
      erasures: { nodes: { askedBy: string; records: unknown; counts: { what: string; rows: number }[] }[] };
    }>('{ erasures { nodes { askedBy reason records { source stream } counts { what rows } } } }')
  ).erasures.nodes;

test('what a vendor wants erased is on record when the request is answered, erased before anything is read, and stays away', async () => {
  crm['deals']!.pages = [{ records: [deal('1', 'One'), deal('2', 'Two'), deal('3', 'Three')] }];
  await hub.sync();
  expect(await send([forget('a', 'deals', '3'), notice('b', 'deals', '3'), notice('c', 'deals', '1')])).toBe(200);
  expect([await count('webhook_look'), await names()]).toEqual([2, ['One', 'Three', 'Two']]);
  expect(summary(await hub.look('crm'))).toEqual(['LOOK deals SUCCEEDED']);
  expect([looked, await names()]).toEqual([[['1']], ['One', 'Two']]);
  // An event that comes late names it again, and the vendor's answer is of before.
  await send([notice('d', 'deals', '3')]);
  const [late] = await hub.look('crm');
  expect([late?.counts, await names()]).toMatchObject([{ read: 1, erased: 1, created: 0 }, ['One', 'Two']]);
  expect(await erasures()).toMatchObject([
    { askedBy: 'crm', reason: 'crm wants it erased.', records: [{ source: 'crm', stream: 'deals' }] },
  ]);
});

test('that something was to be erased of which nothing is kept is on record, and it is not taken when it comes after all', async () => {
  await send([forget('a', 'contacts', '8'), forget('b', 'deals', '4')]);
  expect(await hub.look('crm')).toEqual([]);
  crm['deals']!.pages = [{ records: [deal('1', 'One'), deal('2', 'Two'), deal('4', 'Late')] }];
  await hub.sync();
  expect(await names()).toEqual(['One', 'Two']);
  const found = await erasures();
  expect(found.filter(({ counts }) => counts.length === 0).map(({ records }) => records)).toEqual(
    expect.arrayContaining([[{ source: 'crm', stream: 'contacts' }], [{ source: 'crm', stream: 'deals' }]]),
  );
});

test('what could not be erased stays wanted, however often that fails, and what else is named is read', async () => {
  crm['deals']!.pages = [{ records: [deal('1', 'One'), deal('2', 'Two'), deal('5', 'Five')] }];
  await hub.sync();
  await sql`alter table erasure rename to elsewhere`.execute(hub.database.rows);
  for (const round of ['a', 'b', 'c', 'd', 'e']) {
    await send([forget('forget 5', 'deals', '5'), notice(round)]);
    expect(summary(await hub.look('crm'))).toEqual(['LOOK deals SUCCEEDED']);
  }
  expect([await count('webhook_look'), await names()]).toEqual([1, ['Five', 'One', 'Two']]);
  await sql`alter table elsewhere rename to erasure`.execute(hub.database.rows);
  await hub.look('crm');
  expect([await count('webhook_look'), await names()]).toEqual([0, ['One', 'Two']]);
});

test('a source that nobody configured expects nothing', async () => {
  const request = { method: 'POST', path: '/webhooks/x', headers: new Headers(), body: new Uint8Array() };
  expect(await hub.webhooks.receive('x', request)).toMatchObject({ status: 404 });
});

test('an address that no vendor can reach is refused with what it should be', async () => {
  for (const wrong of ['hub.acme.example', 'http://hub.acme.example', 'https://hub.acme.example/?a=1'])
    expect(() => hub.webhooks.callAt(wrong)).toThrow(/webhooks.address/);
});

test('who sends too much is told to wait, before anything is verified', async () => {
  const statuses = await Promise.all(Array.from({ length: 210 }, () => send([], 'by a stranger')));
  expect(Map.groupBy(statuses, (status) => status).get(429)).toHaveLength(10);
  clock.advance(1_000);
  expect(await send([notice('a')])).toBe(200);
});

test('the graph tells how it goes, refusals that nobody wrote down included, and never a secret', async () => {
  standing = {
    subscriptions: [{ id: 'c', subject: 'Sheet', expiresAt: '2026-06-16T12:00:00Z', details: { resource: 'r' } }],
    problems: ['One sheet cannot be watched.'],
  };
  const now = clock.now().toString();
  await hub.webhooks.renew(new AbortController().signal);
  await send([notice('a')]);
  await send([notice('a')]);
  await send([], 'by a stranger');
  const { sources } = await ask<{ sources: unknown }>(
    `{ sources { webhooks { address lastEventAt accepted repeated refused lastRefusedAt lastRefusal waiting problems
      subscriptions { subject expiresAt } } } }`,
  );
  expect(sources).toEqual([
    {
      webhooks: {
        address: 'https://hub.acme.example/webhooks/crm',
        lastEventAt: now,
        accepted: 1,
        repeated: 1,
        refused: 1,
        lastRefusedAt: now,
        lastRefusal: 'FORGED: It is not signed.',
        waiting: 1,
        problems: ['One sheet cannot be watched.'],
        subscriptions: [{ subject: 'Sheet', expiresAt: '2026-06-16T12:00:00Z' }],
      },
    },
  ]);
  const [checked] = await hub.check('crm');
  expect(checked?.checks.at(-1)).toMatchObject({
    subject: 'webhooks',
    ok: true,
    message: expect.stringContaining('Send to https://hub.acme.example/webhooks/crm'),
  });
});

test('the queue looks by itself, long before a poll is due', async () => {
  await hub.startJobs();
  const seen = Promise.withResolvers<RunReport['counts']>();
  hub.watch(({ task, status, counts }) => {
    if (task === 'LOOK' && status === 'SUCCEEDED') seen.resolve(counts);
    if (task === 'POLL') seen.reject(new Error('it was polled'));
  });
  crm['deals']!.pages = [{ records: [deal('1', 'By the queue')] }];
  await send([notice('a')]);
  expect(await seen.promise).toMatchObject({ read: 1, changed: 1 });
  expect(await names()).toContain('By the queue');
});
