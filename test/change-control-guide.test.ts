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
  script['changes']!.pages = [
    {
      records: [
        rawRecord('9', ['change:9'], {
          title: 'From Jira',
          state: 'IMPLEMENTING',
          project: 'project:1',
          priceDelta: eur('10000'),
          costDelta: eur('6000'),
          effortDelta: 36_000,
          scheduleDeltaDays: 5,
        }),
      ],
    },
  ];
  office = await openOffice({ database, script, clock: manualClock('2026-03-06T10:00:00Z') });
});

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
    approver: office.idOf('Grace'),
    fromJira: office.idOf('From Jira'),
  };
  const all = examples();
  expect(all.length).toBeGreaterThan(14);
  for (const { query, answer } of all) {
    const data = await office.ask<Record<string, Answer>>(query, variables);
    expect(answer ? data : refusalsIn(data)).toEqual(answer ?? []);
    variables['request'] ??= data['captureChangeRequest']?.data?.id;
    variables['order'] ??= data['createChangeOrder']?.data?.id;
    variables['version'] = data['node']?.commercial?.version ?? variables['version'];
  }
  const { node } = await office.ask<{ node: unknown }>(
    'query ($id: ID!) { node(id: $id) { ... on ChangeRequest { state } } }',
    { id: variables['request'] },
  );
  expect(node).toEqual({ state: 'CLOSED' });
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
