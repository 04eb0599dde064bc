import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { acceptBaseline, evidence, officeScript, openOffice, take, toReview } from '../../test/office.ts';

const clock = manualClock('2026-03-02T08:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  const script = officeScript();
  const entry = (id: string, localDate: string) =>
    rawRecord(id, [`time:${id}`], { person: 'email:ada@x.com', workItem: 'item:1', seconds: 36_000, localDate });
  script['rates'] = {
    kind: 'rate',
    pages: [
      {
        records: [rawRecord('1', ['rate:1'], { person: 'email:ada@x.com', billRate: eur('150'), costRate: eur('90') })],
      },
    ],
  };
  script['changes'] = {
    kind: 'changeRequest',
    pages: [
      {
        records: [
          rawRecord('1', ['change:1'], {
            title: 'Import',
            state: 'TRIAGED',
            project: 'project:1',
            workItems: ['item:1'],
          }),
        ],
      },
    ],
  };
  script['items'] = {
    kind: 'workItem',
    pages: [{ records: [rawRecord('1', ['item:1'], { title: 'Import', project: 'project:1', estimate: 72_000 })] }],
  };
  script['time'] = { kind: 'timeEntry', pages: [{ records: [entry('1', '2026-02-27'), entry('2', '2026-03-04')] }] };
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      {
        records: [
          rawRecord('1', ['deal:1'], {
            name: 'Sold rollout',
            state: 'WON',
            amount: eur('500000'),
            owner: 'email:grace@x.com',
          }),
        ],
      },
    ],
  };
  office = await openOffice({ database, script, clock });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

/** What the project and its requests show, now or as of an instant. */
function query(asOf: string | null): string {
  const [at, also] = asOf === null ? ['', ''] : [`(asOf: "${asOf}")`, `, asOf: "${asOf}"`];
  return `query ($project: ID!, $grace: ID!) {
    node(id: $project) { ... on Project {
      metrics${at} { name value reason }
      work${at} { scope seconds }
      baselines${at} { version contractValue { amount } acceptedAt }
      changeOrders${at} { name state signedOn evidence amount { amount } }
      smallChanges${at} { sum { amount } }
      opportunities${at} { nodes { name } }
    } }
    changeRequests(first: 5, orderBy: { field: TITLE }${also}) { nodes {
      title state commercial${at} {
        controlled version nextSteps
        review { openedAt dueAt closedAt overdue escalations } margin { own { value reason } projectAfter { value } }
      }
    } }
    overdueReviews${at} { title }
    portfolio(currency: "EUR", seller: $grace${also}) { projects leftOut { reason } metrics { name value } }
  }`;
}

test('after every decision the hub can be asked how all stood before it', async () => {
  const { ask, idOf, hub } = office;
  const project = idOf('Rollout');
  const fromSource = idOf('Import');
  const opportunity = (await ask<{ opportunities: { nodes: { id: string }[] } }>('{ opportunities { nodes { id } } }'))
    .opportunities.nodes[0]?.id;
  let request = '';
  let order = '';
  const moveOrder = (step: string, more = ''): Promise<unknown> =>
    ask(`mutation { moveChangeOrder(id: "${order}", step: ${step}${more}) { ... on Error { message } } }`);
  const steps: (() => Promise<unknown>)[] = [
    () => acceptBaseline(ask, project),
    () => ask(`mutation { confirmLink(opportunity: "${opportunity}", project: "${project}") { __typename } }`),
    async () => {
      request = await toReview(ask, project, { title: 'Export' });
    },
    () => hub.escalate(),
    () => take(ask, 'quoteChangeRequest', `id: "${request}", approver: "${idOf('Grace')}"`),
    async () => {
      const answer = await ask<{ createChangeOrder: { data: { id: string } } }>(
        `mutation { createChangeOrder(name: "CO 1", changeRequests: ["${request}"]) { ... on CreateChangeOrderSuccess { data { id } } } }`,
      );
      order = answer.createChangeOrder.data.id;
    },
    () => take(ask, 'approveChangeRequest', `id: "${request}", ${evidence}`),
    () => moveOrder('SEND'),
    () => moveOrder('EXECUTE', `, signedOn: "2026-03-05", ${evidence}`),
    () =>
      take(
        ask,
        'assessChangeRequest',
        `id: "${fromSource}", priceDelta: { amount: "0", currency: "EUR" }, costDelta: { amount: "1000", currency: "EUR" }, effortDelta: 36000, scheduleDeltaDays: 0`,
      ),
    () =>
      take(
        ask,
        'absorbChangeRequest',
        `id: "${fromSource}", reason: "goodwill", approver: "${idOf('Grace')}", value: { amount: "2000", currency: "EUR" }`,
      ),
  ];
  const variables = { project, grace: idOf('Grace') };
  const shown: { at: string; answer: unknown }[] = [];
  for (const step of [async () => undefined, ...steps]) {
    clock.advance(20 * 3_600_000);
    await step();
    shown.push({ at: clock.now().toString(), answer: await ask(query(null), variables) });
  }
  clock.advance(20 * 3_600_000);
  const asked = [];
  for (const { at } of shown) asked.push({ at, answer: await ask(query(at), variables) });
  expect(new Set(shown.map(({ answer }) => JSON.stringify(answer))).size).toBe(shown.length);
  expect(asked).toEqual(shown);
}, 120_000);

test('a figure says since when it can be told, and none is told of what is still to come', async () => {
  const { ask } = office;
  expect(
    await ask('{ leakage(currency: "EUR", asOf: "2026-02-01T00:00:00Z") { revenueAtRisk { amount } knownSince } }'),
  ).toEqual({
    leakage: [{ revenueAtRisk: { amount: '0' }, knownSince: '2026-03-02T08:00:00Z' }],
  });
  const { rollout } = await ask<{ rollout: unknown }>(
    `{ rollout: node(id: "${office.idOf('Rollout')}") { ... on Project { metrics(names: ["margin"], asOf: "2026-02-01T00:00:00Z") { value reason } } } }`,
  );
  expect(rollout).toEqual({ metrics: [{ value: null, reason: 'There was no such project then.' }] });
  await expect(ask('{ leakage(currency: "EUR", asOf: "2027-01-01T00:00:00Z") { knownSince } }')).rejects.toThrow(
    /still to come/,
  );
});
