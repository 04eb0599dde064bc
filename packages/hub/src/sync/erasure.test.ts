import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { kanaria, openErasableOffice, type ErasableOffice } from '../../test/erasable-office.ts';
import { rawRecord, recordWith } from '../../test/memory-connector.ts';
import { tablesWith } from '../../test/search.ts';
import { decodeId } from '../kernel/global-id.ts';

const { name, email, account } = kanaria;
/** What nobody may find anywhere, in whatever case. */
const canaries = ['kanaria', account];

let database: TestDatabase;
let office: ErasableOffice;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  office = await openErasableOffice(database);
  office.clock.advance(86_400_000);
  // Renamed, and then in a form that cannot be read.
  const renamed = rawRecord('77', [`email:${email}`, 'crm-owner:77'], {
    name: 'Kanaria V.',
    email,
    team: 'North',
    status: 'ACTIVE',
  });
  const history = [
    { field: 'name', at: '2026-01-01T00:00:00Z', value: 'Kanaria Nest' },
    { field: 'name', at: '2026-03-02T23:00:00Z', value: 'Kanaria V.' },
  ];
  office.crm['owners']?.pages.push({ records: [recordWith(renamed, { history })] });
  await office.hub.sync();
  office.crm['owners']?.pages.push({
    records: [{ id: '77', changedAt: null, payload: { keys: name, fields: { note: 'kanaria' } } }],
  });
  await office.hub.sync();
  await sql`update quarantine set error = ${`keys: "${name}" is no list`}`.execute(office.hub.database.rows);
  await sql`update sync_run set warnings = jsonb_build_array(${`77 is in quarantine: "${name}" is no list`}::text), error = ${`${email} was refused`} where id in (select id from sync_run where source_id = 'crm' and stream = 'owners' order by started_at desc limit 1)`.execute(
    office.hub.database.rows,
  );
  await sql`insert into webhook_look (source_id, stream, external_id, mark, wanted_at, tries, erase) values ('tracker', 'people', ${email}, gen_random_uuid(), now(), 0, false)`.execute(
    office.hub.database.rows,
  );
}, 60_000);

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

/** What leaks, what is in the pipeline and who works how much, now and as it was, and whose the hours are. */
const figures = () =>
  office.ask(`{
    leakage(currency: "EUR") { unapprovedTime unlinkedTime revenueAtRisk { amount } costLeak { amount } unpricedTime }
    earlier: leakage(currency: "EUR", asOf: "2026-03-02T12:00:00Z") { unlinkedTime revenueAtRisk { amount } }
    pipeline(currency: "EUR", from: "2026-01-01", to: "2026-03-31") { openPipeline { value } winRate { value } groups(by: SELLER) { seller { id } open lost openAmount { amount } } }
    timeEntries { nodes { id seconds person { id role team status } } }
    past: timeEntries(asOf: "2026-03-02T12:00:00Z") { nodes { id person { id } } }
    rates { nodes { id person { id } billRate { amount } } }
    workItems { nodes { id assignee { id } } }
    opportunities { nodes { id owner { id } } }
    north: people(filter: { team: { eq: "North" } }, asOf: "2026-03-02T12:00:00Z") { nodes { id } }
  }`);

const personId = async (): Promise<string> =>
  (await office.ask<{ rates: { nodes: { person: { id: string } }[] } }>('{ rates { nodes { person { id } } } }')).rates
    .nodes[0]?.person.id ?? '';

const counts = 'counts { what rows } leftAlone { what rows }';

test('only who was named may have somebody forgotten, and hears what that would do before it is done', async () => {
  const person = await personId();
  const before = await tablesWith(office.hub.database, canaries);
  expect(before).toEqual([
    'facet',
    'identity',
    'opportunity',
    'past',
    'person',
    'quarantine',
    'record',
    'record_payload',
    'sync_run',
    'version',
    'webhook_look',
    'work_item',
  ]);
  const mutation = `mutation { erasePerson(person: "${person}", reason: "request 12") { ... on Error { message } } }`;
  expect(await office.asKey('somebody', mutation)).toEqual({ erasePerson: { message: 'somebody may not erase.' } });
  await expect(office.asKey('somebody', `{ erasurePreview(person: "${person}") { ${counts} } }`)).rejects.toThrow(
    'may not erase',
  );
  const { erasurePreview } = await office.asKey<{ erasurePreview: unknown }>(
    'privacy',
    `{ erasurePreview(person: "${person}") { records { source stream } ${counts} } }`,
  );
  expect(erasurePreview).toMatchObject({
    records: [
      { source: 'crm', stream: 'owners' },
      { source: 'tracker', stream: 'people' },
    ],
    leftAlone: [],
  });
  expect(await tablesWith(office.hub.database, canaries)).toEqual(before);
  expect(await office.ask('{ erasures { nodes { id } } }')).toEqual({ erasures: { nodes: [] } });
});

test('an erasure that fails in the middle has erased nothing', async () => {
  const before = await tablesWith(office.hub.database, canaries);
  const id = decodeId(await personId(), 'person', 'person');
  const request = {
    target: { personId: id },
    askedBy: 'local',
    reason: 'r',
    settle: () => Promise.reject(new Error('the power failed')),
  };
  await expect(office.hub.erase(request)).rejects.toThrow('the power failed');
  expect(await tablesWith(office.hub.database, canaries)).toEqual(before);
});

test('of somebody who is erased no word is left in any table, and every figure is as it was', async () => {
  const person = await personId();
  const before = await figures();
  expect(before).toMatchObject({
    leakage: [{ unlinkedTime: 144_000, revenueAtRisk: { amount: '6000' } }],
    north: { nodes: [{ id: person }] },
  });
  const query = `{ erasurePreview(person: "${person}") { ${counts} } }`;
  const { erasurePreview } = await office.ask<{ erasurePreview: unknown }>(query);
  const mutation = `mutation { erasePerson(person: "${person}", reason: "request 12", idempotencyKey: "once") { ... on Error { message } ... on ErasePersonSuccess { data { id askedBy ${counts} } } } }`;
  const first = await office.ask<{ erasePerson: { data: { id: string } } }>(mutation);
  expect(first.erasePerson.data).toMatchObject({ askedBy: 'local', ...(erasurePreview as object) });
  expect(await tablesWith(office.hub.database, canaries)).toEqual([]);
  expect(await figures()).toEqual(before);
  expect(
    await office.ask(
      `{ node(id: "${person}") { ... on Person { name email zone role team deletedAt customFields history { nodes { changes { field } } } } } }`,
    ),
  ).toMatchObject({
    node: {
      name: null,
      email: null,
      zone: null,
      role: 'Consultant',
      team: 'North',
      deletedAt: null,
      customFields: {},
      history: { nodes: expect.not.arrayContaining([{ changes: expect.arrayContaining([{ field: 'name' }]) }]) },
    },
  });
  expect(await office.ask(mutation)).toEqual(first);
  expect(await office.ask('{ erasures { totalCount nodes { reason erasedAt } } }')).toMatchObject({
    erasures: { totalCount: 1, nodes: [{ reason: 'request 12', erasedAt: office.clock.now().toString() }] },
  });
});

test('what other records say of somebody erased is readable still, without their name', async () => {
  const { workItems } = await office.ask<{ workItems: { nodes: { title: string; description: string }[] } }>(
    '{ workItems(filter: { title: { contains: "export" } }) { nodes { title description } } }',
  );
  expect(workItems.nodes.map(({ title }) => title)).toContainEqual(
    expect.stringMatching(/^Ask erased person [0-9a-f]{8} for the export$/),
  );
  expect(workItems.nodes.map(({ description }) => description).find(Boolean)).toMatch(
    /^As erased-\w{32}@erased.invalid wrote; erased person [0-9a-f]{8} agreed.$/,
  );
});

test('who was erased does not come back: not by a mapping, not by reading everything anew, not by a page that says more', async () => {
  const before = await figures();
  for (const { status } of await office.hub.remap()) expect(status).toBe('SUCCEEDED');
  expect(await tablesWith(office.hub.database, canaries)).toEqual([]);
  await sql`delete from stream_cursor`.execute(office.hub.database.rows);
  office.clock.advance(60_000);
  const reports = await office.hub.sync();
  expect(Object.fromEntries(reports.map(({ stream, counts: { erased } }) => [stream, erased]))).toMatchObject({
    owners: 3,
    people: 1,
    items: 0,
  });
  expect(await tablesWith(office.hub.database, canaries)).toEqual([]);
  expect(await figures()).toEqual(before);
  office.tracker['people']?.pages.push({
    records: [rawRecord(email, [`email:${email}`], { name, email, role: 'Director' })],
  });
  office.tracker['time']?.pages.push({
    records: [
      rawRecord('2', ['time:2'], {
        person: `email:${email}`,
        workItem: 'item:3',
        localDate: '2026-02-20',
        seconds: 3_600,
      }),
    ],
  });
  await office.hub.sync();
  // An hour more, and still theirs.
  const { timeEntries } = await office.ask<{
    timeEntries: { nodes: { seconds: number; person: { id: string; name: string | null } }[] };
  }>('{ timeEntries { nodes { seconds person { id name } } } }');
  expect(new Set(timeEntries.nodes.map(({ person }) => person.id)).size).toBe(1);
  expect(timeEntries.nodes.map(({ seconds, person }) => [seconds, person.name])).toEqual([
    [144_000, null],
    [3_600, null],
  ]);
});

test('nothing of what was erased was ever logged', () => {
  expect(office.logged.filter((line) => canaries.some((word) => line.toLowerCase().includes(word)))).toEqual([]);
});
