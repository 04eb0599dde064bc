import { silentLogger, type Presence } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, type Script } from '../../test/memory-connector.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let crm: Script;
let tracker: Script;

async function open(prefix = ''): Promise<void> {
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    sources: [
      { id: 'crm', connector: memoryConnector('hubspot', crm), config: { prefix }, secrets: {} },
      { id: 'tracker', connector: memoryConnector('jira', tracker), config: {}, secrets: {} },
    ],
  });
}

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  crm = {
    deals: { kind: 'opportunity', pages: [{ records: [] }] },
    companies: { kind: 'client', pages: [{ records: [] }] },
    people: { kind: 'person', pages: [{ records: [] }] },
  };
  tracker = {
    projects: { kind: 'project', pages: [{ records: [] }] },
    people: { kind: 'person', pages: [{ records: [] }] },
  };
});

afterEach(async () => {
  await hub.close();
  await database.drop();
});

async function rows<Row>(statement: string): Promise<Row[]> {
  return (await sql<Row>`${sql.raw(statement)}`.execute(hub.database.rows)).rows;
}

test('a reference to what has not arrived yet is right as soon as it arrives', async () => {
  crm['deals']!.pages = [
    {
      records: [
        rawRecord('1', ['deal:1'], {
          name: 'Portal',
          client: 'company:9',
          amount: { amount: '1250.50', currency: 'EUR' },
        }),
      ],
    },
  ];
  await open();
  await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(
    await rows('select o.name, c.name as client from opportunity o left join client c on c.id = o.client_id'),
  ).toEqual([{ name: 'Portal', client: null }]);
  crm['companies']!.pages = [{ records: [rawRecord('9', ['company:9', 'domain:acme.com'], { name: 'Acme' })] }];
  await hub.sync({ sourceId: 'crm', stream: 'companies' });
  expect(
    await rows('select o.name, c.name as client from opportunity o left join client c on c.id = o.client_id'),
  ).toEqual([{ name: 'Portal', client: 'Acme' }]);
});

test('a reference follows its key to another entity, although the one before lives on', async () => {
  const company = (id: string, keys: string[]) => rawRecord(id, keys, { name: `Company ${id}` });
  crm['companies'] = {
    kind: 'client',
    pages: [{ records: [company('1', ['crm:1', 'domain:a']), company('2', ['crm:2', 'domain:b'])] }],
  };
  crm['deals'] = {
    kind: 'opportunity',
    pages: [{ records: [rawRecord('d', ['deal:d'], { name: 'Portal', client: 'crm:1' })] }],
  };
  tracker['rows'] = {
    kind: 'client',
    pages: [
      {
        records: [rawRecord('a', ['domain:a'], { currency: 'EUR' }), rawRecord('b', ['domain:b'], { currency: 'EUR' })],
      },
    ],
  };
  await open();
  await hub.sync();
  const clientOf = () => rows('select client.name from opportunity join client on client.id = opportunity.client_id');
  expect(await clientOf()).toEqual([{ name: 'Company 1' }]);
  // The first is merged into the second; the sheet still has both, and the deal says what it said before.
  crm['companies'].pages.push({
    records: [company('2', ['crm:2', 'crm:1', 'domain:b'])],
    deletes: [{ id: '1', at: null }],
  });
  await hub.sync();
  expect(await clientOf()).toEqual([{ name: 'Company 2' }]);
  expect(await rows('select count(*)::int as clients from client where deleted_at is null')).toEqual([{ clients: 2 }]);
});

test('records of two sources with one key are one entity, and the master of each field wins', async () => {
  crm['people']!.pages = [
    { records: [rawRecord('7', ['owner:7', 'email:ada@acme.com'], { name: 'Ada Lovelace', role: 'Seller' })] },
  ];
  tracker['people']!.pages = [
    { records: [rawRecord('a1', ['account:a1', 'email:ada@acme.com'], { name: 'ada', zone: 'Europe/London' })] },
  ];
  await open();
  await hub.sync();
  expect(await rows('select name, role, zone from person')).toEqual([
    { name: 'Ada Lovelace', role: 'Seller', zone: 'Europe/London' },
  ]);
});

test('two entities that turn out to be one are merged and every reference follows', async () => {
  crm['deals']!.pages = [
    {
      records: [
        rawRecord('1', ['deal:1'], { name: 'A', owner: 'owner:7' }),
        rawRecord('2', ['deal:2'], { name: 'B', owner: 'email:ada@acme.com' }),
      ],
    },
  ];
  crm['people']!.pages = [{ records: [rawRecord('7', ['owner:7'], { name: 'Ada' })] }];
  tracker['people']!.pages = [{ records: [rawRecord('a1', ['email:ada@acme.com'], { name: 'ada' })] }];
  await open();
  await hub.sync();
  expect(await rows('select count(*)::int as n from person where deleted_at is null')).toEqual([{ n: 2 }]);
  crm['people']!.pages.push({ records: [rawRecord('7', ['owner:7', 'email:ada@acme.com'], { name: 'Ada' })] });
  await hub.sync({ sourceId: 'crm', stream: 'people' });
  expect(await rows('select count(*)::int as n from person where deleted_at is null')).toEqual([{ n: 1 }]);
  expect(
    await rows(
      'select o.name, p.name as owner from opportunity o join person p on p.id = o.owner_id where p.deleted_at is null order by 1',
    ),
  ).toEqual([
    { name: 'A', owner: 'Ada' },
    { name: 'B', owner: 'Ada' },
  ]);
});

test('a record that cannot be read goes to quarantine, the rest of its page is there, and repaired it leaves', async () => {
  crm['deals']!.pages = [
    {
      records: [
        rawRecord('1', ['deal:1'], { name: 'Good' }),
        rawRecord('2', ['deal:2'], { name: 'Bad', closeDate: 'soon' }),
      ],
    },
  ];
  await open();
  const [report] = await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(report).toMatchObject({ status: 'PARTIAL', counts: { created: 2, quarantined: 1 } });
  expect(report?.warnings).toEqual([
    '2 is in quarantine: fields.closeDate: wants a calendar date such as "2026-03-01", got "soon"',
  ]);
  expect(await rows('select name from opportunity')).toEqual([{ name: 'Good' }]);
  crm['deals']!.pages.push({ records: [rawRecord('2', ['deal:2'], { name: 'Bad', closeDate: '2026-03-01' })] });
  const [repaired] = await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(repaired).toMatchObject({ status: 'SUCCEEDED', counts: { released: 1 } });
  expect(await rows('select name from opportunity order by 1')).toEqual([{ name: 'Bad' }, { name: 'Good' }]);
  expect(await rows('select 1 from quarantine')).toEqual([]);
});

test('a poll that brings nothing new writes nothing but its own run', async () => {
  crm['deals']!.pages = [{ records: [rawRecord('1', ['deal:1'], { name: 'Portal' })] }];
  await open();
  await hub.sync({ sourceId: 'crm', stream: 'deals' });
  const marks = `select (select count(*) from version)::int as versions, (select array_agg(xmin::text) from record) as records,
    (select array_agg(xmin::text) from stream_cursor) as cursors, (select array_agg(xmin::text) from facet) as facets`;
  const before = await rows(marks);
  const [report] = await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(report?.counts).toMatchObject({ read: 1, unchanged: 1, created: 0, changed: 0 });
  expect(await rows(marks)).toEqual(before);
});

test('an older version never overwrites a newer one', async () => {
  crm['deals']!.pages = [
    { records: [rawRecord('1', ['deal:1'], { name: 'Newer' }, '2026-02-02T00:00:00Z')] },
    { records: [rawRecord('1', ['deal:1'], { name: 'Older' }, '2026-01-01T00:00:00Z')] },
  ];
  await open();
  await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(await rows('select name from opportunity')).toEqual([{ name: 'Newer' }]);
});

test('a reported deletion is a tombstone with a time, and what comes back is restored under its id', async () => {
  crm['deals']!.pages = [
    { records: [rawRecord('1', ['deal:1'], { name: 'Portal' })] },
    { records: [], deletes: [{ id: '1', at: null }] },
  ];
  await open();
  await hub.sync({ sourceId: 'crm', stream: 'deals' });
  const [gone] = await rows<{ id: string; deleted: boolean }>(
    'select id, deleted_at is not null as deleted from opportunity',
  );
  expect(gone?.deleted).toBe(true);
  crm['deals']!.pages.push({ records: [rawRecord('1', ['deal:1'], { name: 'Portal again' })] });
  await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(await rows('select id, name, deleted_at from opportunity')).toEqual([
    { id: gone?.id, name: 'Portal again', deleted_at: null },
  ]);
  expect(await rows('select operation from version order by seq')).toEqual([
    { operation: 'CREATED' },
    { operation: 'DELETED' },
    { operation: 'RESTORED' },
  ]);
});

test('what a complete list no longer has is gone', async () => {
  crm['deals']!.pages = [
    {
      records: [rawRecord('1', ['deal:1'], { name: 'A' }), rawRecord('2', ['deal:2'], { name: 'B' })],
      allIds: ['1', '2'],
    },
  ];
  await open();
  await hub.sync({ sourceId: 'crm', stream: 'deals' });
  crm['deals']!.pages.push({ records: [], allIds: ['2'] });
  await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(await rows('select name from opportunity where deleted_at is null')).toEqual([{ name: 'B' }]);
});

test('keys on either side link opportunity and project', async () => {
  crm['deals']!.pages = [
    {
      records: [
        rawRecord('1', ['deal:1'], { name: 'A', projects: ['project-key:ALFA'] }),
        rawRecord('2', ['deal:2'], { name: 'B' }),
      ],
    },
  ];
  tracker['projects']!.pages = [
    {
      records: [
        rawRecord('p1', ['project:1', 'project-key:ALFA'], { name: 'Alfa' }),
        rawRecord('p2', ['project:2'], { name: 'Beta', opportunities: ['deal:2'] }),
      ],
    },
  ];
  await open();
  await hub.sync();
  expect(
    await rows(
      'select o.name as deal, p.name as project, l.status, l.origin from project_link l join opportunity o on o.id = opportunity_id join project p on p.id = project_id order by 1',
    ),
  ).toEqual([
    { deal: 'A', project: 'Alfa', status: 'LINKED', origin: 'KEY' },
    { deal: 'B', project: 'Beta', status: 'LINKED', origin: 'KEY' },
  ]);
});

test('a changed mapping is applied to what is stored, without asking the vendor', async () => {
  database = await emptyDatabase({ durable: true });
  crm['deals']!.pages = [{ records: [rawRecord('1', ['deal:1'], { name: 'Portal' })] }];
  await open();
  await hub.sync({ sourceId: 'crm' });
  await hub.close();
  await open('New: ');
  const reports = await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(reports.map((report) => [report.task, report.status, report.counts.read])).toEqual([['POLL', 'SUCCEEDED', 1]]);
  expect(await rows('select name from opportunity')).toEqual([{ name: 'New: Portal' }]);
  expect(
    await rows(
      `select task, status, counts->>'changed' as changed from sync_run where stream = 'deals' order by started_at`,
    ),
  ).toEqual([
    { task: 'POLL', status: 'SUCCEEDED', changed: '0' },
    { task: 'REMAP', status: 'SUCCEEDED', changed: '1' },
    { task: 'POLL', status: 'SUCCEEDED', changed: '0' },
  ]);
});

test('text that PostgreSQL cannot keep does not take its page with it', async () => {
  crm['deals']!.pages = [
    {
      records: [
        rawRecord('1', ['deal:1'], { name: 'nul \0 and half \uD800' }),
        rawRecord('2', ['deal:2'], { name: 'fine' }),
      ],
    },
  ];
  await open();
  const [report] = await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(report?.status).toBe('SUCCEEDED');
  expect(await rows('select name from opportunity order by name')).toEqual([
    { name: 'fine' },
    { name: 'nul \uFFFD and half \uFFFD' },
  ]);
});

test('what a vendor changed without telling is found when everything is read again, which goes on where it was cut off', async () => {
  const page = (first: number, name: string) => ({
    records: [first, first + 1].map((id) => rawRecord(String(id), [`deal:${id}`], { name })),
  });
  crm['deals']!.pages = [page(1, 'old'), page(3, 'old'), page(5, 'old')];
  await open();
  await hub.sync({ sourceId: 'crm' });
  const names = (): Promise<{ names: string }[]> =>
    rows(`select string_agg(name, ' ' order by name) as names from opportunity`);
  crm['deals']!.pages = [page(1, 'new'), page(3, 'new'), page(5, 'old')];
  await hub.sync({ sourceId: 'crm' });
  expect(await names()).toEqual([{ names: 'old old old old old old' }]);
  const cutOff = new AbortController();
  const stop = hub.watch(({ counts }) => counts.pages === 1 && cutOff.abort());
  const [cut] = await hub.sync({ sourceId: 'crm', stream: 'deals', again: true, signal: cutOff.signal });
  stop();
  const [rest] = await hub.sync({ sourceId: 'crm', stream: 'deals' });
  expect(await names()).toEqual([{ names: 'new new new new old old' }]);
  expect([cut?.status, rest?.status]).toEqual(['INTERRUPTED', 'SUCCEEDED']);
  // The page that is being stored while the reading is cut off is stored, and the one behind it may be on its way.
  expect(rest?.counts.pages).toBeLessThan(3);
});

test('a census tells what is deleted from what is hidden, and is not believed when too much is gone', async () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    rawRecord(`${index}`, [`deal:${index}`], { name: `Deal ${index}` }),
  );
  crm['deals']!.pages = [{ records: many }];
  await open();
  const census = async (gone: number, confirm: Presence['state'], believe = false) => {
    crm['deals']!.census = { ids: many.slice(gone).map((each) => each.id), confirm };
    const reports = await hub.sync({ sourceId: 'crm', stream: 'deals', census: true, believe });
    return reports.find((report) => report.task === 'CENSUS');
  };
  const absences = `select string_agg(distinct record.state, ' ') as states, count(*) filter (where opportunity.deleted_at is not null)::int as gone
    from opportunity join facet on facet.entity_id = opportunity.id join record on record.id = facet.record_id`;
  await hub.sync({ sourceId: 'crm', stream: 'deals' });
  crm['deals']!.pages = [{ records: [] }];
  expect(await census(2, 'DELETED')).toMatchObject({ status: 'SUCCEEDED', counts: { deleted: 2 } });
  expect(await rows(absences)).toEqual([{ states: 'DELETED PRESENT', gone: 2 }]);
  expect(await census(4, 'INVISIBLE')).toMatchObject({
    status: 'PARTIAL',
    counts: { vanished: 2 },
    warnings: [expect.stringContaining('no longer visible')],
  });
  expect(await rows(absences)).toEqual([{ states: 'DELETED INVISIBLE PRESENT', gone: 4 }]);
  expect(await census(6, 'ABSENT')).toMatchObject({ status: 'SUCCEEDED', counts: { deleted: 0, vanished: 2 } });
  expect(await rows(absences)).toEqual([{ states: 'DELETED INVISIBLE PRESENT', gone: 6 }]);
  expect(await census(17, 'ABSENT', true)).toMatchObject({
    status: 'PARTIAL',
    counts: { vanished: 11 },
    warnings: [expect.stringContaining('11 records are deleted or no longer visible')],
  });
  expect(await census(50, 'DELETED')).toMatchObject({
    status: 'PARTIAL',
    counts: { deleted: 0 },
    warnings: [expect.stringContaining('not believed')],
  });
  expect(await rows(absences)).toEqual([{ states: 'DELETED INVISIBLE PRESENT', gone: 17 }]);
  expect(await census(50, 'DELETED', true)).toMatchObject({ status: 'SUCCEEDED', counts: { deleted: 33 } });
  expect(await rows(absences)).toEqual([{ states: 'DELETED INVISIBLE PRESENT', gone: 50 }]);
});

test('two sources that describe the same entities at the same time never merge past each other', async () => {
  const people = Array.from({ length: 200 }, (_, index) => `email:person${index}@acme.com`);
  const pages = (fields: Record<string, unknown>) =>
    Array.from({ length: 10 }, (_, page) => ({
      records: people
        .slice(page * 20, page * 20 + 20)
        .map((email) => rawRecord(email, [email], { name: email, ...fields })),
    }));
  crm['people']!.pages = pages({ role: 'Seller' });
  tracker['people']!.pages = pages({ zone: 'Europe/London' });
  await open();
  const reports = await hub.sync();
  expect(reports.filter((report) => report.status !== 'SUCCEEDED')).toEqual([]);
  expect(await rows('select role, zone, count(*)::int as n from person group by 1, 2')).toEqual([
    { role: 'Seller', zone: 'Europe/London', n: 200 },
  ]);
});
