import { changeRequestStates, manualClock } from '@plumbline/connector';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeActions, stepsFrom, transitions } from '../packages/hub/src/change-requests/change-control.rules.ts';
import { stageOf } from '../packages/hub/src/change-requests/change-stage.rules.ts';
import { emptyDatabase, type TestDatabase } from '../packages/hub/test/database.ts';
import { rawRecord } from '../packages/hub/test/memory-connector.ts';
import { officeScript, openOffice } from '../packages/hub/test/office.ts';

const page = readFileSync(new URL('../docs/change-control.md', import.meta.url), 'utf8');
const eur = (amount: string) => ({ amount, currency: 'EUR' });
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  script['people']?.pages.push({
    records: [rawRecord('grace', ['email:grace@x.com'], { name: 'Grace', role: 'PMO lead' })],
  });
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      {
        records: [
          rawRecord('1', ['deal:1'], {
            name: 'Rollout deal',
            amount: eur('500000'),
            state: 'WON',
            projects: ['project:1'],
          }),
          rawRecord('2', ['deal:2'], { name: 'Handshake', amount: eur('7000'), state: 'WON' }),
        ],
      },
    ],
  };
  script['projects']?.pages.push({
    records: [rawRecord('2', ['project:2'], { name: 'Earlier', status: 'ACTIVE' })],
  });
  script['budgets']?.pages.push({
    records: [rawRecord('2', ['budget:2'], { project: 'project:2', contractValue: eur('80000') })],
  });
  const figures = { effortDelta: 36_000, scheduleDeltaDays: 5, priceDelta: eur('10000'), costDelta: eur('6000') };
  script['changes']!.pages = [
    {
      records: [
        rawRecord('9', ['change:9'], { title: 'From Jira', state: 'IMPLEMENTING', project: 'project:1', ...figures }),
        rawRecord('8', ['change:8'], {
          title: 'Cheap',
          state: 'COMMERCIAL_REVIEW',
          project: 'project:1',
          ...figures,
          priceDelta: eur('9000'),
          listPrice: eur('10000'),
        }),
      ],
    },
  ];
  office = await openOffice({
    database,
    script,
    clock: manualClock('2026-03-10T10:00:00Z'),
    changeControl: { discounts: tiersOfThePage() },
  });
});

/** The tiers that the page shows as a setting. */
function tiersOfThePage(): { upTo: string; approvers: string[] }[] {
  const [, shown = ''] = /```ts\ndiscounts: \[([\s\S]*?)\],\n```/.exec(page) ?? [];
  return [...shown.matchAll(/upTo: '([^']+)', approvers: \[([^\]]+)\]/g)].map(([, upTo = '', approvers = '']) => ({
    upTo,
    approvers: [...approvers.matchAll(/'([^']+)'/g)].map(([, name = '']) => name),
  }));
}

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

/** Every query of the page, and the answer that stands below it, if one does. */
function examples(): { query: string; answer: unknown }[] {
  return [...page.matchAll(/```graphql\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)].map(([, query, answer]) => ({
    query: query ?? '',
    answer: answer === undefined ? null : JSON.parse(answer),
  }));
}

/** What was refused although the page does not show that it is. */
function refusalsIn(data: Record<string, Answer | null>): string[] {
  return Object.values(data).flatMap((result) => result?.message ?? []);
}

interface Answer {
  message?: string;
  data?: { id?: string };
  commercial?: { version: number };
}

test('the queries of the page do what it says, in their order', async () => {
  const variables: Record<string, unknown> = {
    project: office.idOf('Rollout'),
    earlier: office.idOf('Earlier'),
    opportunity: office.idOf('Rollout deal'),
    cheap: office.idOf('Cheap'),
    approver: office.idOf('Grace'),
    fromJira: office.idOf('From Jira'),
  };
  const all = examples();
  expect(all.length).toBeGreaterThan(19);
  for (const { query, answer } of all) {
    const data = await office.ask<Record<string, Answer>>(query, variables);
    expect(answer ? data : refusalsIn(data)).toEqual(answer ?? []);
    variables['proposal'] ??= data['createProposal']?.data?.id;
    variables['review'] ??= data['requestReview']?.data?.id;
    variables['request'] ??= data['captureChangeRequest']?.data?.id;
    variables['order'] ??= data['createChangeOrder']?.data?.id;
    variables['version'] = data['node']?.commercial?.version ?? variables['version'];
  }
  const { node } = await office.ask<{ node: unknown }>(
    'query ($id: ID!) { node(id: $id) { ... on ChangeRequest { state } } }',
    { id: variables['request'] },
  );
  expect(node).toEqual({ state: 'CLOSED' });
  const { project } = await office.ask<{ project: unknown }>(
    'query ($id: ID!) { project: node(id: $id) { ... on Project { baselines { version contractValue { amount } } } } }',
    { id: variables['project'] },
  );
  expect(project).toEqual({
    baselines: [
      { version: 2, contractValue: { amount: '512000' } },
      { version: 1, contractValue: { amount: '500000' } },
    ],
  });
  expect(await office.ask('{ wonWithoutProposal { name } }')).toEqual({ wonWithoutProposal: [{ name: 'Handshake' }] });
});

test('the diagram of the page is the state machine', () => {
  const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+): (\w+)$/gm)].map(([, from, to, action]) =>
    [action, from, to].join(' '),
  );
  const real = changeActions.flatMap((action) =>
    transitions[action].from.map((from) => [action, from, transitions[action].to].join(' ')),
  );
  expect(drawn.toSorted()).toEqual(real.toSorted());
  const ends = [...page.matchAll(/^ {2}(\w+) --> \[\*\]$/gm)].map(([, state]) => state);
  expect(ends.toSorted()).toEqual(changeRequestStates.filter((state) => stepsFrom(state).length === 0).toSorted());
});

test('the table of steps names every step, its mutation and its guards', () => {
  const mutations = new Set(Object.keys(office.hub.schema.getMutationType()?.getFields() ?? {}));
  const steps = changeActions.map((action) => {
    const [, mutation = '', guards = ''] = new RegExp(`^\\| ${action} \\| (.*?) \\| (.*?) \\|$`, 'm').exec(page) ?? [];
    const named = guards
      .split(';')
      .flatMap((part) => /^ ?`(\w+)`/.exec(part)?.[1] ?? [])
      .toSorted();
    return { action, known: mutations.has(mutation.replaceAll('`', '')), guards: named };
  });
  expect(steps).toEqual(
    changeActions.map((action) => ({
      action,
      // The hub opens the review by itself.
      known: action !== 'OPEN_REVIEW',
      guards: transitions[action].guards.map(({ name }) => name).toSorted(),
    })),
  );
});

test('the table of stages says of every state in which it is', () => {
  const stages = [...page.matchAll(/^\| (OPEN|DECIDED|DONE) \| (.*) \|$/gm)].flatMap(([, stage, states = '']) =>
    states.split(', ').map((state) => [state, stage]),
  );
  expect(Object.fromEntries(stages)).toEqual(
    Object.fromEntries(changeRequestStates.map((state) => [state, stageOf(state)])),
  );
});
