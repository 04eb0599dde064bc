import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { acceptBaseline, evidence, officeScript, openOffice, take, toReview } from '../../test/office.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import type { Hub } from '../hub.ts';

const MINUTE = 60_000;
const path = ['pmo@x.com', 'Managing director'];
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let hubs: Hub[] = [];
let clock: ReturnType<typeof manualClock>;

// The review opens on a Thursday at 10:00 and may take four business hours: until 14:00.
beforeEach(async () => {
  database = await emptyDatabase({ durable: true });
  clock = manualClock('2026-03-05T10:00:00Z');
  await open();
  await acceptBaseline(office.ask, office.idOf('Rollout'));
});

afterEach(async () => {
  for (const hub of hubs) await hub.close();
  hubs = [];
  await database.drop();
});

async function open(script = officeScript()): Promise<void> {
  const changeControl = { reviewHours: 4, escalation: { path, everyHours: 4 } };
  office = await openOffice({ database, clock, script, changeControl, proposals: { review: 'ADVISED' } });
  hubs.push(office.hub);
}

async function escalations(id: string): Promise<unknown[]> {
  const { node } = await office.ask<{
    node: { decisions: { version: number; action: string; actor: string; at: string; details: unknown }[] };
  }>(`query ($id: ID!) { node(id: $id) { ... on ChangeRequest { decisions { version action actor at details } } } }`, {
    id,
  });
  return node.decisions
    .filter(({ action }) => action === 'ESCALATE')
    .map(({ version, actor, at, details }) => ({ version, actor, at, details }));
}

test('a review that is due is raised to the project’s manager once, and then along the path', async () => {
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'Export' });
  clock.advance(239 * MINUTE);
  expect(await office.hub.escalate()).toBe(0);
  clock.advance(MINUTE);
  expect(await office.hub.escalate()).toBe(1);
  expect(await office.hub.escalate()).toBe(0);
  expect(await escalations(id)).toEqual([
    { version: 5, actor: 'plumbline', at: '2026-03-05T14:00:00Z', details: { level: 1, to: 'ada@x.com' } },
  ]);

  // Four business hours later it is Friday, 10:00.
  clock.advance(20 * 60 * MINUTE - 1);
  expect(await office.hub.escalate()).toBe(0);
  clock.advance(1);
  expect(await office.hub.escalate()).toBe(1);
  clock.advance(4 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(1);
  clock.advance(1_000 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(0);
  expect((await escalations(id)).slice(1)).toEqual([
    { version: 6, actor: 'plumbline', at: '2026-03-06T10:00:00Z', details: { level: 2, to: 'pmo@x.com' } },
    { version: 7, actor: 'plumbline', at: '2026-03-06T14:00:00Z', details: { level: 3, to: 'Managing director' } },
  ]);
});

test('a project is escalated along the path of its accepted proposal, each by its own', async () => {
  const offer = async (name: string, terms: string) => {
    const id = await take(
      office.ask,
      'createProposal',
      `opportunity: "${office.idOf(`${name} deal`)}", terms: { price: { amount: "1000", currency: "EUR" } ${terms} }`,
    );
    await take(office.ask, 'submitProposal', `id: "${id}"`);
    await take(office.ask, 'acceptProposal', `id: "${id}", project: "${office.idOf(name)}", ${evidence}`);
  };
  await hubs.pop()?.close();
  await open(threeProjects());
  await offer('Own path', ', escalationPath: ["Head of delivery"]');
  await offer('Nobody', ', escalationPath: []');
  await offer('Silent', '');
  const ids: Record<string, string> = {};
  for (const name of ['Own path', 'Nobody', 'Silent', 'Rollout'])
    ids[name] = await toReview(office.ask, office.idOf(name), { title: name });
  clock.advance(4 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(4);
  clock.advance(20 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(3);
  clock.advance(4 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(2);
  clock.advance(1_000 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(0);
  const told = async (name: string) =>
    (await escalations(ids[name] ?? '')).map((each) => (each as { details: { to: string } }).details.to);
  expect(await told('Own path')).toEqual(['the project’s manager', 'Head of delivery']);
  expect(await told('Nobody')).toEqual(['the project’s manager']);
  expect(await told('Silent')).toEqual(['the project’s manager', ...path]);
  expect(await told('Rollout')).toEqual(['ada@x.com', ...path]);
});

/** The office with three more projects, each sold as a deal of its name. */
function threeProjects(): ReturnType<typeof officeScript> {
  const script = officeScript();
  const names = ['Own path', 'Nobody', 'Silent'];
  script['projects']?.pages.push({
    records: names.map((name) => rawRecord(name, [`project:${name}`], { name, status: 'ACTIVE', currency: 'EUR' })),
  });
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      { records: names.map((name) => rawRecord(name, [`deal:${name}`], { name: `${name} deal`, state: 'WON' })) },
    ],
  };
  return script;
}

test('a weekend does not count towards the next level', async () => {
  clock.advance(24 * 60 * MINUTE + 2 * 60 * MINUTE);
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'Friday noon' });
  clock.advance(4 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(1);
  // Sunday, and Monday before 12:00: an hour of Friday and three of Monday.
  clock.advance(48 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(0);
  clock.advance(20 * 60 * MINUTE - 1);
  expect(await office.hub.escalate()).toBe(0);
  clock.advance(1);
  expect(await office.hub.escalate()).toBe(1);
  expect(await escalations(id)).toMatchObject([{ at: '2026-03-06T16:00:00Z' }, { at: '2026-03-09T12:00:00Z' }]);
});

test('what came due while nobody was running is raised after the start, and what was raised is not raised again', async () => {
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'Overnight' });
  clock.advance(4 * 60 * MINUTE);
  await office.hub.escalate();
  await hubs.pop()?.close();
  clock.advance(19 * 60 * MINUTE);
  await open();
  expect(await office.hub.escalate()).toBe(0);
  clock.advance(60 * MINUTE);
  expect(await office.hub.escalate()).toBe(1);
  expect(await escalations(id)).toMatchObject([{ details: { level: 1 } }, { details: { level: 2 } }]);
});

test('two that escalate at once raise each review once', async () => {
  const ids = [];
  for (const title of ['One', 'Two', 'Three']) ids.push(await toReview(office.ask, office.idOf('Rollout'), { title }));
  clock.advance(4 * 60 * MINUTE);
  const raised = await Promise.all([office.hub.escalate(), office.hub.escalate()]);
  expect(raised.toSorted()).toEqual([0, 3]);
  for (const id of ids) expect(await escalations(id)).toHaveLength(1);
});

test('a review that ended, or whose request is gone, is left alone, and a new one begins at the first level', async () => {
  const deferred = await toReview(office.ask, office.idOf('Rollout'), { title: 'Deferred' });
  const quoted = await toReview(office.ask, office.idOf('Rollout'), { title: 'Quoted' });
  clock.advance(4 * 60 * MINUTE);
  await office.hub.escalate();
  await take(office.ask, 'deferChangeRequest', `id: "${deferred}", reason: "Budget"`);
  await take(office.ask, 'quoteChangeRequest', `id: "${quoted}", approver: "${office.idOf('Grace')}"`);
  clock.advance(72 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(0);

  // Monday, 08:00: it counts from the new review, from 09:00 on.
  clock.advance(18 * 60 * MINUTE);
  await take(office.ask, 'assessChangeRequest', `id: "${deferred}", scheduleDeltaDays: 3`);
  clock.advance(5 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(1);
  expect(await escalations(deferred)).toMatchObject([{ details: { level: 1 } }, { details: { level: 1 } }]);
  await sql`update change_request set deleted_at = now()`.execute(office.hub.database.rows);
  clock.advance(24 * 60 * MINUTE);
  expect(await office.hub.escalate()).toBe(0);
});

test('assessing again while the review goes on buys no time', async () => {
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'Again' });
  clock.advance(4 * 60 * MINUTE);
  await office.hub.escalate();
  await take(office.ask, 'assessChangeRequest', `id: "${id}", scheduleDeltaDays: 3`);
  const review = (asOf = '') =>
    office.ask(
      `{ node(id: "${id}") { ... on ChangeRequest { commercial${asOf} { review { openedAt dueAt escalations closedAt } } } } }`,
    );
  const standing = await review();
  expect(standing).toEqual({
    node: {
      commercial: {
        review: { openedAt: '2026-03-05T10:00:00Z', dueAt: '2026-03-05T14:00:00Z', escalations: 1, closedAt: null },
      },
    },
  });
  clock.advance(MINUTE);
  expect(await review(`(asOf: "2026-03-05T14:00:00Z")`)).toEqual(standing);
});

test('what is overdue is listed, the longest overdue first', async () => {
  await toReview(office.ask, office.idOf('Rollout'), { title: 'First' });
  clock.advance(30 * MINUTE);
  await toReview(office.ask, office.idOf('Rollout'), { title: 'Second' });
  clock.advance(24 * 60 * MINUTE);
  await toReview(office.ask, office.idOf('Rollout'), { title: 'In time' });
  await office.hub.escalate();
  expect(await office.ask(`{ overdueReviews { title commercial { review { overdue escalations } } } }`)).toEqual({
    overdueReviews: [
      { title: 'First', commercial: { review: { overdue: true, escalations: 1 } } },
      { title: 'Second', commercial: { review: { overdue: true, escalations: 1 } } },
    ],
  });
  expect(await office.ask(`{ overdueReviews(first: 1) { title } }`)).toEqual({ overdueReviews: [{ title: 'First' }] });
});

test('the queue asks for it every five minutes, and does it', async () => {
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'By the queue' });
  clock.advance(4 * 60 * MINUTE);
  const jobs = await office.hub.startJobs();
  const { rows } = await sql<{ cron: string }>`select cron from jobs.schedule where name = 'escalate'`.execute(
    office.hub.database.rows,
  );
  expect(rows).toEqual([{ cron: '*/5 * * * *' }]);
  await sql`insert into jobs.job (name) values ('escalate')`.execute(office.hub.database.rows);
  await expect.poll(() => escalations(id), { timeout: 20_000 }).toHaveLength(1);
  await jobs.stop();
}, 40_000);
