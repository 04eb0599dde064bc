import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { acceptBaseline, evidence, openOffice, take, toReview } from '../../test/office.ts';

let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
const clock = manualClock('2026-03-06T10:00:00Z');

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  office = await openOffice({ database, clock, changeControl: { preset: 'light' } });
  await acceptBaseline(office.ask, office.idOf('Rollout'));
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

async function marginOf(id: string): Promise<unknown> {
  const { node } = await office.ask<{ node: { commercial: { margin: unknown } } }>(
    `query ($id: ID!) { node(id: $id) { ... on ChangeRequest { commercial { margin {
      own { value reason currency } floor projectBefore { value } projectAfter { value } } } } } }`,
    { id },
  );
  return node.commercial.margin;
}

test('what is not assessed has no margin, and says why', async () => {
  const id = await take(office.ask, 'captureChangeRequest', `project: "${office.idOf('Rollout')}", title: "Idea"`);
  expect(await marginOf(id)).toEqual({
    own: { value: null, reason: 'The price is not known.', currency: null },
    floor: '0.10',
    projectBefore: { value: '0.4' },
    projectAfter: { value: null },
  });
});

test('who quotes sees the margin before and after, by the figures of the day it is quoted', async () => {
  const id = await toReview(office.ask, office.idOf('Rollout'), {
    title: 'Export',
    deltas: `priceDelta: { amount: "100000", currency: "EUR" }, costDelta: { amount: "84000", currency: "EUR" }, effortDelta: 180000, scheduleDeltaDays: 7`,
  });
  const figures = {
    own: { value: '0.16', reason: null, currency: 'EUR' },
    floor: '0.10',
    projectBefore: { value: '0.4' },
    projectAfter: { value: '0.36' },
  };
  expect(await marginOf(id)).toEqual(figures);
  // The floor of the light preset lets it through.
  await take(office.ask, 'quoteChangeRequest', `id: "${id}", approver: "${office.idOf('Grace')}"`);
  clock.advance(3_600_000);
  const { createChangeOrder } = await office.ask<{ createChangeOrder: { data: { id: string } } }>(
    `mutation { createChangeOrder(name: "CO 1", changeRequests: ["${id}"]) { ... on CreateChangeOrderSuccess { data { id } } } }`,
  );
  const order = createChangeOrder.data.id;
  await take(office.ask, 'approveChangeRequest', `id: "${id}", ${evidence}`);
  await office.ask(`mutation { moveChangeOrder(id: "${order}", step: SEND) { __typename } }`);
  await office.ask(
    `mutation { moveChangeOrder(id: "${order}", step: EXECUTE, signedOn: "2026-03-06", ${evidence}) { __typename } }`,
  );
  expect(await marginOf(id)).toEqual(figures);
});

test('a list knows the stage of each request whether or not it is asked for the state', async () => {
  const withdrawn = await toReview(office.ask, office.idOf('Rollout'), { title: 'Withdrawn' });
  await take(office.ask, 'withdrawChangeRequest', `id: "${withdrawn}", reason: "No longer wanted"`);
  expect(await office.ask(`{ changeRequests(orderBy: { field: TITLE }) { nodes { title stage } } }`)).toEqual({
    changeRequests: {
      nodes: [
        { title: 'Export', stage: 'DECIDED' },
        { title: 'Idea', stage: 'OPEN' },
        { title: 'Withdrawn', stage: 'DONE' },
      ],
    },
  });
  const { project } = await office.ask<{ project: { changeRequests: { nodes: { stage: string }[] } } }>(
    `query ($id: ID!) { project: node(id: $id) { ... on Project { changeRequests { nodes { stage } } } } }`,
    { id: office.idOf('Rollout') },
  );
  expect(project.changeRequests.nodes.map(({ stage }) => stage).toSorted()).toEqual(['DECIDED', 'DONE', 'OPEN']);
});
