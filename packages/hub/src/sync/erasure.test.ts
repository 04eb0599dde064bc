import { manualClock, type Logger, type ManualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, type Script } from '../../test/memory-connector.ts';
import { acceptBaseline } from '../../test/office.ts';
import { reviewedScript } from '../../test/reviewed.ts';
import { createApi } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';
import { decodeId } from '../kernel/global-id.ts';

const name = 'Kanaria Vogel';
const email = 'kanaria@vogel.example';
const account = '5b10ac8d82e05b22cc7d4ef5';
/** What nobody may find anywhere, in whatever case. */
const canaries = ['kanaria', account];

let database: TestDatabase;
let hub: Hub;
let clock: ManualClock;
let tracker: Script;
let crm: Script;
const logged: string[] = [];

const log = (details: object, message: string): void => void logged.push(JSON.stringify([details, message]));
const logger: Logger = { debug: log, info: log, warn: log, error: log };

/** An issue-like payload: what a vendor says of its people stands beside what is mapped. */
function mentioning(record: ReturnType<typeof rawRecord>): ReturnType<typeof rawRecord> {
  const reporter = {
    accountId: account,
    displayName: name,
    emailAddress: email,
    self: `https://x.example/user?accountId=${account}`,
  };
  return { ...record, payload: { ...(record.payload as object), reporter } };
}

function scripts(): { tracker: Script; crm: Script } {
  const office = JSON.parse(JSON.stringify(reviewedScript()).replaceAll('ada@x.com', email)) as Script;
  const people = office['people']?.pages[0]?.records as ReturnType<typeof rawRecord>[];
  people[0] = {
    ...rawRecord(email, [`email:${email}`, `jira-account:${account}`], {
      name,
      email,
      role: 'Consultant',
      zone: 'Europe/Berlin',
    }),
    payload: {
      keys: [`email:${email}`, `jira-account:${account}`],
      fields: { name, email, role: 'Consultant', zone: 'Europe/Berlin' },
      customFields: { nickname: 'kanaria' },
    },
  };
  office['items']?.pages.push({
    records: [
      mentioning(
        rawRecord('9', ['item:9'], {
          title: `Ask ${name} for the export`,
          description: `As ${email} wrote; KANARIA VOGEL agreed.`,
          project: 'project:1',
          assignee: `jira-account:${account}`,
        }),
      ),
    ],
  });
  const quota = {
    records: [rawRecord('77', [`email:${email}`, 'crm-owner:77'], { name, email, team: 'North', status: 'ACTIVE' })],
  };
  return {
    tracker: office,
    crm: {
      owners: { kind: 'person', pages: [quota] },
      deals: {
        kind: 'opportunity',
        pages: [
          {
            records: [
              rawRecord('5', ['deal:crm5'], { name: `Renewal, ${name}`, state: 'SCOPING', owner: 'crm-owner:77' }),
            ],
          },
        ],
      },
    },
  };
}

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  clock = manualClock('2026-03-02T08:00:00Z');
  ({ tracker, crm } = scripts());
  hub = await openHub({
    database: database.target,
    logger,
    clock,
    erasure: { by: ['privacy'] },
    sources: [
      { id: 'tracker', connector: memoryConnector('jira', tracker), config: {}, secrets: {} },
      { id: 'crm', connector: memoryConnector('hubspot', crm), config: {}, secrets: {} },
    ],
  });
  await hub.sync();
  const { projects } = await ask<{ projects: { nodes: { id: string }[] } }>('{ projects { nodes { id } } }');
  await acceptBaseline(ask as never, projects.nodes[0]?.id ?? '');
  clock.advance(86_400_000);
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
  crm['owners']?.pages.push({ records: [{ ...renamed, payload: { ...(renamed.payload as object), history } }] });
  await hub.sync();
  crm['owners']?.pages.push({
    records: [{ id: '77', changedAt: null, payload: { keys: name, fields: { note: 'kanaria' } } }],
  });
  await hub.sync();
  await sql`update quarantine set error = ${`keys: "${name}" is no list`}`.execute(hub.database.rows);
  await sql`update sync_run set warnings = jsonb_build_array(${`77 is in quarantine: "${name}" is no list`}::text), error = ${`${email} was refused`} where id in (select id from sync_run where source_id = 'crm' and stream = 'owners' order by started_at desc limit 1)`.execute(
    hub.database.rows,
  );
  await sql`insert into webhook_look (source_id, stream, external_id, mark, wanted_at, tries, erase) values ('tracker', 'people', ${email}, gen_random_uuid(), now(), 0, false)`.execute(
    hub.database.rows,
  );
}, 60_000);

afterAll(async () => {
  await hub.close();
  await database.drop();
});

async function ask<Data>(query: string): Promise<Data> {
  const { data, errors } = await createApi(hub).query(query);
  if (errors?.[0]) throw errors[0];
  return JSON.parse(JSON.stringify(data)) as Data;
}

async function asKey<Data>(actor: string, query: string): Promise<Data> {
  const headers = { 'content-type': 'application/json' };
  const request = new Request('http://127.0.0.1/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { data, errors } = (await (await createApi(hub).fetch(request, actor)).json()) as {
    data: Data;
    errors?: { message: string }[];
  };
  if (errors?.[0]) throw new Error(errors[0].message);
  return data;
}

/** Every table of the database, whoever made it, that has any of the words in any of its columns. */
async function tablesWith(words: readonly string[]): Promise<string[]> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(
    hub.database.rows,
  );
  expect(tables.length).toBeGreaterThan(40);
  const patterns = words.map((word) => `%${word}%`);
  const found: string[] = [];
  for (const { schema, name: table } of tables) {
    const { rows } = await sql`
      select 1 from ${sql.table(`${schema}.${table}`)} as entry where to_jsonb(entry)::text ilike any(${patterns}::text[]) limit 1`.execute(
      hub.database.rows,
    );
    if (rows.length > 0) found.push(table);
  }
  return found.sort();
}

/** What leaks, what is in the pipeline and who works how much, now and as it was, and whose the hours are. */
const figures = () =>
  ask(`{
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
  (await ask<{ rates: { nodes: { person: { id: string } }[] } }>('{ rates { nodes { person { id } } } }')).rates
    .nodes[0]?.person.id ?? '';

const counts = 'counts { what rows } leftAlone { what rows }';

test('only who was named may have somebody forgotten, and hears what that would do before it is done', async () => {
  const person = await personId();
  const before = await tablesWith(canaries);
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
  expect(await asKey('somebody', mutation)).toEqual({ erasePerson: { message: 'somebody may not erase.' } });
  await expect(asKey('somebody', `{ erasurePreview(person: "${person}") { ${counts} } }`)).rejects.toThrow(
    'may not erase',
  );
  const { erasurePreview } = await asKey<{ erasurePreview: unknown }>(
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
  expect(await tablesWith(canaries)).toEqual(before);
  expect(await ask('{ erasures { nodes { id } } }')).toEqual({ erasures: { nodes: [] } });
});

test('an erasure that fails in the middle has erased nothing', async () => {
  const before = await tablesWith(canaries);
  const id = decodeId(await personId(), 'person', 'person');
  const request = {
    target: { personId: id },
    askedBy: 'local',
    reason: 'r',
    settle: () => Promise.reject(new Error('the power failed')),
  };
  await expect(hub.erase(request)).rejects.toThrow('the power failed');
  expect(await tablesWith(canaries)).toEqual(before);
});

test('of somebody who is erased no word is left in any table, and every figure is as it was', async () => {
  const person = await personId();
  const before = await figures();
  expect(before).toMatchObject({
    leakage: [{ unlinkedTime: 144_000, revenueAtRisk: { amount: '6000' } }],
    north: { nodes: [{ id: person }] },
  });
  const query = `{ erasurePreview(person: "${person}") { ${counts} } }`;
  const { erasurePreview } = await ask<{ erasurePreview: unknown }>(query);
  const mutation = `mutation { erasePerson(person: "${person}", reason: "request 12", idempotencyKey: "once") { ... on Error { message } ... on ErasePersonSuccess { data { id askedBy ${counts} } } } }`;
  const first = await ask<{ erasePerson: { data: { id: string } } }>(mutation);
  expect(first.erasePerson.data).toMatchObject({ askedBy: 'local', ...(erasurePreview as object) });
  expect(await tablesWith(canaries)).toEqual([]);
  expect(await figures()).toEqual(before);
  expect(
    await ask(
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
  expect(await ask(mutation)).toEqual(first);
  expect(await ask('{ erasures { totalCount nodes { reason erasedAt } } }')).toMatchObject({
    erasures: { totalCount: 1, nodes: [{ reason: 'request 12', erasedAt: clock.now().toString() }] },
  });
});

test('what other records say of somebody erased is readable still, without their name', async () => {
  const { workItems } = await ask<{ workItems: { nodes: { title: string; description: string }[] } }>(
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
  for (const { status } of await hub.remap()) expect(status).toBe('SUCCEEDED');
  expect(await tablesWith(canaries)).toEqual([]);
  await sql`delete from stream_cursor`.execute(hub.database.rows);
  clock.advance(60_000);
  const reports = await hub.sync();
  expect(Object.fromEntries(reports.map(({ stream, counts: { erased } }) => [stream, erased]))).toMatchObject({
    owners: 3,
    people: 1,
    items: 0,
  });
  expect(await tablesWith(canaries)).toEqual([]);
  expect(await figures()).toEqual(before);
  tracker['people']?.pages.push({ records: [rawRecord(email, [`email:${email}`], { name, email, role: 'Director' })] });
  tracker['time']?.pages.push({
    records: [
      rawRecord('2', ['time:2'], {
        person: `email:${email}`,
        workItem: 'item:3',
        localDate: '2026-02-20',
        seconds: 3_600,
      }),
    ],
  });
  await hub.sync();
  // An hour more, and still theirs.
  const { timeEntries } = await ask<{
    timeEntries: { nodes: { seconds: number; person: { id: string; name: string | null } }[] };
  }>('{ timeEntries { nodes { seconds person { id name } } } }');
  expect(new Set(timeEntries.nodes.map(({ person }) => person.id)).size).toBe(1);
  expect(timeEntries.nodes.map(({ seconds, person }) => [seconds, person.name])).toEqual([
    [144_000, null],
    [3_600, null],
  ]);
});

test('a record that is erased is gone from the entity and from its past; what another source says of it stays', async () => {
  const heron = (fields: object) => rawRecord('6', ['deal:portal', 'crm-deal:6'], { state: 'PROPOSED', ...fields });
  const deals = crm['deals']?.pages;
  deals?.push({
    records: [
      heron({ name: 'Heron rollout', amount: { amount: '123456', currency: 'EUR' }, nextStep: 'Call Mr Heron' }),
    ],
  });
  await hub.sync();
  clock.advance(60_000);
  deals?.push({ records: [heron({ name: 'Heron rollout, smaller', amount: { amount: '99000', currency: 'EUR' } })] });
  await hub.sync();
  const portal = () =>
    ask<{ opportunities: { nodes: { id: string; name: string }[] } }>(
      `{ opportunities(first: 2, filter: { closeDate: { eq: "2026-03-20" } }) { nodes { id name nextStep amount { amount } owner { id } history { nodes { changes { field after } } } provenance { source } } }
       earlier: opportunities(first: 2, asOf: "${clock.now().subtract({ seconds: 30 }).toString()}", filter: { closeDate: { eq: "2026-03-20" } }) { nodes { name amount { amount } } } }`,
    );
  expect(await portal()).toMatchObject({
    opportunities: { nodes: [{ name: 'Heron rollout, smaller' }] },
    earlier: { nodes: [{ name: 'Heron rollout' }] },
  });
  expect(await tablesWith(['heron'])).toEqual(['facet', 'opportunity', 'record_payload', 'version']);
  const erased = await ask<{ eraseRecord: unknown }>(
    `mutation { eraseRecord(source: "crm", stream: "deals", recordId: "6", reason: "request 13") { ... on Error { message } ... on EraseRecordSuccess { data { records { source stream } } } } }`,
  );
  expect(erased).toEqual({ eraseRecord: { data: { records: [{ source: 'crm', stream: 'deals' }] } } });
  const after = await portal();
  expect(after).toMatchObject({
    opportunities: { nodes: [{ name: 'Portal', nextStep: null, amount: { amount: '100000' } }] },
    earlier: { nodes: [{ name: 'Portal', amount: { amount: '100000' } }] },
  });
  expect(JSON.stringify(after)).not.toMatch(/Heron|123456|99000|crm/);
  expect(await tablesWith(['heron', '123456', 'crm-deal:6'])).toEqual([]);
  const again =
    'mutation { eraseRecord(source: "crm", stream: "deals", recordId: "6", reason: "again") { ... on Error { message } } }';
  expect(await ask(again)).toEqual({ eraseRecord: { message: 'This record was erased before.' } });
});

test('a record of which nobody else says anything leaves an entity without a word, and those that refer to it', async () => {
  const { opportunities } = await ask<{ opportunities: { nodes: { id: string; name: string }[] } }>(
    '{ opportunities { nodes { id name } } }',
  );
  const renewal = opportunities.nodes.find(({ name: called }) => called.startsWith('Renewal'));
  crm['deals']?.pages.push({
    records: [rawRecord('8', ['deal:crm8'], { name: 'Renewal of the renewal', state: 'WON' })],
  });
  tracker['projects']?.pages.push({
    records: [rawRecord('2', ['project:2'], { name: 'Renewing', status: 'ACTIVE', opportunities: ['deal:crm5'] })],
  });
  await hub.sync();
  await ask(
    'mutation { eraseRecord(source: "crm", stream: "deals", recordId: "5", reason: "request 14") { __typename } }',
  );
  // The project's own payload goes on naming the id, which names nobody.
  expect([await tablesWith(['Renewal,']), await tablesWith(['deal:crm5'])]).toEqual([[], ['record_payload']]);
  expect(
    await ask(`{ node(id: "${renewal?.id}") { ... on Opportunity { name state owner { id } deletedAt history { nodes { changes { field } } } } }
    projects(filter: { name: { eq: "Renewing" } }) { nodes { opportunities(includeDeleted: true) { nodes { id name } } } } }`),
  ).toMatchObject({
    node: { name: null, state: null, owner: null, deletedAt: clock.now().toString() },
    projects: { nodes: [{ opportunities: { nodes: [{ id: renewal?.id, name: null }] } }] },
  });
});

test('what people wrote here is theirs: it is counted and stays, and whom it is about is somebody nobody can name', async () => {
  const { people } = await ask<{ people: { nodes: { id: string }[] } }>(
    '{ people(filter: { email: { eq: "grace@x.com" } }) { nodes { id } } }',
  );
  const { opportunities } = await ask<{ opportunities: { nodes: { id: string }[] } }>(
    '{ opportunities(first: 1, filter: { name: { eq: "Archive" } }) { nodes { id } } }',
  );
  const [grace, deal] = [people.nodes[0]?.id, opportunities.nodes[0]?.id];
  await ask(
    `mutation { checkIn(subject: "${deal}", perspective: SELLER, text: "As grace@x.com says", author: "${grace}") { __typename } }`,
  );
  await ask(
    `mutation { raiseObstacle(subject: "${deal}", point: { title: "grace@x.com is away", owner: "${grace}" }) { __typename } }`,
  );
  const owned = () => ask('{ obstacles(first: 5) { nodes { title owner { id } } } }');
  const before = await owned();
  expect(before).toEqual({ obstacles: { nodes: [{ title: 'grace@x.com is away', owner: { id: grace } }] } });
  const { erasePerson } = await ask<{ erasePerson: { data: { leftAlone: unknown } } }>(
    `mutation { erasePerson(person: "${grace}", reason: "request 15") { ... on ErasePersonSuccess { data { leftAlone { what rows } } } } }`,
  );
  expect(erasePerson.data.leftAlone).toEqual(
    expect.arrayContaining([
      { what: 'opportunity_view', rows: 1 },
      { what: 'own record', rows: 1 },
    ]),
  );
  // The title of the obstacle, and no key of hers.
  expect([await tablesWith(['email:grace']), await owned()]).toEqual([[], before]);
  expect(await tablesWith(['grace@x.com'])).toEqual([
    'facet',
    'obstacle',
    'opportunity_view',
    'record_payload',
    'version',
  ]);
});

test('whoever has the same name keeps it, in their own record and in texts, until nobody is left who has it', async () => {
  const robin = (at: string) => rawRecord(at, [`email:${at}`], { name: 'Robin Hale', email: at, role: 'Tester' });
  tracker['people']?.pages.push({ records: [robin('robin@x.com'), robin('hale@x.com')] });
  tracker['items']?.pages.push({
    records: [rawRecord('11', ['item:11'], { title: 'Ask Robin Hale, robin@x.com', project: 'project:1' })],
  });
  await hub.sync();
  const seen = () =>
    ask<{ people: { nodes: { id: string; name: string; email: string }[] }; items: { nodes: { title: string }[] } }>(
      `{ people(filter: { role: { eq: "Tester" } }, orderBy: { field: EMAIL, direction: DESC }) { nodes { id name email } }
         items: workItems(filter: { title: { startsWith: "Ask " } }) { nodes { title } } }`,
    );
  const forget = async (id: string | undefined) =>
    ask<{ erasePerson: { data: { leftAlone: unknown } } }>(
      `mutation { erasePerson(person: "${id}", reason: "request 16") { ... on ErasePersonSuccess { data { leftAlone { what rows } } } } }`,
    );
  const [first, second] = (await seen()).people.nodes;
  const { erasePerson } = await forget(first?.id);
  expect(erasePerson.data.leftAlone).toEqual([{ what: 'names that somebody else has', rows: 1 }]);
  const between = await seen();
  expect(between.people.nodes.find(({ id }) => id === second?.id)).toEqual({ ...second, name: 'Robin Hale' });
  expect(between.items.nodes.map(({ title }) => title)).toContainEqual(
    expect.stringMatching(/^Ask Robin Hale, erased-\w{32}@erased.invalid$/),
  );
  await forget(second?.id);
  expect(await tablesWith(['robin', 'hale@x.com'])).toEqual([]);
});

test('a row that is found by an address stays the same row: it is neither lost nor doubled, nor says the address again', async () => {
  const at = 'dora@x.com';
  const rows = [
    rawRecord(`${at}|2026`, [`row:rates/${at}|2026`], {
      person: `row:people/${at}`,
      billRate: { amount: '77', currency: 'EUR' },
      validFrom: '2026-01-01',
    }),
  ];
  const quota = {
    records: [rawRecord(at, [`row:people/${at}`], { name: 'Dora Quill', email: at, role: 'Writer' })],
  };
  tracker['people']?.pages.push(quota);
  const allIds = ['1', ...rows.map(({ id }) => id)];
  tracker['rates']?.pages.push({ records: rows, allIds });
  await hub.sync();
  const rates = () =>
    ask<{ rates: { nodes: { id: string; person: { id: string } }[] } }>(
      '{ rates(filter: { validFrom: { eq: "2026-01-01" } }) { nodes { id billRate { amount } person { id role } } } }',
    );
  const before = await rates();
  const dora = before.rates.nodes
    .map(({ person }) => person)
    .find((person) => 'role' in person && person.role === 'Writer');
  expect(before.rates.nodes).toContainEqual(expect.objectContaining({ billRate: { amount: '77' } }));
  await ask(`mutation { erasePerson(person: "${dora?.id}", reason: "request 17") { __typename } }`);
  expect([await tablesWith(['dora']), await rates()]).toEqual([[], before]);
  // The whole list again, a mapping of what is kept, and a census that lists the row under its own id.
  tracker['rates']?.pages.push({ records: rows, allIds });
  const read = (await hub.sync()).find(({ stream }) => stream === 'rates');
  expect(read?.counts).toMatchObject({ created: 0, changed: 0, deleted: 0 });
  await sql`update record set mapping = ''`.execute(hub.database.rows);
  await hub.remap();
  tracker['rates']!.census = { ids: allIds, confirm: 'DELETED' };
  await hub.sync({ sourceId: 'tracker', stream: 'rates', census: true });
  expect([await tablesWith(['dora']), await rates()]).toEqual([[], before]);
  // What changes in it is that row's, as is its end.
  const dearer = rawRecord(`${at}|2026`, [`row:rates/${at}|2026`], {
    person: `row:people/${at}`,
    billRate: { amount: '78', currency: 'EUR' },
    validFrom: '2026-01-01',
  });
  tracker['rates']?.pages.push({ records: [dearer], allIds });
  await hub.sync({ sourceId: 'tracker', stream: 'rates' });
  expect(await rates()).toEqual(JSON.parse(JSON.stringify(before).replace('"77"', '"78"')));
  tracker['rates']?.pages.push({ records: [], allIds: ['1'] });
  await hub.sync({ sourceId: 'tracker', stream: 'rates' });
  expect((await rates()).rates.nodes).toHaveLength(before.rates.nodes.length - 1);
});

test('rows that are keyed by names of several who were erased stay several, each of whom it was, whatever is mapped anew', async () => {
  const names = ['Ann Bolt', 'Cy Dunn'];
  const person = (called: string) =>
    rawRecord(
      called,
      [`who:${called}`, `email:${called[0]}@bolt.example`, `email:${called[0]?.toLowerCase()}@bolt.example`],
      { name: called, role: 'Binder' },
    );
  tracker['people']?.pages.push({ records: names.map(person) });
  tracker['rates']?.pages.push({
    records: names.map((called, index) =>
      rawRecord(`rate of ${called}`, [`row:rates/${called}`], {
        person: `who:${called}`,
        billRate: { amount: `${index + 200}`, currency: 'EUR' },
        validFrom: '2026-02-01',
      }),
    ),
  });
  // Two rows, by their keys.
  tracker['rates']?.pages.push({
    records: ['A@bolt.example', 'a@bolt.example'].map((id, index) => rawRecord(id, [`rate:bolt${index}`], {})),
  });
  await hub.sync();
  const rates = () =>
    ask<{ rates: { nodes: { id: string; person: { id: string } }[] } }>(
      '{ rates(filter: { validFrom: { eq: "2026-02-01" } }) { nodes { id billRate { amount } person { id role } } } }',
    );
  const before = await rates();
  expect(before.rates.nodes).toHaveLength(2);
  for (const { person: each } of before.rates.nodes)
    await ask(`mutation { erasePerson(person: "${each.id}", reason: "request 18") { __typename } }`);
  expect(await rates()).toEqual(before);
  // As after a change of the mapping, which makes every facet another one.
  await sql`update facet set custom_fields = '{"mapped": "otherwise"}' where kind = 'rate'`.execute(hub.database.rows);
  await hub.remap();
  expect(await rates()).toEqual(before);
});

test('nothing of what was erased was ever logged', () => {
  expect(logged.filter((line) => canaries.some((word) => line.toLowerCase().includes(word)))).toEqual([]);
});
