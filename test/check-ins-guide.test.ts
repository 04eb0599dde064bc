import { manualClock } from '@plumbline/connector';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { questionRules } from '../packages/hub/src/check-ins/question.rules.ts';
import { emptyDatabase, type TestDatabase } from '../packages/hub/test/database.ts';
import { rawRecord } from '../packages/hub/test/memory-connector.ts';
import { officeScript, openOffice, take } from '../packages/hub/test/office.ts';

const page = readFileSync(new URL('../docs/check-ins.md', import.meta.url), 'utf8');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      {
        records: [
          rawRecord('1', ['deal:1'], {
            name: 'Portal',
            state: 'PROPOSED',
            amount: { amount: '80000', currency: 'EUR' },
            probability: '0.8',
            owner: 'email:ada@x.com',
            nextStep: 'Call',
            nextStepDate: '2026-03-01',
          }),
        ],
      },
    ],
  };
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
  data?: { obstacles?: { id: string }[]; needsToClose?: { id: string }[] };
}

test('the queries of the page do what it says, in their order', async () => {
  const opportunity = office.idOf('Portal');
  const variables: Record<string, unknown> = {
    opportunity,
    seller: office.idOf('Ada'),
    proposal: await take(office.ask, 'createProposal', `opportunity: "${opportunity}"`),
    view: await take(
      office.ask,
      'checkIn',
      `subject: "${office.idOf('Rollout')}", perspective: OPERATIONS, audience: CLIENT, text: "On track."`,
    ),
  };
  const all = examples();
  expect(all.length).toBeGreaterThan(10);
  for (const { query, answer } of all) {
    const data = await office.ask<Record<string, Answer | null>>(query, variables);
    const refusals = Object.values(data).flatMap((result) => result?.message ?? []);
    expect(answer ? data : refusals).toEqual(answer ?? []);
    variables['obstacle'] ??= data['checkIn']?.data?.obstacles?.[0]?.id;
    variables['need'] ??= data['checkIn']?.data?.needsToClose?.[0]?.id;
  }
  expect(
    await office.ask('{ obstacles { nodes { title status } } closeNeeds { nodes { title owner { name } } } }'),
  ).toEqual({
    obstacles: { nodes: [{ title: 'No budget owner', status: 'RESOLVED' }] },
    closeNeeds: { nodes: [{ title: 'A reference customer in retail', owner: { name: 'Ada' } }] },
  });
});

test('the table of rules names every question there is, in their order', () => {
  const named = [...page.matchAll(/^\| ([A-Z_]{4,}) \| .* \| .*\|$/gm)].map(([, rule]) => rule ?? '');
  const known = Object.keys(questionRules);
  expect(named.filter((rule) => known.includes(rule))).toEqual(known);
});
