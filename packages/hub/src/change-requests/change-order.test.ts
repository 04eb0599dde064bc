import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { failEverywhere } from '../../test/faults.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { acceptBaseline, evidence, officeScript, openOffice, take, toReview } from '../../test/office.ts';

let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
const script = officeScript();
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const fromJira = (estimate: { effortDelta?: number; scheduleDeltaDays?: number } = {}) =>
  rawRecord('9', ['change:9'], {
    title: 'From Jira',
    state: 'IMPLEMENTING',
    project: 'project:1',
    priceDelta: eur('10000'),
    costDelta: eur('6000'),
    ...estimate,
  });
const estimated = (effortDelta: number, scheduleDeltaDays: number) =>
  rawRecord('11', ['change:11'], {
    title: 'Estimated',
    state: 'TRIAGED',
    project: 'project:1',
    priceDelta: eur('3000'),
    costDelta: eur('1000'),
    effortDelta,
    scheduleDeltaDays,
  });
const inTheSheet = (price: string) =>
  rawRecord('10', ['change:10'], {
    title: 'In the sheet',
    state: 'TRIAGED',
    project: 'project:1',
    requester: 'email:ada@x.com',
    priceDelta: eur(price),
    costDelta: eur('1000'),
    effortDelta: 36_000,
    scheduleDeltaDays: 0,
  });

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script['people']!.pages.push({ records: [rawRecord('eve', ['email:eve@x.com'], { name: 'Eve', status: 'LEFT' })] });
  script['projects']!.pages.push({
    records: [
      rawRecord('2', ['project:2'], { name: 'Gone', status: 'ACTIVE', currency: 'EUR', zone: 'Europe/Nowhere' }),
    ],
  });
  script['changes']!.pages = [
    {
      records: [fromJira(), inTheSheet('10000'), estimated(36_000, 5)],
    },
  ];
  office = await openOffice({ database, clock: manualClock('2026-03-06T10:00:00Z'), script });
  await acceptBaseline(office.ask, office.idOf('Rollout'));
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

async function draft(name: string, requests: readonly string[]): Promise<string> {
  const { createChangeOrder } = await office.ask<{ createChangeOrder: { data: { id: string } } }>(
    `mutation ($requests: [ID!]!) { createChangeOrder(name: "${name}", changeRequests: $requests) { ... on CreateChangeOrderSuccess { data { id } } } }`,
    { requests },
  );
  return createChangeOrder.data.id;
}

const signature = `signedOn: "2026-03-06", ${evidence}`;

async function move(id: string, step: string): Promise<unknown> {
  const { moveChangeOrder } = await office.ask(
    `mutation { moveChangeOrder(id: "${id}", step: ${step}) { ... on RefusedError { guard message remedy } ... on MoveChangeOrderSuccess { data { state } } } }`,
  );
  return moveChangeOrder;
}

/** What the source says from now on. */
async function says(record: ReturnType<typeof rawRecord>): Promise<void> {
  script['changes']!.pages.push({ records: [record] });
  await office.hub.sync();
}

/** The plan of the latest baseline. */
async function plan(): Promise<unknown> {
  const { node } = await office.ask<{ node: { baselines: unknown[] } }>(
    `{ node(id: "${office.idOf('Rollout')}") { ... on Project { baselines { contractValue { amount } plannedCost { amount } plannedSeconds end } } } }`,
  );
  return node.baselines[0];
}

async function quoted(title: string): Promise<string> {
  const id = await toReview(office.ask, office.idOf('Rollout'), { title });
  return take(office.ask, 'quoteChangeRequest', `id: "${id}", approver: "${office.idOf('Grace')}"`);
}

test('an order is executed only when the client has said yes to each of its requests', async () => {
  const exported = await quoted('Export');
  const report = await quoted('Report');
  const order = await draft('CO 1', [exported, report]);
  await move(order, 'SEND');
  await take(office.ask, 'approveChangeRequest', `id: "${exported}", ${evidence}`);
  expect(await move(order, `EXECUTE, ${signature}`)).toEqual({
    guard: 'approved',
    message: 'The request "Report" is QUOTED; the client has not said yes to it.',
    remedy: 'Record the client’s decision by `approveChangeRequest` first, or make an order without it.',
  });
  await take(office.ask, 'approveChangeRequest', `id: "${report}", ${evidence}`);
  await take(office.ask, 'startChangeRequest', `id: "${report}"`);
  // It is the seventh on the first of the islands, and the eighth nowhere.
  expect(await move(order, `EXECUTE, signedOn: "2026-03-08", ${evidence}`)).toEqual({
    guard: 'signature',
    message: '2026-03-08 has not come yet.',
    remedy: 'Give the day on which it was signed.',
  });
  expect(await move(order, `EXECUTE, ${signature}`)).toEqual({ data: { state: 'EXECUTED' } });
});

test('what nobody knows of a request is promised by no order, and agreed to by no client', async () => {
  const id = office.idOf('From Jira');
  const refusal = {
    guard: 'allDeltas',
    message: 'Of the request "From Jira", effortDelta, scheduleDeltaDays are not known.',
    remedy:
      'Complete them in its source, or put it off by `deferChangeRequest` and give all four by `assessChangeRequest`; zero is an answer.',
  };
  const { createChangeOrder } = await office.ask(
    `mutation { createChangeOrder(name: "Too early", changeRequests: ["${id}"], amount: { amount: "1", currency: "EUR" }) { ... on RefusedError { guard message remedy } } }`,
  );
  expect(createChangeOrder).toEqual(refusal);
  await says(fromJira({ effortDelta: 36_000, scheduleDeltaDays: 0 }));
  const order = await draft('CO 2', [id]);
  await says(fromJira());
  expect(await move(order, 'SEND')).toEqual(refusal);
  await expect(take(office.ask, 'approveChangeRequest', `id: "${id}", ${evidence}`)).rejects.toThrow(
    'effortDelta, scheduleDeltaDays are not known.',
  );
  await move(order, 'VOID');
});

test('work that goes on in a source is no yes of the client, and what they say yes to is what counts', async () => {
  await says(fromJira({ effortDelta: 36_000, scheduleDeltaDays: 2 }));
  const order = await draft('CO 2', [office.idOf('From Jira')]);
  await move(order, 'SEND');
  expect(await move(order, `EXECUTE, ${signature}`)).toMatchObject({
    guard: 'approved',
    message: 'The request "From Jira" is QUOTED; the client has not said yes to it.',
  });
  await take(office.ask, 'approveChangeRequest', `id: "${office.idOf('From Jira')}", ${evidence}`);
  await says(fromJira({ effortDelta: 720_000, scheduleDeltaDays: 200 }));
  const before = { contractValue: { amount: '524000' }, plannedCost: { amount: '312000' } };
  expect(await plan()).toEqual({ ...before, plannedSeconds: 7_560_000, end: '2026-07-14' });
  expect(await move(order, `EXECUTE, signedOn: "2026-03-07", ${evidence}`)).toEqual({ data: { state: 'EXECUTED' } });
  const after = { contractValue: { amount: '534000' }, plannedCost: { amount: '318000' } };
  expect(await plan()).toEqual({ ...after, plannedSeconds: 7_596_000, end: '2026-07-16' });
});

test('what was quoted raises the baseline, whatever is estimated since; what was never kept is asked for', async () => {
  const id = office.idOf('Estimated');
  await take(office.ask, 'assessChangeRequest', `id: "${id}"`);
  await take(office.ask, 'quoteChangeRequest', `id: "${id}", approver: "${office.idOf('Grace')}"`);
  await says(estimated(99_000, 50));
  const order = await draft('CO 2b', [id]);
  await move(order, 'SEND');
  await take(office.ask, 'approveChangeRequest', `id: "${id}", ${evidence}`);
  const { node } = await office.ask<{ node: unknown }>(
    `{ node(id: "${id}") { ... on ChangeRequest { effortDelta decisions { action details } } } }`,
  );
  expect(node).toMatchObject({
    effortDelta: 99_000,
    decisions: [{}, {}, {}, { action: 'APPROVE', details: { effortDelta: 36_000, scheduleDeltaDays: 5 } }],
  });
  // As approvals were kept before, of a request that nobody quoted here.
  const { rows } = office.hub.database;
  await says(rawRecord('11', ['change:11'], { title: 'Estimated', state: 'TRIAGED', project: 'project:1' }));
  const kept = await sql<{ id: string; details: unknown }>`
    select id, details from decision where details -> 'effortDelta' = '36000' and action in ('QUOTE', 'APPROVE')
      and subject_id = (select id from change_request where title = 'Estimated')`.execute(rows);
  await sql`update decision set details = details - 'effortDelta' where id = any(${kept.rows.map((row) => row.id)}::uuid[])`.execute(
    rows,
  );
  expect(await move(order, `EXECUTE, ${signature}`)).toEqual({
    guard: 'allDeltas',
    message: 'Of the request "Estimated", effortDelta, scheduleDeltaDays are not known.',
    remedy: 'Complete them in its source; zero is an answer.',
  });
  for (const row of kept.rows)
    await sql`update decision set details = ${JSON.stringify(row.details)}::jsonb where id = ${row.id}::uuid`.execute(
      rows,
    );
  expect(await move(order, `EXECUTE, ${signature}`)).toEqual({ data: { state: 'EXECUTED' } });
  const raised = { contractValue: { amount: '537000' }, plannedCost: { amount: '319000' } };
  expect(await plan()).toEqual({ ...raised, plannedSeconds: 7_632_000, end: '2026-07-21' });
});

test('an order whose execution fails at any statement is not executed at all', async () => {
  const id = await quoted('Half-signed');
  const order = await draft('CO 3', [id]);
  await move(order, 'SEND');
  await take(office.ask, 'approveChangeRequest', `id: "${id}", ${evidence}`);
  const standing = await everything();
  const left = new Set<string>();
  const failed = await failEverywhere(
    office.hub,
    `mutation { moveChangeOrder(id: "${order}", step: EXECUTE, ${signature}) { __typename } }`,
    async () => void left.add(await everything()),
  );
  expect(failed).toBeGreaterThan(6);
  expect([...left]).toEqual([standing]);
  expect(await everything()).not.toBe(standing);
  expect(await move(order, 'VOID')).toMatchObject({ guard: 'state' });
});

test('work does not begin on a price whose order was taken back, and nothing but a signature is a day of signing', async () => {
  const id = await quoted('Without an order');
  const order = await draft('CO 4', [id]);
  await take(office.ask, 'approveChangeRequest', `id: "${id}", ${evidence}`);
  await move(order, `SEND, signedOn: "2026-03-06"`);
  await move(order, 'VOID');
  const start = () => take(office.ask, 'startChangeRequest', `id: "${id}"`);
  await expect(start()).rejects.toThrow('no change order names it');
  await draft('CO 5', [id]);
  expect(await start()).toBe(id);
  const { node } = await office.ask<{ node: { changeOrders: unknown } }>(
    `{ node(id: "${id}") { ... on ChangeRequest { changeOrders { name state signedOn version } } } }`,
  );
  expect(node.changeOrders).toEqual([
    { name: 'CO 5', state: 'DRAFT', signedOn: null, version: 1 },
    { name: 'CO 4', state: 'VOID', signedOn: null, version: 3 },
  ]);
});

test('what was offered stands, whatever price the sheet says later', async () => {
  const id = office.idOf('In the sheet');
  const price = async (says: string) => {
    script['changes']!.pages.push({ records: [inTheSheet(says)] });
    await office.hub.sync();
    const { node } = await office.ask<{ node: { priceDelta: { amount: string } } }>(
      `{ node(id: "${id}") { ... on ChangeRequest { priceDelta { amount } } } }`,
    );
    return node.priceDelta.amount;
  };
  await take(office.ask, 'assessChangeRequest', `id: "${id}"`);
  expect(await price('9000')).toBe('9000');
  await take(office.ask, 'quoteChangeRequest', `id: "${id}", approver: "${office.idOf('Grace')}"`);
  expect(await price('0')).toBe('9000');
  await expect(take(office.ask, 'approveChangeRequest', `id: "${id}", ${evidence}`)).rejects.toThrow(
    'It has a price, and no change order names it.',
  );
});

test('nobody who does not exist approves, and nothing is asked for of a project that is gone', async () => {
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'By nobody' });
  const nobody = Buffer.from('Person:00000000-0000-7000-8000-000000000000').toString('base64url');
  await expect(take(office.ask, 'quoteChangeRequest', `id: "${id}", approver: "${nobody}"`)).rejects.toThrow(
    'There is no such approver.',
  );
  const eve = `id: "${id}", approver: "${office.idOf('Eve')}"`;
  await expect(take(office.ask, 'quoteChangeRequest', `${eve}, waiver: "x"`)).rejects.toThrow('Eve has left.');
  const absorb = (approver: string, amount: string) =>
    take(
      office.ask,
      'absorbChangeRequest',
      `${approver}, reason: "x", value: { amount: "${amount}", currency: "EUR" }`,
    );
  await expect(absorb(eve, '5')).rejects.toThrow('Eve has left.');
  const grace = `id: "${id}", approver: "${office.idOf('Grace')}"`;
  await expect(absorb(grace, '-5')).rejects.toThrow('Nobody gives away less than nothing.');
  const project = office.idOf('Gone');
  await acceptBaseline(office.ask, project);
  const capture = () => take(office.ask, 'captureChangeRequest', `project: "${project}", title: "Too late"`);
  const early = await capture();
  script['projects']!.pages.push({ records: [], deletes: [{ id: '2', at: null }] });
  await office.hub.sync();
  await expect(capture()).rejects.toThrow('There is no such project.');
  await expect(take(office.ask, 'triageChangeRequest', `id: "${early}"`)).rejects.toThrow('It belongs to no project.');
});

/** Every baseline, order and decision there is. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ said: string }>`
    select (select count(*) from baseline) || ' ' || (select sum(contract_value) from baseline) || ' '
      || (select count(*) from decision) || ' ' || (select count(*) from version) || ' '
      || (select string_agg(concat_ws(' ', state, signed_on, evidence), ',' order by id) from change_order) as said`.execute(
    office.hub.database.rows,
  );
  return rows[0]?.said ?? '';
}
