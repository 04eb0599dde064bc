import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { failEverywhere } from '../../test/faults.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { acceptBaseline, evidence, officeScript, openOffice, take, toReview } from '../../test/office.ts';

let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  script['changes']!.pages = [
    {
      records: [
        rawRecord('9', ['change:9'], {
          title: 'From Jira',
          state: 'IMPLEMENTING',
          project: 'project:1',
          priceDelta: eur('10000'),
          costDelta: eur('6000'),
        }),
      ],
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
  expect(await move(order, `EXECUTE, ${signature}`)).toEqual({ data: { state: 'EXECUTED' } });
});

test('work that goes on in a source is no yes of the client', async () => {
  const order = await draft('CO 2', [office.idOf('From Jira')]);
  await move(order, 'SEND');
  expect(await move(order, `EXECUTE, ${signature}`)).toMatchObject({
    guard: 'approved',
    message: 'The request "From Jira" is QUOTED; the client has not said yes to it.',
  });
  await take(office.ask, 'approveChangeRequest', `id: "${office.idOf('From Jira')}", ${evidence}`);
  expect(await move(order, `EXECUTE, ${signature}`)).toEqual({ data: { state: 'EXECUTED' } });
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
