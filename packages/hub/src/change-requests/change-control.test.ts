import { manualClock, silentLogger } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { failEverywhere } from '../../test/faults.ts';
import { memoryConnector, rawRecord, type Script } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;
let script: Script;
const ids = new Map<string, string>();
// A Friday, half an hour before the day ends.
const clock = manualClock('2026-03-06T16:30:00Z');

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  script = {
    people: {
      kind: 'person',
      pages: [
        {
          records: [
            rawRecord('ada', ['email:ada@x.com'], { name: 'Ada' }),
            rawRecord('grace', ['email:grace@x.com'], { name: 'Grace' }),
          ],
        },
      ],
    },
    projects: {
      kind: 'project',
      pages: [
        {
          records: [
            rawRecord('1', ['project:1'], {
              name: 'Rollout',
              status: 'ACTIVE',
              currency: 'EUR',
              start: '2026-01-05',
              end: '2026-06-30',
            }),
            rawRecord('2', ['project:2'], { name: 'Idle', status: 'ON_HOLD' }),
          ],
        },
      ],
    },
    budgets: {
      kind: 'budget',
      pages: [
        {
          records: [
            rawRecord('1', ['budget:1'], {
              project: 'project:1',
              contractValue: eur('500000'),
              plannedCost: eur('300000'),
              plannedSeconds: 7_200_000,
              validFrom: '2026-01-01',
            }),
          ],
        },
      ],
    },
    changes: {
      kind: 'changeRequest',
      pages: [
        {
          records: [
            rawRecord('9', ['change:9'], {
              title: 'From Jira',
              state: 'IMPLEMENTING',
              project: 'project:1',
              requester: 'email:ada@x.com',
              priceDelta: eur('10000'),
              costDelta: eur('6000'),
              effortDelta: 36_000,
              scheduleDeltaDays: 5,
            }),
          ],
        },
      ],
    },
  };
  const tracker = memoryConnector('jira', script);
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [{ id: 'tracker', connector: tracker, config: {}, secrets: {} }],
  });
  await hub.sync();
  api = createApi(hub);
  const found = await ask(
    `{ projects { nodes { id name } } people { nodes { id name } } changeRequests { nodes { id title } } }`,
  );
  for (const list of Object.values(found) as { nodes: { id: string; name?: string; title?: string }[] }[]) {
    for (const { id, name, title } of list.nodes) ids.set(name ?? title ?? '', id);
  }
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const response = await api.fetch(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    }),
    'test-key',
  );
  const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const outcome = `... on Error { message remedy code } ... on RefusedError { guard } ... on ConflictError { version }`;
interface Outcome {
  guard?: string;
  message?: string;
  version?: number;
  data?: { id: string; state: string; commercial: { version: number } };
}

async function step(mutation: string, args: string, more = 'commercial { version }'): Promise<Outcome> {
  const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Success`;
  const answer = await ask(
    `mutation { ${mutation}(${args}) { ${outcome} ... on ${name} { data { id state ${more} } } } }`,
  );
  return answer[mutation] as Outcome;
}

async function capture(title: string, more = ''): Promise<string> {
  const made = await step('captureChangeRequest', `project: "${ids.get('Rollout')}", title: "${title}" ${more}`);
  return made.data?.id ?? '';
}

const evidence = `evidence: { decidedBy: "Client", reference: "mail of 3 March" }`;
const four = `priceDelta: { amount: "12000", currency: "EUR" }, costDelta: { amount: "6000", currency: "EUR" }, effortDelta: 180000, scheduleDeltaDays: 7`;

test('a request goes from a remark in a meeting to a raised baseline, and each step is a decision that stays', async () => {
  const id = await capture('Export to CSV', `said: "Could you just…", channel: "meeting"`);
  expect(await step('triageChangeRequest', `id: "${id}"`)).toMatchObject({ guard: 'baseline' });
  const accepted = await ask(
    `mutation { acceptBaseline(project: "${ids.get('Rollout')}", ${evidence}) { ${outcome} ... on AcceptBaselineSuccess { data { version contractValue { amount } plannedSeconds end origins } } } }`,
  );
  expect(accepted['acceptBaseline']).toEqual({
    data: {
      version: 1,
      contractValue: { amount: '500000' },
      plannedSeconds: 7_200_000,
      end: '2026-06-30',
      origins: {
        contractValue: 'BUDGET',
        plannedCost: 'BUDGET',
        plannedSeconds: 'BUDGET',
        start: 'PROJECT',
        end: 'PROJECT',
      },
    },
  });
  expect((await step('triageChangeRequest', `id: "${id}"`)).data?.state).toBe('TRIAGED');
  const partly = await step('assessChangeRequest', `id: "${id}", effortDelta: 180000`);
  expect(partly.data?.state).toBe('IMPACT_ASSESSED');
  expect((await step('assessChangeRequest', `id: "${id}", ${four}`)).data?.state).toBe('COMMERCIAL_REVIEW');
  const quoted = await step('quoteChangeRequest', `id: "${id}", approver: "${ids.get('Grace')}"`);
  expect(quoted.data).toMatchObject({ state: 'QUOTED', commercial: { version: 6 } });
  expect(await step('approveChangeRequest', `id: "${id}", ${evidence}`)).toMatchObject({ guard: 'changeOrder' });

  const drafted = await ask(
    `mutation { createChangeOrder(name: "CO 1", changeRequests: ["${id}"]) { ${outcome} ... on CreateChangeOrderSuccess { data { id state amount { amount currency } } } } }`,
  );
  const order = (drafted['createChangeOrder'] as { data: { id: string } }).data;
  expect(order).toMatchObject({ state: 'DRAFT', amount: { amount: '12000', currency: 'EUR' } });
  expect((await step('approveChangeRequest', `id: "${id}", ${evidence}`)).data?.state).toBe('APPROVED');
  const again = (requests: string) =>
    ask(`mutation { createChangeOrder(name: "CO 2", changeRequests: [${requests}]) { ${outcome} } }`);
  expect((await again(`"${id}", "${id}"`))['createChangeOrder']).toMatchObject({ guard: 'ordered' });
  const dropped = await capture('Dropped');
  await step('withdrawChangeRequest', `id: "${dropped}", reason: "No"`);
  expect((await again(`"${dropped}"`))['createChangeOrder']).toMatchObject({ guard: 'ended' });
  const move = (to: string, more = '') =>
    ask(
      `mutation { moveChangeOrder(id: "${order.id}", step: ${to} ${more}) { ${outcome} ... on MoveChangeOrderSuccess { data { state } } } }`,
    );
  expect((await move('EXECUTE'))['moveChangeOrder']).toMatchObject({ guard: 'state' });
  await move('SEND');
  expect((await move('EXECUTE'))['moveChangeOrder']).toMatchObject({ guard: 'signature' });
  const signed = `, signedOn: "2026-03-06", ${evidence}, idempotencyKey: "sign-1"`;
  expect((await move('EXECUTE', signed))['moveChangeOrder']).toEqual({ data: { state: 'EXECUTED' } });
  expect((await move('EXECUTE', signed))['moveChangeOrder']).toEqual({ data: { state: 'EXECUTED' } });

  const { node } = (await ask(
    `query ($id: ID!) { node(id: $id) { ... on Project { baselines { version contractValue { amount } plannedCost { amount } plannedSeconds end } changeOrders { name } } } }`,
    { id: ids.get('Rollout') },
  )) as { node: { baselines: unknown[] } };
  expect(node.baselines[0]).toEqual({
    version: 2,
    contractValue: { amount: '512000' },
    plannedCost: { amount: '306000' },
    plannedSeconds: 7_380_000,
    end: '2026-07-07',
  });
  expect(node.baselines).toHaveLength(2);

  const request = (await ask(
    `query ($id: ID!) { node(id: $id) { ... on ChangeRequest { decisions { action from to actor details } provenance(fields: ["state"]) { source } } } }`,
    { id },
  )) as {
    node: { decisions: { action: string; actor: string; details: Record<string, unknown> }[]; provenance: unknown };
  };
  expect(request.node.decisions.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
    'CAPTURE test-key',
    'TRIAGE test-key',
    'ASSESS test-key',
    'ASSESS test-key',
    'OPEN_REVIEW plumbline',
    'QUOTE test-key',
    'APPROVE test-key',
  ]);
  expect(request.node.decisions[5]?.details).toMatchObject({ margin: '0.5' });
  expect(request.node.provenance).toEqual([{ source: 'plumbline' }]);
});

test('commercial review opens by itself and its time is business time', async () => {
  const id = await capture('Another export');
  await step('triageChangeRequest', `id: "${id}"`);
  await step('assessChangeRequest', `id: "${id}", ${four}`);
  const review = async () =>
    (
      (await ask(
        `query ($id: ID!) { node(id: $id) { ... on ChangeRequest { commercial { nextSteps review { openedAt dueAt overdue closedAt } } } } }`,
        { id },
      )) as {
        node: { commercial: { nextSteps: string[]; review: Record<string, unknown> } };
      }
    ).node.commercial;
  // Half an hour on Friday, a Monday, and seven and a half hours of the Tuesday.
  expect(await review()).toEqual({
    nextSteps: ['ASSESS', 'QUOTE', 'ABSORB', 'DEFER', 'WITHDRAW'],
    review: { openedAt: '2026-03-06T16:30:00Z', dueAt: '2026-03-10T16:30:00Z', overdue: false, closedAt: null },
  });
  clock.advance(5 * 24 * 3_600_000);
  expect((await review()).review['overdue']).toBe(true);
});

test('what Jira calls IMPLEMENTING awaits the client’s decision once somebody decides here, and disagreement shows', async () => {
  const id = ids.get('From Jira') ?? '';
  const before = (await ask(
    `query ($id: ID!) { node(id: $id) { ... on ChangeRequest { state commercial { controlled nextSteps } } } }`,
    { id },
  )) as {
    node: unknown;
  };
  expect(before.node).toEqual({
    state: 'IMPLEMENTING',
    commercial: { controlled: false, nextSteps: ['APPROVE', 'REJECT', 'ABSORB', 'DEFER', 'WITHDRAW'] },
  });
  expect(await step('approveChangeRequest', `id: "${id}", ${evidence}`)).toMatchObject({ guard: 'changeOrder' });
  const asOf = clock.now().toString();
  clock.advance(60_000);
  expect((await step('rejectChangeRequest', `id: "${id}", ${evidence}`)).data?.state).toBe('REJECTED');
  const after = (await ask(
    `query ($id: ID!) { node(id: $id) { ... on ChangeRequest { provenance(fields: ["state"]) { value conflict claims { source value } } } } }`,
    { id },
  )) as { node: { provenance: unknown } };
  expect(after.node.provenance).toEqual([
    {
      value: 'REJECTED',
      conflict: true,
      claims: [
        { source: 'plumbline', value: 'REJECTED' },
        { source: 'tracker', value: 'IMPLEMENTING' },
      ],
    },
  ]);
  expect(await step('startChangeRequest', `id: "${id}"`)).toMatchObject({ guard: 'state' });
  // Jira kept no history of it here; what the hub saw until then is what it was.
  expect(
    await ask(
      `query ($asOf: Instant) { changeRequests(asOf: $asOf, filter: { title: { eq: "From Jira" } }) { nodes { state } } }`,
      { asOf },
    ),
  ).toEqual({ changeRequests: { nodes: [{ state: 'IMPLEMENTING' }] } });
});

test('the same call is made once, another with its key is refused, and an old version is a conflict', async () => {
  const first = await capture('Once', ', idempotencyKey: "once"');
  expect(await capture('Once', ', idempotencyKey: "once"')).toBe(first);
  expect(
    await step('captureChangeRequest', `project: "${ids.get('Rollout')}", title: "Else", idempotencyKey: "once"`),
  ).toEqual({
    message: 'The key "once" was used for CAPTURE with another content.',
    remedy: 'Use a new key for every call that means something new.',
    code: 'BAD_INPUT',
  });
  await step('triageChangeRequest', `id: "${first}", expectedVersion: 1, idempotencyKey: "triage"`);
  expect(
    (await step('triageChangeRequest', `id: "${first}", expectedVersion: 1, idempotencyKey: "triage"`)).data?.state,
  ).toBe('TRIAGED');
  expect(await step('withdrawChangeRequest', `id: "${first}", reason: "No", expectedVersion: 1`)).toMatchObject({
    version: 2,
  });
  expect(
    (await step('withdrawChangeRequest', `id: "${first}", reason: "No", idempotencyKey: "triage"`)).message,
  ).toContain('used for TRIAGE');
  expect((await step('withdrawChangeRequest', `id: "${first}", reason: "No", expectedVersion: 2`)).data?.state).toBe(
    'WITHDRAWN',
  );
});

test('a key that was used for an order or an assessment is no other’s', async () => {
  const id = await capture('Keyed');
  await step('triageChangeRequest', `id: "${id}"`);
  const assess = (figures: string) => step('assessChangeRequest', `id: "${id}", ${figures}, idempotencyKey: "assess"`);
  expect((await assess(four)).data?.state).toBe('COMMERCIAL_REVIEW');
  expect((await assess(four)).data?.state).toBe('COMMERCIAL_REVIEW');
  expect((await assess(four.replace('12000', '13000'))).message).toBe(
    'The key "assess" was used for ASSESS with another content.',
  );
  const order = (name: string) =>
    step('createChangeOrder', `name: "${name}", changeRequests: ["${id}"], idempotencyKey: "order"`, '');
  const drafted = await order('Once');
  expect(drafted.data?.id).toBeTruthy();
  expect(await order('Once')).toEqual(drafted);
  expect((await order('Twice')).message).toBe('The key "order" was used for CREATE with another content.');
});

test('a refused step leaves nothing behind, whichever statement fails', async () => {
  const id = await capture('Half-written');
  const count = async () => {
    const { rows } = await sql<{ n: string }>`
      select (select count(*) from decision) || ' ' || (select count(*) from version) || ' ' || (select count(*) from commercial_review) as n`.execute(
      hub.database.rows,
    );
    return rows[0]?.n;
  };
  const before = await count();
  await step('quoteChangeRequest', `id: "${id}"`);
  expect(await count()).toBe(before);
  await step('triageChangeRequest', `id: "${id}"`);
  // Every statement of the transaction is made to fail in turn.
  const standing = await count();
  const left = new Set<string | undefined>();
  const failed = await failEverywhere(
    hub,
    `mutation { assessChangeRequest(id: "${id}", ${four}) { __typename } }`,
    async () => void left.add(await count()),
  );
  expect(failed).toBeGreaterThan(10);
  expect([...left]).toEqual([standing]);
  expect((await ask(`query ($id: ID!) { node(id: $id) { ... on ChangeRequest { state } } }`, { id }))['node']).toEqual({
    state: 'COMMERCIAL_REVIEW',
  });
});

test('two requests that turn out to be one keep every decision, in the order of time, and the review goes on', async () => {
  const captured = await capture('Invoice in two currencies');
  await step('triageChangeRequest', `id: "${captured}"`);
  await step('assessChangeRequest', `id: "${captured}", ${four}`);
  script['changes']?.pages.push({
    records: [rawRecord('10', ['change:10'], { title: 'Two currencies', project: 'project:1', state: 'QUOTED' })],
  });
  await hub.sync();
  const { changeRequests } = (await ask(
    `{ changeRequests(filter: { title: { eq: "Two currencies" } }) { nodes { id } } }`,
  )) as { changeRequests: { nodes: { id: string }[] } };
  const traced = changeRequests.nodes[0]?.id ?? '';
  clock.advance(60_000);
  await step('deferChangeRequest', `id: "${traced}", reason: "Next quarter"`);
  const { rows } = await sql<{ key: string }>`
    select key from identity where key like 'plumbline-change:%' order by key desc limit 1`.execute(hub.database.rows);
  script['changes']?.pages.push({
    records: [
      rawRecord('10', ['change:10', rows[0]?.key ?? ''], {
        title: 'Two currencies',
        project: 'project:1',
        state: 'QUOTED',
      }),
    ],
  });
  await hub.sync();
  for (const id of [captured, traced]) {
    const { node } = (await ask(
      `query ($id: ID!) { node(id: $id) { ... on ChangeRequest { state decisions { version action } commercial { version review { escalations } } } } }`,
      { id },
    )) as { node: unknown };
    expect(node).toEqual({
      state: 'DEFERRED',
      decisions: [
        { version: 1, action: 'CAPTURE' },
        { version: 2, action: 'TRIAGE' },
        { version: 3, action: 'ASSESS' },
        { version: 4, action: 'OPEN_REVIEW' },
        { version: 5, action: 'DEFER' },
      ],
      commercial: { version: 5, review: { escalations: 0 } },
    });
  }
});
