import { manualClock, proposalStates } from '@plumbline/connector';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { proposalSteps, transitions } from '../packages/hub/src/proposals/proposal.rules.ts';
import { reviewStates } from '../packages/hub/src/reviews/feasibility-review.rules.ts';
import { gateNames } from '../packages/hub/src/reviews/gate.rules.ts';
import { emptyDatabase, type TestDatabase } from '../packages/hub/test/database.ts';
import { rawRecord } from '../packages/hub/test/memory-connector.ts';
import { officeScript, openOffice } from '../packages/hub/test/office.ts';

const page = readFileSync(new URL('../docs/proposals.md', import.meta.url), 'utf8');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

// A deal that Ada sells, its project, and two pieces of work: what was promised, and what nobody did.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  const deal = {
    name: 'Portal',
    amount: { amount: '100000', currency: 'EUR' },
    state: 'WON',
    owner: 'email:ada@x.com',
    projects: ['project:1'],
  };
  script['deals'] = { kind: 'opportunity', pages: [{ records: [rawRecord('1', ['deal:1'], deal)] }] };
  const item = (id: string, title: string) =>
    rawRecord(id, [`item:${id}`], { key: `R-${id}`, title, project: 'project:1' });
  script['items'] = { kind: 'workItem', pages: [{ records: [item('1', 'Log in'), item('2', 'Dark mode')] }] };
  const worked = (id: string, seconds: number) =>
    rawRecord(id, [`time:${id}`], {
      workItem: `item:${id}`,
      person: 'email:grace@x.com',
      localDate: '2026-03-04',
      seconds,
    });
  script['times'] = { kind: 'timeEntry', pages: [{ records: [worked('1', 3_600), worked('2', 7_200)] }] };
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

interface Answer {
  message?: string;
  data?: { id?: string };
}

/** What was refused although the page does not show that it is. */
function refusalsIn(data: Record<string, Answer | null>): string[] {
  return Object.values(data).flatMap((result) => result?.message ?? []);
}

test('the queries of the page do what it says, in their order', async () => {
  const { workItems } = await office.ask<{ workItems: { nodes: { id: string }[] } }>(
    '{ workItems(filter: { key: { eq: "R-1" } }) { nodes { id } } }',
  );
  const variables: Record<string, unknown> = {
    opportunity: office.idOf('Portal'),
    project: office.idOf('Rollout'),
    seller: office.idOf('Ada'),
    reviewer: office.idOf('Grace'),
    workItem: workItems.nodes[0]?.id,
  };
  const all = examples();
  expect(all.length).toBeGreaterThan(17);
  for (const { query, answer } of all) {
    const data = await office.ask<Record<string, Answer>>(query, variables);
    expect(answer ? data : refusalsIn(data)).toEqual(answer ?? []);
    const made = data['createProposal']?.data?.id;
    if (variables['proposal'] && made) variables['edited'] = made;
    variables['proposal'] ??= made;
    variables['review'] ??= data['requestReview']?.data?.id;
    const [promised] = (data['promisedNotPlanned'] ?? []) as { id: string }[];
    variables['commitment'] ??= promised?.id;
  }
  const { project } = await office.ask<{ project: unknown }>(
    'query ($id: ID!) { project: node(id: $id) { ... on Project { baselines { version contractValue { amount } } work { scope seconds } } } }',
    { id: variables['project'] },
  );
  expect(project).toEqual({
    baselines: [{ version: 1, contractValue: { amount: '100000' } }],
    work: [
      { scope: 'BASELINE', seconds: 3_600 },
      { scope: 'UNLINKED', seconds: 7_200 },
    ],
  });
});

test('the diagram of the page is the state machine', () => {
  const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+): (\w+)$/gm)].map(([, from, to, step]) =>
    [step, from, to].join(' '),
  );
  const real = proposalSteps.flatMap((step) =>
    transitions[step].from.map((from) => [step, from, transitions[step].to].join(' ')),
  );
  expect(drawn.toSorted()).toEqual(real.toSorted());
  const ends = [...page.matchAll(/^ {2}(\w+) --> \[\*\]$/gm)].map(([, state]) => state);
  const leads = (state: (typeof proposalStates)[number]) =>
    proposalSteps.some((step) => transitions[step].from.includes(state));
  expect(ends.toSorted()).toEqual(proposalStates.filter((state) => !leads(state)).toSorted());
});

test('the table of steps names every step, its mutation and its guards', () => {
  const mutations = new Set(Object.keys(office.hub.schema.getMutationType()?.getFields() ?? {}));
  const steps = proposalSteps.map((step) => {
    const [, mutation = '', guards = ''] = new RegExp(`^\\| ${step} \\| (.*?) \\| (.*?) \\|$`, 'm').exec(page) ?? [];
    const named = [...guards.replace(/`proposals`/g, '').matchAll(/`(\w+)`/g)].map(([, guard]) => guard);
    return { step, known: mutations.has(mutation.replaceAll('`', '')), guards: named.toSorted() };
  });
  expect(steps).toEqual(
    proposalSteps.map((step) => ({
      step,
      // The hub supersedes by itself.
      known: step !== 'SUPERSEDE',
      guards: [...transitions[step].guards, ...(transitions[step].whenRequired ?? [])]
        .map(({ name }) => name)
        .toSorted(),
    })),
  );
});

test('the tables of review states and of gates name each', () => {
  const firsts = [...page.matchAll(/^\| ([A-Z_, ]+) \| (?!`)/gm)].flatMap(([, states = '']) => states.split(', '));
  expect(firsts.toSorted()).toEqual([...reviewStates, ...gateNames, 'SUPERSEDE'].toSorted());
});
