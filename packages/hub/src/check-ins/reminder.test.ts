import { manualClock, silentLogger } from '@plumbline/connector';
import { sql } from 'kysely';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice } from '../../test/office.ts';
import { readReminderToSend, type ReminderToSend } from './reminder.store.ts';

// A Friday: what is first seen then is old from the next Friday on.
const clock = manualClock('2026-03-06T10:00:00Z');
const at = (instant: string) => clock.set(Temporal.Instant.from(instant));
const posted: ReminderToSend[] = [];
const told: unknown[][] = [];
const logger = { ...silentLogger, error: (...words: unknown[]) => void told.push(words) };
let answers: number[] = [];
let receiver: Server;
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      posted.push(JSON.parse(body) as ReminderToSend);
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const address = receiver.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  database = await emptyDatabase({ durable: false });
  office = await openOffice({
    database,
    clock,
    logger,
    script: company(),
    calendars: { Japan: { holidays: ['2026-03-20'] } },
    checkIns: {
      reminders: {
        async send(reminder, { signal }) {
          const answer = await fetch(url, { method: 'POST', body: JSON.stringify(reminder), signal });
          if (!answer.ok) throw new Error(`The chat answers ${answer.status}.`);
        },
      },
    },
  });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
  receiver.close();
});

/** Ada in Tokyo leads a project; Grace sells a deal, and has one with Ada; Zoe has left, and one deal has no owner. */
function company(): ReturnType<typeof officeScript> {
  const script = officeScript();
  const person = (name: string, more: object) =>
    rawRecord(name, [`email:${name}@x.com`], { name, email: `${name}@x.com`, ...more });
  script['people'] = {
    kind: 'person',
    pages: [
      { records: [person('ada', { zone: 'Asia/Tokyo' }), person('grace', {}), person('zoe', { status: 'LEFT' })] },
    ],
  };
  const capacity = { person: 'email:ada@x.com', secondsPerDay: 28_800, calendar: 'Japan' };
  script['capacities'] = { kind: 'capacity', pages: [{ records: [rawRecord('ada', ['cap:ada'], capacity)] }] };
  const deal = (name: string, owner: string | null) =>
    rawRecord(name, [`deal:${name}`], { name, state: 'SCOPING', ...(owner ? { owner: `email:${owner}@x.com` } : {}) });
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      { records: [deal('Portal', 'grace'), deal('Archive', 'grace'), deal('Depot', 'zoe'), deal('Attic', null)] },
    ],
  };
  return script;
}

interface Recorded {
  day: string;
  person: { name: string };
  opportunity: { name: string } | null;
  project: { name: string } | null;
  nth: number;
}

const recorded = async (args = '') =>
  (
    await office.ask<{ reminders: Recorded[] }>(
      `{ reminders${args} { day person { name } opportunity { name } project { name } perspective lastAsOf oldSince nth recordedAt } }`,
    )
  ).reminders;

/** Who was reminded of what on a day, and the how-manieth time. */
const brief = async (day: string) =>
  (await recorded(`(from: "${day}", to: "${day}")`))
    .map(({ person, opportunity, project, nth }) => `${person.name} ${opportunity?.name ?? project?.name} ${nth}`)
    .toSorted();

test('nobody is reminded of what is not old yet, before their morning, or on a day off', async () => {
  at('2026-03-13T09:59:00Z');
  expect(await office.hub.remind()).toBe(0);
  at('2026-03-14T12:00:00Z');
  expect(await office.hub.remind()).toBe(0);
  // Monday: 08:59 in Tokyo.
  at('2026-03-15T23:59:00Z');
  expect(await office.hub.remind()).toBe(0);
});

test('everybody is reminded in their own morning of all that is due, once a day, whoever asks for it at once', async () => {
  at('2026-03-16T00:00:00Z');
  expect(await office.hub.remind()).toBe(1);
  at('2026-03-16T09:15:00Z');
  expect((await Promise.all([office.hub.remind(), office.hub.remind()])).toSorted()).toEqual([0, 1]);
  at('2026-03-16T14:00:00Z');
  expect(await office.hub.remind()).toBe(0);
  expect(await brief('2026-03-16')).toEqual(['ada Rollout 1', 'grace Archive 1', 'grace Portal 1']);
  expect(await recorded(`(person: "${office.idOf('ada')}")`)).toEqual([
    {
      day: '2026-03-16',
      person: { name: 'ada' },
      opportunity: null,
      project: { name: 'Rollout' },
      perspective: 'OPERATIONS',
      lastAsOf: null,
      oldSince: '2026-03-13T10:00:00Z',
      nth: 1,
      recordedAt: '2026-03-16T00:00:00Z',
    },
  ]);
});

test('reminders are counted, and stop when somebody checks in, until that view is old as well', async () => {
  at('2026-03-17T10:00:00Z');
  const checkIn = (name: string, perspective: string) =>
    office.ask(
      `mutation { checkIn(subject: "${office.idOf(name)}", perspective: ${perspective}, text: "Well.") { __typename } }`,
    );
  await checkIn('Portal', 'SELLER');
  // What the client thinks is not what the seller does.
  await checkIn('Archive', 'CLIENT');
  expect(await office.hub.remind()).toBe(2);
  expect(await brief('2026-03-17')).toEqual(['ada Rollout 2', 'grace Archive 2']);
  await checkIn('Rollout', 'OPERATIONS');
  // A holiday in Japan, and a Friday like any other elsewhere.
  at('2026-03-20T10:00:00Z');
  await office.hub.remind();
  expect(await brief('2026-03-20')).toEqual(['grace Archive 3']);
  at('2026-03-25T10:00:00Z');
  expect(await office.hub.remind()).toBe(2);
  expect(await brief('2026-03-25')).toEqual(['ada Rollout 1', 'grace Archive 4', 'grace Portal 1']);
});

test('a list that is sent names fifty views, the oldest first, and says how many more there are', async () => {
  const { rows } = office.hub.database;
  const day = '2026-04-01';
  const [person] = (await sql<{ id: string }>`select id from person where name = 'grace'`.execute(rows)).rows;
  const list = { personId: person?.id ?? '', day };
  const record = (from: number, to: number) =>
    sql`insert into reminder (id, person_id, day, subject_kind, subject_id, perspective, old_since, nth, recorded_at)
      select gen_random_uuid(), ${list.personId}::uuid, ${day}::date, 'opportunity', gen_random_uuid(), 'SELLER',
        '2026-03-01T00:00:00Z'::timestamptz + make_interval(hours => n), 1, now()
      from generate_series(${from}::int, ${to}::int) as n`.execute(rows);
  await record(11, 60);
  expect(await readReminderToSend(rows, list)).toMatchObject({ more: 0, views: { length: 50 } });
  await record(1, 10);
  const reminder = await readReminderToSend(rows, list);
  expect([reminder?.views.length, reminder?.more]).toEqual([50, 10]);
  expect(reminder?.views[0]?.oldSince).toBe('2026-03-01T01:00:00Z');
  expect(reminder?.views.at(-1)?.oldSince).toBe('2026-03-03T02:00:00Z');
});

test('each list goes to where the site wants it, again under the same id until it was taken', async () => {
  at('2026-03-26T00:30:00Z');
  answers = [503];
  const jobs = await office.hub.startJobs();
  const { rows } = office.hub.database;
  await sql`insert into jobs.job (name) values ('remind')`.execute(rows);
  await expect.poll(() => posted.length, { timeout: 20_000 }).toBe(1);
  await expect
    .poll(
      async () =>
        (
          await sql`update jobs.job set start_after = now() where name = 'send-reminder' and state = 'retry' returning id`.execute(
            rows,
          )
        ).rows.length,
      { timeout: 20_000 },
    )
    .toBe(1);
  await expect.poll(() => posted.length, { timeout: 20_000 }).toBe(2);
  expect(posted[1]).toEqual(posted[0]);
  // What the site's function says is wrong is for whoever operates the hub.
  expect(told).toEqual([
    [{ job: 'send-reminder', error: expect.stringContaining('The chat answers 503.') as string }, 'A job failed.'],
  ]);
  const ada = office.idOf('ada');
  expect(posted[0]).toEqual({
    id: `2026-03-26 ${ada}`,
    day: '2026-03-26',
    person: { id: ada, name: 'ada', email: 'ada@x.com' },
    views: [
      {
        subject: { id: office.idOf('Rollout'), name: 'Rollout' },
        perspective: 'OPERATIONS',
        lastAsOf: '2026-03-17T10:00:00Z',
        oldSince: '2026-03-24T10:00:00Z',
        nth: 2,
      },
    ],
    more: 0,
  });
  await jobs.stop();
}, 60_000);
