import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { failEverywhere } from '../../test/faults.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice, take } from '../../test/office.ts';
import { createApi, type Api } from '../api.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;
let api: Api;

// Ada's deal, which the CRM gives a next step, another one of nobody, and the project that Ada manages.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      {
        records: [
          rawRecord('1', ['deal:1'], {
            name: 'Portal',
            state: 'PROPOSED',
            owner: 'email:ada@x.com',
            nextStep: 'Call them',
            nextStepDate: '2026-03-09',
            createdAt: '2026-02-01T00:00:00Z',
          }),
          rawRecord('2', ['deal:2'], { name: 'Archive', state: 'SCOPING', createdAt: '2026-03-01T10:00:00Z' }),
          rawRecord('3', ['deal:3'], { name: 'Lost one', state: 'LOST', createdAt: '2025-03-01T10:00:00Z' }),
        ],
      },
    ],
  };
  office = await openOffice({ database, clock, script, checkIns: { leadership: ['the chief'] } });
  api = createApi(office.hub);
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

interface Answer {
  data?: Record<string, unknown>;
  errors?: unknown;
}

/** Asks as another key than the test's own. */
async function askAs<Data>(actor: string, query: string): Promise<Data> {
  const response = await api.fetch(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }),
    actor,
  );
  const { data, errors } = (await response.json()) as Answer;
  if (errors) throw new Error(JSON.stringify(errors));
  return data as Data;
}

const checkIn = (subject: string, words: string) =>
  take(office.ask, 'checkIn', `subject: "${office.idOf(subject)}", ${words}`);

async function node<Fields>(name: string, type: string, fields: string): Promise<Fields> {
  const { node: found } = await office.ask<{ node: Fields }>(
    `query ($id: ID!) { node(id: $id) { ... on ${type} { ${fields} } } }`,
    { id: office.idOf(name) },
  );
  return found;
}

async function wrongArgument(words: string, subject = office.idOf('Portal')): Promise<unknown> {
  const answer = await office.ask<Record<string, { argument?: string; message?: string }>>(
    `mutation { checkIn(subject: "${subject}", ${words}) { ... on Error { message } ... on InputError { argument } } }`,
  );
  return answer['checkIn']?.argument ?? answer['checkIn']?.message;
}

test('one call says how it is seen, what happens next, what is in the way and what is needed', async () => {
  const word = `perspective: SELLER, text: "They like it.", confidence: "0.8", nextStep: { text: "Send the contract", date: "2026-03-12" },
     obstacles: [{ title: "No budget owner", category: "budget", severity: HIGH, owner: "${office.idOf('Grace')}", due: "2026-03-08" }],
     needsToClose: [{ title: "Reference customer" }], helpWanted: "A call by the managing director", idempotencyKey: "first"`;
  const first = await checkIn('Portal', word);
  expect(await checkIn('Portal', word)).toBe(first);
  await expect(checkIn('Portal', word.replace('They like it.', 'Twice'))).rejects.toThrow('with another content');
  const found = await node<{ views: { id: string }[] }>(
    'Portal',
    'Opportunity',
    `nextStep nextStepDate
     views { id perspective text confidence nextStep nextStepDate helpWanted audience asOf recordedAt actor
       obstacles { title category severity status owner { name } due ageDays overdue } needsToClose { title owner { name } } opportunity { name } project { name } }`,
  );
  expect(found).toEqual({
    // What the CRM says stays as it is.
    nextStep: 'Call them',
    nextStepDate: '2026-03-09',
    views: [
      {
        id: first,
        perspective: 'SELLER',
        text: 'They like it.',
        confidence: '0.8',
        nextStep: 'Send the contract',
        nextStepDate: '2026-03-12',
        helpWanted: 'A call by the managing director',
        audience: 'TEAM',
        asOf: '2026-03-06T10:00:00Z',
        recordedAt: '2026-03-06T10:00:00Z',
        actor: 'test-key',
        obstacles: [
          {
            title: 'No budget owner',
            category: 'budget',
            severity: 'HIGH',
            status: 'OPEN',
            owner: { name: 'Grace' },
            due: '2026-03-08',
            ageDays: 0,
            overdue: false,
          },
        ],
        needsToClose: [{ title: 'Reference customer', owner: null }],
        opportunity: { name: 'Portal' },
        project: null,
      },
    ],
  });
});

test('the three sides stand side by side, each with its latest word, and none is overwritten', async () => {
  clock.advance(3_600_000);
  const before = clock.now().toString();
  clock.advance(60_000);
  await checkIn('Portal', `perspective: CLIENT, text: "Too dear.", confidence: "0.3"`);
  await checkIn('Portal', `perspective: OPERATIONS, text: "Can be staffed.", confidence: "0.6"`);
  // Written down later, of an earlier time: not the latest.
  await checkIn('Portal', `perspective: CLIENT, text: "Sounds good.", confidence: "0.9", asOf: "2026-03-01T10:00:00Z"`);
  expect(
    await node(
      'Portal',
      'Opportunity',
      'latestViews { seller { text } client { text } operations { text } nextStep { nextStep } essence } views(perspective: CLIENT) { text }',
    ),
  ).toEqual({
    latestViews: {
      seller: { text: 'They like it.' },
      client: { text: 'Too dear.' },
      operations: { text: 'Can be staffed.' },
      nextStep: { nextStep: 'Send the contract' },
      essence: 'Seller 80 %, client 30 %, operations 60 %: 50 points apart. Next: Send the contract (2026-03-12).',
    },
    views: [{ text: 'Too dear.' }, { text: 'Sounds good.' }],
  });
  expect(
    await node(
      'Portal',
      'Opportunity',
      `latestViews(asOf: "${before}") { client { text } essence } views(asOf: "${before}") { text }`,
    ),
  ).toEqual({
    latestViews: {
      client: null,
      essence: 'Seller 80 %, client not heard, operations not heard. Next: Send the contract (2026-03-12).',
    },
    views: [{ text: 'They like it.' }],
  });
  expect(await node('Archive', 'Opportunity', 'latestViews { seller { text } essence } views { text }')).toEqual({
    latestViews: { seller: null, essence: null },
    views: [],
  });
});

test('a view is read by its author and by whom it is meant for, and by nobody else', async () => {
  const subject = office.idOf('Archive');
  const say = (actor: string, audience: string, text: string) =>
    askAs(
      actor,
      `mutation { checkIn(subject: "${subject}", perspective: SELLER, audience: ${audience}, text: "${text}", confidence: "0.1") { ... on Error { message } ... on CheckInSuccess { data { text } } } }`,
    );
  expect(await say('key a', 'PRIVATE', 'mine')).toEqual({ checkIn: { data: { text: 'mine' } } });
  expect(await say('key a', 'LEADERSHIP', 'for the chiefs')).toEqual({ checkIn: { data: { text: 'for the chiefs' } } });
  await say('key a', 'TEAM', 'for us');
  await say('key a', 'CLIENT', 'for them');
  const readBy = async (actor: string): Promise<unknown> => {
    const { node: found } = await askAs<{
      node: { views: { text: string }[]; latestViews: { seller: { text: string } } };
    }>(actor, `{ node(id: "${subject}") { ... on Opportunity { views { text } latestViews { seller { text } } } } }`);
    return [...found.views.map(({ text }) => text).toSorted(), found.latestViews.seller.text];
  };
  expect(await readBy('key a')).toEqual(['for the chiefs', 'for them', 'for us', 'mine', 'for them']);
  expect(await readBy('the chief')).toEqual(['for the chiefs', 'for them', 'for us', 'for them']);
  expect(await readBy('key b')).toEqual(['for them', 'for us', 'for them']);
  expect(await readBy('local')).toEqual(['for them', 'for us', 'for them']);
});

test('the idempotency key of somebody else does not show what they wrote', async () => {
  const call = (actor: string) =>
    askAs<Record<string, Record<string, unknown>>>(
      actor,
      `mutation { checkIn(subject: "${office.idOf('Archive')}", perspective: SELLER, audience: PRIVATE, text: "secret of ${actor}", idempotencyKey: "guessable") { ... on InputError { argument } ... on CheckInSuccess { data { text } } } }`,
    );
  expect(await call('key a')).toEqual({ checkIn: { data: { text: 'secret of key a' } } });
  expect(await call('key b')).toEqual({ checkIn: { argument: 'idempotencyKey' } });
});

test('what is wrong is named by its argument, and then nothing is written', async () => {
  const standing = await everything();
  expect(await wrongArgument('perspective: SELLER, text: " "')).toBe('text');
  expect(await wrongArgument('perspective: SELLER, text: "x", confidence: "1.01"')).toBe('confidence');
  expect(await wrongArgument('perspective: SELLER, text: "x", confidence: "-0.1"')).toBe('confidence');
  expect(await wrongArgument('perspective: SELLER, text: "x", nextStep: { text: "" }')).toBe('nextStep.text');
  expect(await wrongArgument('perspective: SELLER, text: "x", asOf: "2026-03-07T10:00:00Z"')).toBe('asOf');
  expect(await wrongArgument('perspective: SELLER, text: "x", obstacles: [{ title: "a" }, { title: "" }]')).toBe(
    'obstacles.1.title',
  );
  expect(
    await wrongArgument(
      `perspective: SELLER, text: "x", needsToClose: [{ title: "a", owner: "${office.idOf('Portal')}" }]`,
    ),
  ).toBe('needsToClose.0.owner');
  expect(await wrongArgument('perspective: SELLER, text: "x", audience: PRIVATE, obstacles: [{ title: "a" }]')).toBe(
    'obstacles',
  );
  expect(
    await wrongArgument('perspective: SELLER, text: "x", audience: LEADERSHIP, needsToClose: [{ title: "a" }]'),
  ).toBe('needsToClose');
  expect(await wrongArgument('perspective: SELLER, text: "x"', office.idOf('Ada'))).toBe('subject');
  expect(await everything()).toBe(standing);
});

test('a check-in is written whole or not at all', async () => {
  clock.advance(60_000);
  const standing = await everything();
  const left = new Set<string>();
  const failed = await failEverywhere(
    office.hub,
    `mutation { checkIn(subject: "${office.idOf('Rollout')}", perspective: OPERATIONS, text: "Late.", obstacles: [{ title: "No test system" }], needsToClose: [{ title: "Sign-off" }]) { __typename } }`,
    async () => void left.add(await everything()),
  );
  expect(failed).toBeGreaterThan(10);
  expect([...left]).toEqual([standing]);
  expect(
    await node(
      'Rollout',
      'Project',
      'views { text project { name } } obstacles { nodes { title } } closeNeeds { nodes { title } }',
    ),
  ).toEqual({
    views: [{ text: 'Late.', project: { name: 'Rollout' } }],
    obstacles: { nodes: [{ title: 'No test system' }] },
    closeNeeds: { nodes: [{ title: 'Sign-off' }] },
  });
});

test('a key that bears a person’s name signs for that person alone', async () => {
  const signed = (actor: string, author: string) =>
    askAs<{ checkIn: object }>(
      actor,
      `mutation { checkIn(subject: "${office.idOf('Lost one')}", perspective: SELLER, text: "Gone.", author: "${office.idOf(author)}") {
        ... on RefusedError { guard } ... on CheckInSuccess { data { author { name } } } } }`,
    );
  expect(await signed('ADA@x.com', 'Grace')).toEqual({ checkIn: { guard: 'author' } });
  expect(await signed('Ada', 'Ada')).toEqual({ checkIn: { data: { author: { name: 'Ada' } } } });
  expect(await signed('key b', 'Grace')).toEqual({ checkIn: { data: { author: { name: 'Grace' } } } });
});

test('whose view is old is listed, the oldest first, and for one owner alone', async () => {
  const due = (
    args: string,
    fields = 'opportunity { name } project { name } owner { name } perspective lastAsOf days',
  ) => office.ask<{ viewsDue: unknown }>(`{ viewsDue${args} { ${fields} } }`);
  expect(await due('')).toEqual({ viewsDue: [] });
  clock.advance(8 * 86_400_000);
  expect(await due('')).toEqual({
    viewsDue: [
      {
        opportunity: { name: 'Portal' },
        project: null,
        owner: { name: 'Ada' },
        perspective: 'SELLER',
        lastAsOf: '2026-03-06T10:00:00Z',
        days: 8,
      },
      {
        opportunity: { name: 'Archive' },
        project: null,
        owner: null,
        perspective: 'SELLER',
        lastAsOf: '2026-03-06T11:01:00Z',
        days: 8,
      },
      {
        opportunity: null,
        project: { name: 'Rollout' },
        owner: { name: 'Ada' },
        perspective: 'OPERATIONS',
        lastAsOf: '2026-03-06T11:02:00Z',
        days: 8,
      },
    ],
  });
  expect(await due(`(owner: "${office.idOf('Ada')}", first: 1)`, 'opportunity { name }')).toEqual({
    viewsDue: [{ opportunity: { name: 'Portal' } }],
  });
  expect(await due('(days: 9)', 'days')).toEqual({ viewsDue: [] });
  expect(await due('(asOf: "2026-03-10T10:00:00Z")', 'days')).toEqual({ viewsDue: [] });
});

test('the views of two deals that turn out to be one stand together', async () => {
  script['deals']?.pages.push({
    records: [rawRecord('2', ['deal:2', 'deal:1'], { name: 'Archive', state: 'SCOPING' })],
  });
  await office.hub.sync();
  const { node: found } = await office.ask<{
    node: { name: string; views: { text: string; opportunity: { name: string } }[] };
  }>(`query ($id: ID!) { node(id: $id) { ... on Opportunity { name views { text opportunity { name } } } } }`, {
    id: office.idOf('Archive'),
  });
  expect(found.views.map(({ text }) => text)).toEqual(expect.arrayContaining(['They like it.', 'Too dear.', 'for us']));
  expect(new Set(found.views.map(({ opportunity }) => opportunity.name))).toEqual(new Set([found.name]));
});

/** How much of everything there is. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ n: string }>`
    select (select count(*) from opportunity_view) || ' ' || (select count(*) from decision) || ' ' || (select count(*) from obstacle)
      || ' ' || (select count(*) from close_need) || ' ' || (select count(*) from facet) || ' ' || (select count(*) from version) as n`.execute(
    office.hub.database.rows,
  );
  return rows[0]?.n ?? '';
}
