import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClientOffice } from '../../test/client-office.ts';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { failEverywhere } from '../../test/faults.ts';
import { take } from '../../test/office.ts';
import { buildClientSchema } from './client-status.graphql.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openClientOffice>>;
let token: string;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  office = await openClientOffice({ database, clock });
  ({ token } = await office.tokenFor('Acme GmbH'));
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

function say(subject: string, args: string): Promise<string> {
  clock.advance(60_000);
  return take(office.ask, 'checkIn', `subject: "${office.idOf(subject)}", ${args}`);
}

/** What the client reads of the project and of its offers, as data; the page says the same. */
async function shown(): Promise<unknown> {
  const { data } = (await office.see(
    token,
    '{ status { messages { text } projects { message { text nextStep } } } }',
  )) as {
    data?: { status: { messages: { text: string }[]; projects: { message: { text: string } | null }[] } };
  };
  const texts = [...(data?.status.messages ?? []), ...(data?.status.projects.map(({ message }) => message) ?? [])];
  const { html } = await office.api.page(token);
  expect(texts.filter((said) => said && !html.includes(said.text))).toEqual([]);
  return data?.status;
}

const withdraw = (view: string, more = '') => take(office.ask, 'withdrawFromClient', `view: "${view}"${more}`);

async function refusal(args: string): Promise<unknown> {
  const { withdrawFromClient } = await office.ask<{ withdrawFromClient: unknown }>(
    `mutation { withdrawFromClient(${args}) { __typename ... on Error { message } ... on InputError { argument } ... on RefusedError { guard } } }`,
  );
  return withdrawFromClient;
}

let wrong: string;

test('what was shared with the client can be withdrawn: the client reads what was said before, and then nothing', async () => {
  const first = await say('Rollout', 'perspective: OPERATIONS, audience: CLIENT, text: "On track."');
  wrong = await say(
    'Rollout',
    'perspective: OPERATIONS, audience: CLIENT, text: "MEANT-FOR-BETA", nextStep: { text: "BETA-STEP" }',
  );
  const offer = await say('Upsell before they notice', 'perspective: SELLER, audience: CLIENT, text: "OFFER-FOR-BETA"');
  expect(await shown()).toEqual({
    messages: [{ text: 'OFFER-FOR-BETA' }],
    projects: [{ message: { text: 'MEANT-FOR-BETA', nextStep: 'BETA-STEP' } }],
  });
  clock.advance(60_000);
  expect(await withdraw(wrong, ', reason: "WRONG-CLIENT"')).toBe(wrong);
  await withdraw(offer);
  expect(await shown()).toEqual({ messages: [], projects: [{ message: { text: 'On track.', nextStep: null } }] });
  await withdraw(first);
  expect(await shown()).toEqual({ messages: [], projects: [{ message: null }] });
  const { html } = await office.api.page(token);
  const all = await office.see(
    token,
    '{ status { messages { text } projects { nextSteps { what } message { text } } } }',
  );
  expect(html + JSON.stringify(all)).not.toMatch(/BETA|On track|WRONG-CLIENT|ithdr/);
  expect(Object.keys(buildClientSchema().getTypeMap()).filter((name) => /withdr/i.test(name))).toEqual([]);
});

test('colleagues read on what was said, that it was withdrawn, by whom and why', async () => {
  const views = async (args = '') =>
    (
      await office.ask<{ node: { views: { text: string; withdrawal: object | null }[] } }>(
        `query ($id: ID!) { node(id: $id) { ... on Project { views${args} { text audience withdrawal { at actor reason } } latestViews { operations { text } } } } }`,
        { id: office.idOf('Rollout') },
      )
    ).node;
  await say('Rollout', 'perspective: OPERATIONS, text: "Only among us."');
  expect(await views()).toMatchObject({
    latestViews: { operations: { text: 'Only among us.' } },
    views: [
      { text: 'Only among us.', audience: 'TEAM', withdrawal: null },
      {
        text: 'MEANT-FOR-BETA',
        audience: 'CLIENT',
        withdrawal: { at: '2026-03-06T10:04:00Z', actor: 'test-key', reason: 'WRONG-CLIENT' },
      },
      { text: 'On track.', withdrawal: { at: '2026-03-06T10:04:00Z', actor: 'test-key', reason: null } },
    ],
  });
  // Doing it twice changes nothing, whoever does it and why.
  clock.advance(60_000);
  await withdraw(wrong, ', reason: "Another reason", idempotencyKey: "again"');
  expect((await views()).views[1]).toMatchObject({ withdrawal: { reason: 'WRONG-CLIENT' } });
});

test('what no client was shown is not withdrawn, nor what is not there; what fails halfway is not withdrawn either', async () => {
  const inside = await say('Rollout', 'perspective: OPERATIONS, text: "Among us."');
  expect(await refusal(`view: "${inside}"`)).toMatchObject({ __typename: 'RefusedError', guard: 'audience' });
  expect(await refusal(`view: "${office.idOf('Rollout')}"`)).toMatchObject({
    __typename: 'InputError',
    argument: 'view',
  });
  const absent = Buffer.from('OpportunityView:0197a000-0000-7000-8000-000000000000').toString('base64url');
  expect(await refusal(`view: "${absent}"`)).toMatchObject({ __typename: 'NotFoundError' });
  const later = await say('Rollout', 'perspective: OPERATIONS, audience: CLIENT, text: "Delayed."');
  const failed = await failEverywhere(
    office.hub,
    `mutation { withdrawFromClient(view: "${later}", idempotencyKey: "later") { __typename } }`,
    async () => expect(await shown()).toMatchObject({ projects: [{ message: { text: 'Delayed.' } }] }),
  );
  expect(failed).toBeGreaterThan(3);
  expect(await shown()).toMatchObject({ projects: [{ message: null }] });
});
