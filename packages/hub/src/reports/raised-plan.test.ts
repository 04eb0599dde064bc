import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { acceptBaseline, evidence, officeScript, openOffice, take, toReview } from '../../test/office.ts';

let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
const clock = manualClock('2026-03-06T10:00:00Z');
const hour = 3_600;

/** Half of what was first agreed is done; the item of the change, as large, is not. */
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const item = (id: string, fields: Record<string, unknown>, customFields: Record<string, string>) => ({
    ...rawRecord(id, [`item:${id}`], {}),
    payload: { keys: [`item:${id}`], fields: { project: 'project:1', estimate: 100 * hour, ...fields }, customFields },
  });
  const script = officeScript();
  script['items'] = {
    kind: 'workItem',
    pages: [
      {
        records: [
          item('1', { statusCategory: 'DONE' }, { commitment: 'D1' }),
          item('2', { statusCategory: 'TODO' }, { commitment: 'D2' }),
          item('3', { statusCategory: 'DOING', changeRequest: 'change:9' }, {}),
        ],
      },
    ],
  };
  script['changes']!.pages = [
    { records: [rawRecord('9', ['change:9'], { title: 'Export', state: 'CAPTURED', project: 'project:1' })] },
  ];
  script['projects']!.pages.push({
    records: [rawRecord('2', ['project:2'], { name: 'Reopened', status: 'ACTIVE', currency: 'EUR' })],
  });
  const told = (state: string) => ({
    ...rawRecord(state, [`change:${state}`], {}),
    payload: {
      keys: [`change:${state}`],
      fields: { title: `${state} in Jira`, state, project: 'project:2', submittedAt: '2026-03-01T10:00:00Z' },
      history: [
        { field: 'state', at: '2026-03-01T10:00:00Z', value: 'CAPTURED' },
        { field: 'state', at: '2026-03-03T10:00:00Z', value: state },
      ],
    },
  });
  script['changes']!.pages.push({ records: [told('APPROVED'), told('REJECTED')] });
  office = await openOffice({ database, clock, script });
  await acceptBaseline(office.ask, office.idOf('Rollout'));
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

interface Standing {
  baselines: { plannedValues: { on: string; value: string }[] }[];
  metrics: { inputs: { name: string; value: string }[] }[];
}

async function standing() {
  const { projects } = await office.ask<{ projects: { nodes: Standing[] } }>(
    `{ projects(filter: { name: { eq: "Rollout" } }) { nodes { baselines { plannedValues { on value } } metrics(names: ["estimateAtCompletion"]) { inputs { name value } } } } }`,
  );
  const [project] = projects.nodes;
  const input = (name: string) => project?.metrics[0]?.inputs.find((each) => each.name === name)?.value;
  return {
    curve: project?.baselines[0]?.plannedValues.map(({ on, value }) => `${on} ${value}`),
    budget: input('budgetAtCompletion'),
    earned: input('earnedValue'),
  };
}

test('an executed order adds to what is measured: its cost to the plan from its signature on, its items to the work', async () => {
  const before = await standing();
  expect(before).toEqual({ curve: ['2026-01-04 0', '2026-06-30 300000'], budget: '300000', earned: '150000' });
  const project = office.idOf('Rollout');
  const request = await toReview(office.ask, project, { title: 'Import' });
  // The change that the item belongs to is not ordered: it counts for nothing yet.
  await execute(request);
  expect(await standing()).toEqual({
    // 7 days later, and 6,000 more; 45 of 127 working days had passed at the signature, and 82 of 87 from then on by the old end.
    curve: [
      '2026-01-04 0',
      '2026-03-06 106299.212598425196850394',
      '2026-06-30 305655.172413793103448276',
      '2026-07-07 306000',
    ],
    budget: '306000',
    earned: '153000',
  });
  await take(office.ask, 'triageChangeRequest', `id: "${office.idOf('Export')}"`);
  await take(
    office.ask,
    'assessChangeRequest',
    `id: "${office.idOf('Export')}", priceDelta: { amount: "20000", currency: "EUR" }, costDelta: { amount: "9000", currency: "EUR" }, effortDelta: 360000, scheduleDeltaDays: 0`,
  );
  await execute(office.idOf('Export'));
  const after = await standing();
  expect([after.budget, after.earned]).toEqual(['315000', '105000']);
});

test('a request that is open again is no longer one that the client decided on', async () => {
  const decided = async () => {
    const { node } = await office.ask<{ node: { metrics: unknown[] } }>(
      `{ node(id: "${office.idOf('Reopened')}") { ... on Project { metrics(names: ["changeOrderConversion", "changeRequestCycleTime"]) { value inputs { name value } } } } }`,
    );
    return node.metrics;
  };
  const conversion = (value: string, accepted: number, open: number) => ({
    value,
    inputs: Object.entries({ accepted, rejected: 1, withdrawn: 0, open }).map(([name, each]) => ({
      name,
      value: each,
    })),
  });
  const cycle = (...seconds: number[]) => ({ value: '2', inputs: [{ name: 'decidedSeconds', value: seconds }] });
  expect(await decided()).toEqual([conversion('0.5', 1, 0), cycle(172_800, 172_800)]);
  await take(office.ask, 'deferChangeRequest', `id: "${office.idOf('APPROVED in Jira')}", reason: "Next year"`);
  expect(await decided()).toEqual([conversion('0', 0, 1), cycle(172_800)]);
});

async function execute(request: string): Promise<void> {
  const approver = office.idOf('Grace');
  await take(office.ask, 'quoteChangeRequest', `id: "${request}", approver: "${approver}"`);
  const { createChangeOrder } = await office.ask<{ createChangeOrder: { data: { id: string } } }>(
    `mutation { createChangeOrder(name: "Order", changeRequests: ["${request}"]) { ... on CreateChangeOrderSuccess { data { id } } } }`,
  );
  const order = createChangeOrder.data.id;
  await take(office.ask, 'approveChangeRequest', `id: "${request}", ${evidence}`);
  await office.ask(`mutation { moveChangeOrder(id: "${order}", step: SEND) { __typename } }`);
  await office.ask(
    `mutation { moveChangeOrder(id: "${order}", step: EXECUTE, signedOn: "2026-03-06", ${evidence}) { __typename ... on Error { message } } }`,
  );
}
