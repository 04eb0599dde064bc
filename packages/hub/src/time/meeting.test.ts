import { manualClock, silentLogger } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

const clock = manualClock('2026-03-31T10:00:00Z');
const HOUR = 3_600;
let database: TestDatabase;
let hub: Hub;
let api: Api;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const pages = (...records: ReturnType<typeof rawRecord>[]) => [{ records }];
  const item = (id: string, fields: object) =>
    rawRecord(id, [`item:${id}`], { project: 'project:1', title: id, ...fields });
  const entry = (id: string, hours: number, day: string, fields: object) =>
    rawRecord(id, [`entry:${id}`], { person: 'email:ada@x.com', localDate: day, seconds: hours * HOUR, ...fields });
  const connector = memoryConnector('jira', {
    people: {
      kind: 'person',
      pages: pages(
        rawRecord('ada', ['email:ada@x.com'], { name: 'Ada' }),
        rawRecord('bob', ['email:bob@x.com'], { name: 'Bob' }),
      ),
    },
    clients: { kind: 'client', pages: pages(rawRecord('acme', ['client:acme'], { name: 'Acme' })) },
    projects: {
      kind: 'project',
      pages: pages(
        rawRecord('1', ['project:1'], { name: 'Rollout', client: 'client:acme' }),
        rawRecord('2', ['project:2'], { name: 'Internal' }),
      ),
    },
    items: {
      kind: 'workItem',
      pages: pages(
        item('plain', {}),
        item('labelled', { labels: ['Status-Meeting', 'other'] }),
        item('typed', { type: 'status meeting' }),
      ),
    },
    entries: {
      kind: 'timeEntry',
      pages: pages(
        entry('1', 6, '2026-02-27', { workItem: 'item:plain', note: 'Built the status page' }),
        entry('2', 1, '2026-02-27', { workItem: 'item:labelled' }),
        entry('3', 2, '2026-03-02', { workItem: 'item:typed', person: 'email:bob@x.com' }),
        entry('4', 1, '2026-03-03', { workItem: 'item:plain', note: 'Prepared the STEERING Committee, 100%_done' }),
        entry('5', 3, '2026-03-04', { project: 'project:2', note: null }),
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

interface Group {
  key: string | null;
  worked: number;
  meetings: number;
  entries: number;
  share: { value: string | null };
  project: { name: string } | null;
  client: { name: string } | null;
  person: { name: string } | null;
}

async function meetings(args: string, of: Api = api): Promise<Group[]> {
  const { data, errors } = await of.query(
    `{ statusMeetings${args} { key worked meetings entries share { value } project { name } client { name } person { name } } }`,
  );
  expect(errors).toBeUndefined();
  return (data as { statusMeetings: Group[] }).statusMeetings;
}

test('labels, types and notes tell status meetings from work on the status', async () => {
  expect(await meetings('')).toMatchObject([
    { key: null, worked: 13 * HOUR, meetings: 4 * HOUR, entries: 3, share: { value: '0.30769230769230769231' } },
  ]);
});

test('they are summed by project, client, person and month, the most first', async () => {
  const named = (groups: Group[]) =>
    groups.map(({ project, client, person, key, meetings: seconds, worked }) => [
      (project ?? client ?? person)?.name ?? key,
      seconds / HOUR,
      worked / HOUR,
    ]);
  expect(named(await meetings('(groupBy: PROJECT)'))).toEqual([
    ['Rollout', 4, 10],
    ['Internal', 0, 3],
  ]);
  expect(named(await meetings('(groupBy: CLIENT)'))).toEqual([
    ['Acme', 4, 10],
    [null, 0, 3],
  ]);
  expect(
    (await meetings('(groupBy: PERSON)')).map(({ person, meetings: of }) => [person?.name, of / HOUR]).toSorted(),
  ).toEqual([
    ['Ada', 2],
    ['Bob', 2],
  ]);
  expect(named(await meetings('(groupBy: MONTH)'))).toEqual([
    ['2026-03-01', 3, 6],
    ['2026-02-01', 1, 7],
  ]);
  expect(named(await meetings('(groupBy: MONTH, from: "2026-03-03", to: "2026-03-03")'))).toEqual([
    ['2026-03-01', 1, 1],
  ]);
});

test('where nothing was worked there is no share, and none is claimed', async () => {
  expect(await meetings('(from: "2020-01-01", to: "2020-01-31")')).toMatchObject([
    { worked: 0, meetings: 0, share: { value: null } },
  ]);
});

test('other words tell other meetings, as they stand: no wildcards', async () => {
  const of = (notes: string[]) => createApi({ ...hub, meetings: { labels: [], types: [], notes } });
  expect(await meetings('', of(['100%_DONE']))).toMatchObject([{ meetings: HOUR }]);
  expect(await meetings('', of(['%']))).toMatchObject([{ meetings: HOUR }]);
  expect(await meetings('', of(['b_ilt']))).toMatchObject([{ meetings: 0 }]);
  expect(await meetings('', of([]))).toMatchObject([{ meetings: 0 }]);
});

test('as of now it is as it is now', async () => {
  expect(await meetings('(asOf: "2026-03-31T10:00:00Z", groupBy: PROJECT)')).toEqual(
    await meetings('(groupBy: PROJECT)'),
  );
});
