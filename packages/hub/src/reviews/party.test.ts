import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice, take } from '../../test/office.ts';
import { createApi } from '../api.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const clock = manualClock('2026-03-06T10:00:00Z');
const minute = 60_000;
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;

const person = (id: string, name: string, ...more: string[]) => rawRecord(id, [`person:${id}`, ...more], { name });
const deal = (owner = 'email:ada@x.com') =>
  rawRecord('1', ['deal:1'], { name: 'Portal', amount: eur('10000'), state: 'PROPOSED', owner });
const offered = (id: string, cadenceDays: number) =>
  rawRecord(id, [`offer:${id}`], {
    name: `Sheet ${id}`,
    state: 'DRAFT',
    version: 1,
    price: eur('9000'),
    cadenceDays,
    opportunity: 'deal:1',
  });

// A deal that Ada sells, proposals that a sheet keeps, two people called Alan, one who left, and one known by two names.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  script['people']?.pages.push({
    records: [
      rawRecord('alan', ['email:alan@x.com'], { name: 'Alan', email: 'alan@x.com' }),
      person('namesake', 'Alan'),
      person('gone', 'Joan'),
      person('twin', 'Countess'),
    ],
  });
  script['deals'] = { kind: 'opportunity', pages: [{ records: [deal()] }] };
  script['offers'] = { kind: 'proposal', pages: [{ records: ['a', 'b', 'c', 'd'].map((id) => offered(id, 7)) }] };
  office = await openOffice({ database, clock, script, proposals: { gates: [{ gate: 'SOLUTION' }] } });
  script['people']?.pages.push({ records: [], deletes: [{ id: 'gone', at: null }] });
  await office.hub.sync();
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

interface Answer {
  message?: string;
  guard?: string;
  data?: { id: string };
}

/** A mutation as the bearer of this key. */
async function as(actor: string, mutation: string, args: string): Promise<Answer> {
  const success = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Success`;
  const query = `mutation { ${mutation}(${args}) { ... on Error { message } ... on RefusedError { guard } ... on ${success} { data { id } } } }`;
  const response = await createApi(office.hub).fetch(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }),
    actor,
  );
  return ((await response.json()) as { data: Record<string, Answer> }).data[mutation] ?? {};
}

async function sheet(name: string): Promise<string> {
  const { proposals } = await office.ask<{ proposals: { nodes: { id: string }[] } }>(
    `{ proposals(filter: { name: { eq: "Sheet ${name}" } }) { nodes { id } } }`,
  );
  return proposals.nodes[0]?.id ?? '';
}

async function read<Fields>(id: string, fields: string): Promise<Fields> {
  const { node } = await office.ask<{ node: Fields }>(
    `query ($id: ID!) { node(id: $id) { ... on Proposal { ${fields} } } }`,
    { id },
  );
  return node;
}

const named = (name: string, argument = 'reviewer') => `${argument}: "${office.idOf(name)}"`;
const feasible = ['scope', 'timeline', 'resources', 'estimate']
  .map((aspect) => `${aspect}: { verdict: FEASIBLE }`)
  .join(', ');

test('a key that asks for somebody and then says nothing of who it is reviews nothing', async () => {
  const id = await sheet('a');
  const asked = await as('tool', 'requestReview', `proposal: "${id}", ${named('Ada', 'requester')}`);
  const review = `review: "${asked.data?.id}"`;
  const nobody = { guard: 'reviewer', message: 'tool speaks for nobody, and nobody is named.' };
  expect(await as('tool', 'startReview', review)).toEqual(nobody);
  expect(await as('tool', 'recordVerdict', `${review}, ${feasible}`)).toEqual(nobody);
  expect(await as('tool', 'decideGate', `proposal: "${id}", gate: SOLUTION, outcome: PASS`)).toEqual({
    ...nobody,
    guard: 'independent',
  });
  expect(await as('tool', 'startReview', `${review}, ${named('Grace')}`)).toHaveProperty('data');
});

test('a name that several bear, or that somebody bore who is gone, lets a key speak for nobody else', async () => {
  const { data } = await as('tool', 'requestReview', `proposal: "${await sheet('b')}", ${named('Ada', 'requester')}`);
  const review = `review: "${data?.id}"`;
  expect(await as('alan', 'startReview', review)).toEqual({
    guard: 'reviewer',
    message: '2 people are called "alan".',
  });
  expect(await as('alan', 'startReview', `${review}, ${named('Grace')}`)).toEqual({
    guard: 'reviewer',
    message: 'The key speaks for Alan, and Grace is named.',
  });
  const gone = { guard: 'reviewer', message: 'Who "Joan" was is deleted.' };
  expect(await as('Joan', 'startReview', review)).toEqual(gone);
  expect(await as('Joan', 'startReview', `${review}, ${named('Grace')}`)).toEqual(gone);
  expect(await as('alan', 'startReview', `${review}, ${named('Alan')}`)).toHaveProperty('data');
  expect(await as('alan@x.com', 'startReview', review)).toHaveProperty('data');
});

test('what a key of several people drafted, none of them reviews', async () => {
  const drafted = await as(
    'alan',
    'createProposal',
    `opportunity: "${office.idOf('Portal')}", terms: { price: { amount: "9000", currency: "EUR" } }`,
  );
  const { data } = await as('tool', 'requestReview', `proposal: "${drafted.data?.id}", ${named('Ada', 'requester')}`);
  const refused = { guard: 'reviewer', message: 'Alan drafted the proposal.' };
  expect(await as('tool', 'startReview', `review: "${data?.id}", ${named('Alan')}`)).toEqual(refused);
  expect(await as('alan@x.com', 'startReview', `review: "${data?.id}"`)).toEqual(refused);
});

test('who reviewed is, in the past, who had taken it up by then', async () => {
  const id = await sheet('c');
  const review = `review: "${await take(office.ask, 'requestReview', `proposal: "${id}"`)}"`;
  await as('alan@x.com', 'startReview', review);
  clock.advance(minute);
  const between = clock.now().toString();
  clock.advance(minute);
  await as('Grace', 'recordVerdict', `${review}, ${feasible}`);
  const fields = '{ reviewedBy reviewer { name } startedAt decidedAt }';
  expect(await read(id, `reviews ${fields} earlier: reviews(asOf: "${between}") ${fields}`)).toMatchObject({
    reviews: [{ reviewedBy: 'Grace', reviewer: { name: 'Grace' }, decidedAt: clock.now().toString() }],
    earlier: [{ reviewedBy: 'alan@x.com', reviewer: { name: 'Alan' }, decidedAt: null }],
  });
});

test('the latest review is the one that was asked for last, whatever the clock of a machine said', async () => {
  const id = await sheet('d');
  clock.advance(minute);
  await take(office.ask, 'requestReview', `proposal: "${id}"`);
  await sql`
    update feasibility_review set id = 'ffffffff-ffff-7fff-bfff-ffffffffffff'
    where requested_at = ${clock.now().toString()}::timestamptz`.execute(office.hub.database.rows);
  clock.advance(minute);
  script['offers']?.pages.push({ records: [offered('d', 14)] });
  await office.hub.sync();
  const review = await take(office.ask, 'requestReview', `proposal: "${id}"`);
  expect(await read(id, 'reviews { state }')).toEqual({ reviews: [{ state: 'REQUESTED' }, { state: 'STALE' }] });
  const { reviewsWaiting } = await office.ask<{ reviewsWaiting: { id: string; state: string }[] }>(
    '{ reviewsWaiting { id state } }',
  );
  expect(reviewsWaiting.at(-1)).toEqual({ id: review, state: 'REQUESTED' });
  expect(reviewsWaiting.map(({ state }) => state)).not.toContain('STALE');
});

test('who turns out to be the seller has neither reviewed the proposal nor decided a gate of it', async () => {
  const id = await sheet('c');
  clock.advance(minute);
  script['offers']?.pages.push({ records: [offered('c', 14)] });
  await office.hub.sync();
  const review = await take(office.ask, 'requestReview', `proposal: "${id}", ${named('Grace', 'requester')}`);
  await as('Countess', 'recordVerdict', `review: "${review}", ${feasible}`);
  await as('Countess', 'decideGate', `proposal: "${id}", gate: SOLUTION, outcome: PASS`);
  expect(await read(id, 'reviews { state } gates { standing missing }')).toMatchObject({
    reviews: [{ state: 'FEASIBLE' }, { state: 'STALE' }],
    gates: [{ standing: 'PASSED', missing: null }],
  });
  clock.advance(minute);
  script['people']?.pages.push({ records: [person('twin', 'Countess', 'email:ada@x.com')] });
  await office.hub.sync();
  expect(await as('tool', 'approveProposal', `id: "${id}"`)).toEqual({
    guard: 'review',
    message: 'Who reviewed it sells it by now.',
  });
  const gates = '{ standing missing decision { owner { name } } }';
  expect(await read(id, `reviews { reviewer { email } } gates ${gates}`)).toMatchObject({
    reviews: [{ reviewer: { email: 'ada@x.com' } }, {}],
    gates: [{ standing: 'STALE', missing: 'Who decided SOLUTION sells it by now.' }],
  });
});
