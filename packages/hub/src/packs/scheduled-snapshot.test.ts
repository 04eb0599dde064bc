import { manualClock, silentLogger } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { evidence, officeScript, openOffice, take } from '../../test/office.ts';

// A Friday.
const clock = manualClock('2026-03-06T10:00:00Z');
const told: unknown[][] = [];
const tell = (...words: unknown[]) => void told.push(words);
const logger = { ...silentLogger, warn: tell, error: tell };
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

const open = () =>
  openOffice({
    database,
    clock,
    logger,
    script: twoClients(),
    proposals: { review: 'ADVISED' },
    reviews: { portfolio: { weekday: 1, currency: 'EUR' } },
  });

// Two clients, to each of whom a statement of work promises a report every 14 days.
beforeAll(async () => {
  database = await emptyDatabase({ durable: true });
  office = await open();
  for (const name of ['Portal', 'Depot']) {
    const terms = `terms: { reportingCycleDays: 14, price: { amount: "480000", currency: "EUR" } }`;
    const id = await take(office.ask, 'createProposal', `opportunity: "${office.idOf(name)}", ${terms}`);
    await take(office.ask, 'submitProposal', `id: "${id}"`);
    await take(office.ask, 'acceptProposal', `id: "${id}", ${evidence}`);
  }
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

function twoClients(): ReturnType<typeof officeScript> {
  const script = officeScript();
  const add = (stream: string, ...records: ReturnType<typeof rawRecord>[]) => script[stream]?.pages.push({ records });
  add('clients', rawRecord('beta', ['client:beta'], { name: 'Beta AG' }));
  add('projects', rawRecord('2', ['project:2'], { name: 'Warehouse', status: 'ACTIVE', client: 'client:beta' }));
  script['deals'] = { kind: 'opportunity', pages: [] };
  const deal = (id: string, name: string) =>
    rawRecord(id, [`deal:${id}`], { name, state: 'WON', projects: [`project:${id}`] });
  add('deals', deal('1', 'Portal'), deal('2', 'Depot'));
  return script;
}

interface Taken {
  dueOn: string | null;
  late: boolean;
  asOf: string;
  takenBy: string;
  lens: string;
}

/** The snapshots of both clients and of the portfolio, the latest first. */
async function taken(): Promise<Record<string, Taken[]>> {
  const fields = 'dueOn late asOf takenBy lens';
  const { clients } = await office.ask<{ clients: { nodes: { id: string; name: string }[] } }>(
    '{ clients { nodes { id name } } }',
  );
  const [acme, beta] = ['Acme GmbH', 'Beta AG'].map((name) => clients.nodes.find((each) => each.name === name)?.id);
  return office.ask(`{
    acme: snapshots(scope: { client: "${acme}" }) { ${fields} }
    beta: snapshots(scope: { client: "${beta}" }) { ${fields} }
    portfolio: snapshots(scope: { portfolio: true }) { ${fields} } }`);
}

const at = (instant: string) => clock.set(Temporal.Instant.from(instant));
const count = async () => Object.values(await taken()).map(({ length }) => length);

test('nothing is taken before its day, and no Monday is made up for that went by before the schedule began', async () => {
  at('2026-03-08T23:59:00Z');
  await office.hub.sync();
  expect(await office.hub.takeDueSnapshots()).toBe(0);
});

test('each client gets a report on the day that its statement of work says, and the portfolio is taken every Monday', async () => {
  at('2026-03-16T00:15:00Z');
  await office.hub.sync();
  expect(await office.hub.takeDueSnapshots()).toBe(1);
  expect((await taken())['portfolio']).toEqual([
    { dueOn: '2026-03-16', late: false, asOf: '2026-03-16T00:15:00Z', takenBy: 'plumbline', lens: 'BOTH' },
  ]);
  at('2026-03-20T00:15:00Z');
  await office.hub.sync();
  expect(await office.hub.takeDueSnapshots()).toBe(2);
  const report = {
    dueOn: '2026-03-20',
    late: false,
    asOf: '2026-03-20T00:15:00Z',
    takenBy: 'plumbline',
    lens: 'DELIVERY',
  };
  expect(await taken()).toMatchObject({ acme: [report], beta: [report] });
  expect(await office.ask('{ reportsMissed { missed } }')).toEqual({ reportsMissed: [] });
  expect(await office.hub.takeDueSnapshots()).toBe(0);
});

test('two workers at once take each one once', async () => {
  at('2026-03-23T05:00:00Z');
  await office.hub.sync();
  expect((await Promise.all([office.hub.takeDueSnapshots(), office.hub.takeDueSnapshots()])).toSorted()).toEqual([
    0, 1,
  ]);
  expect(await count()).toEqual([1, 1, 2]);
});

test('it waits for sources that are late, but not beyond the day', async () => {
  told.length = 0;
  at('2026-04-03T01:00:00Z');
  // Of the Monday before nothing can be waited for any more.
  expect(await office.hub.takeDueSnapshots()).toBe(1);
  expect(told).toEqual([[{ scope: 'PORTFOLIO', dueOn: '2026-03-30' }, 'A snapshot was taken late.']]);
  at('2026-04-03T22:59:00Z');
  expect(await office.hub.takeDueSnapshots()).toBe(0);
  at('2026-04-03T23:00:00Z');
  expect(await office.hub.takeDueSnapshots()).toBe(2);
  expect((await taken())['acme']?.[0]).toMatchObject({ dueOn: '2026-04-03', late: false });
});

test('a hub that was down takes what is due when it is back, as of then, and says that it is late', async () => {
  await office.hub.close();
  at('2026-04-22T09:00:00Z');
  office = await open();
  expect(await office.ask('{ reportsMissed { dueOn missed } }')).toEqual({
    reportsMissed: [1, 2].map(() => ({ dueOn: '2026-04-17', missed: 1 })),
  });
  expect(await office.hub.takeDueSnapshots()).toBe(3);
  const found = await taken();
  const late = { late: true, asOf: '2026-04-22T09:00:00Z' };
  expect(found['acme']?.[0]).toMatchObject({ dueOn: '2026-04-17', ...late });
  // Of the Mondays it was down for the last one is taken; nothing can be read of the others any more.
  expect(found['portfolio']?.slice(0, 2)).toMatchObject([{ dueOn: '2026-04-20', ...late }, { dueOn: '2026-03-30' }]);
  const reports = (asOf: string) => office.ask(`{ reportsMissed(asOf: "${asOf}") { missed } }`);
  expect(await reports('2026-04-22T09:00:00Z')).toEqual({ reportsMissed: [] });
  // That it was missed is not undone.
  expect(await reports('2026-04-22T08:59:00Z')).toEqual({ reportsMissed: [{ missed: 1 }, { missed: 1 }] });
});

test('one that cannot be taken keeps no other from being taken, and is taken as soon as it can be', async () => {
  const { rows } = office.hub.database;
  const [acme] = (await sql<{ id: string }>`select id from client where name = 'Acme GmbH'`.execute(rows)).rows;
  await sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''disk full''; end'`.execute(
    rows,
  );
  await sql`create trigger refuse before insert on report_snapshot for each row when (new.scope_id = ${sql.lit(acme?.id)}) execute function refuse()`.execute(
    rows,
  );
  at('2026-05-06T12:00:00Z');
  await office.hub.sync();
  told.length = 0;
  const before = await count();
  expect(await office.hub.takeDueSnapshots()).toBe(2);
  expect(told).toContainEqual([
    { scope: 'CLIENT', client: acme?.id, dueOn: '2026-05-06', error: expect.stringContaining('disk full') as string },
    'A snapshot that is due was not taken.',
  ]);
  await sql`drop trigger refuse on report_snapshot`.execute(rows);
  expect(await office.hub.takeDueSnapshots()).toBe(1);
  expect(await count()).toEqual(before.map((each) => each + 1));
});

test('what a clock that ran ahead has taken keeps nothing from being taken on the days before', async () => {
  at('2026-05-20T12:00:00Z');
  await office.hub.sync();
  await office.hub.takeDueSnapshots();
  const before = await count();
  at('2027-01-06T12:00:00Z');
  await office.hub.sync();
  expect(await office.hub.takeDueSnapshots()).toBe(3);
  // The clock is put right: a Wednesday on which reports are due, and behind a Monday.
  at('2026-06-03T12:00:00Z');
  expect(await office.ask('{ reportsMissed { missed } }')).toEqual({ reportsMissed: [] });
  expect(await office.hub.takeDueSnapshots()).toBe(3);
  expect(await count()).toEqual(before.map((each) => each + 2));
  at('2026-06-18T12:00:00Z');
  expect(await office.ask('{ reportsMissed { dueOn missed } }')).toEqual({
    reportsMissed: [1, 2].map(() => ({ dueOn: '2026-06-17', missed: 1 })),
  });
  expect(await office.hub.takeDueSnapshots()).toBe(3);
  expect((await taken())['portfolio']?.map(({ dueOn }) => dueOn).slice(0, 3)).toEqual([
    '2027-01-04',
    '2026-06-15',
    '2026-06-01',
  ]);
});

test('the queue asks for it every quarter of an hour, and does it', async () => {
  at('2026-06-22T06:00:00Z');
  await office.hub.sync();
  const [, , before] = await count();
  const jobs = await office.hub.startJobs();
  const { rows } = office.hub.database;
  expect((await sql`select cron from jobs.schedule where name = 'review'`.execute(rows)).rows).toEqual([
    { cron: '*/15 * * * *' },
  ]);
  await sql`insert into jobs.job (name) values ('review')`.execute(rows);
  await expect.poll(async () => (await count())[2], { timeout: 20_000 }).toBe((before ?? 0) + 1);
  await jobs.stop();
}, 40_000);
