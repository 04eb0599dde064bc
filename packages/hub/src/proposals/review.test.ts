import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { failEverywhere } from '../../test/faults.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice, take } from '../../test/office.ts';
import { createApi } from '../api.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;

/** A proposal as the sheet has it. */
const offered = (cadenceDays: number) =>
  rawRecord('s', ['offer:s'], {
    name: 'From the sheet',
    state: 'INTERNALLY_APPROVED',
    version: 1,
    price: eur('9000'),
    cadenceDays,
    opportunity: 'deal:2',
  });

// Two deals that Ada sells, and a proposal that is kept in a sheet.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  const deal = (id: string, name: string) =>
    rawRecord(id, [`deal:${id}`], { name, amount: eur('10000'), state: 'PROPOSED', owner: 'email:ada@x.com' });
  script['deals'] = { kind: 'opportunity', pages: [{ records: [deal('1', 'Portal'), deal('2', 'Archive')] }] };
  script['offers'] = { kind: 'proposal', pages: [{ records: [offered(7)] }] };
  office = await openOffice({
    database,
    clock,
    script,
    changeControl: { discounts: [{ upTo: '0.05', approvers: ['Grace'] }] },
    proposals: {
      gates: [{ gate: 'BID' }, { gate: 'SOLUTION' }, { gate: 'COMMERCIAL', owners: ['grace@x.com'] }],
    },
  });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

const listed = `price: { amount: "10000", currency: "EUR" }, listPrice: { amount: "10000", currency: "EUR" }, plannedCost: { amount: "7000", currency: "EUR" }`;

const create = (more = '', deal = 'Portal') =>
  take(office.ask, 'createProposal', `opportunity: "${office.idOf(deal)}", terms: { ${listed} } ${more}`);

const request = (proposal: string) => take(office.ask, 'requestReview', `proposal: "${proposal}"`);

const reviewer = (name = 'Grace') => `reviewer: "${office.idOf(name)}"`;
const feasible = (estimate = '{ verdict: FEASIBLE }') =>
  `scope: { verdict: FEASIBLE }, timeline: { verdict: FEASIBLE }, resources: { verdict: FEASIBLE }, estimate: ${estimate}`;

const decide = (proposal: string, gate: string, more = `outcome: PASS, owner: "${office.idOf('Grace')}"`) =>
  take(office.ask, 'decideGate', `proposal: "${proposal}", gate: ${gate}, ${more}`);

async function passGates(proposal: string): Promise<void> {
  for (const gate of ['BID', 'SOLUTION', 'COMMERCIAL']) await decide(proposal, gate);
}

async function approved(proposal: string): Promise<void> {
  const review = await request(proposal);
  await take(office.ask, 'recordVerdict', `review: "${review}", ${reviewer()}, ${feasible()}`);
  await passGates(proposal);
  await take(office.ask, 'approveProposal', `id: "${proposal}"`);
}

interface Refused {
  guard?: string;
  argument?: string;
  message?: string;
}

async function refused(mutation: string, args: string): Promise<Refused> {
  const answer = await office.ask<Record<string, Refused>>(
    `mutation { ${mutation}(${args}) { ... on Error { message } ... on RefusedError { guard } ... on InputError { argument } } }`,
  );
  return answer[mutation] ?? {};
}

async function read<Fields>(id: string, fields: string): Promise<Fields> {
  const { node } = await office.ask<{ node: Fields }>(
    `query ($id: ID!) { node(id: $id) { ... on Proposal { ${fields} } } }`,
    { id },
  );
  return node;
}

test('a proposal is reviewed by somebody else, passes its gates, is approved and goes to the client', async () => {
  const id = await create();
  expect(await refused('submitProposal', `id: "${id}"`)).toEqual({
    guard: 'review',
    message: 'Nobody has reviewed whether these terms can be delivered.',
  });
  const review = await request(id);
  expect(await read(id, 'state reviews { state requestedBy verdict }')).toEqual({
    state: 'IN_REVIEW',
    reviews: [{ state: 'REQUESTED', requestedBy: 'test-key', verdict: null }],
  });
  const { reviewsWaiting } = await office.ask<{ reviewsWaiting: { id: string }[] }>(
    '{ reviewsWaiting { id state proposal { name } } }',
  );
  expect(reviewsWaiting).toEqual([{ id: review, state: 'REQUESTED', proposal: { name: 'Portal' } }]);
  await take(office.ask, 'startReview', `review: "${review}", ${reviewer()}`);
  expect(await refused('approveProposal', `id: "${id}"`)).toMatchObject({
    guard: 'review',
    message: 'Its review is IN_REVIEW.',
  });
  const conditional = feasible('{ verdict: CONDITIONAL, note: "Two roles are guessed." }');
  await take(
    office.ask,
    'recordVerdict',
    `review: "${review}", ${reviewer()}, ${conditional}, conditions: ["Estimate them by Friday."]`,
  );
  expect(
    await read(
      id,
      'reviews { state verdict conditions reviewer { name } expiresAt findings { aspect verdict note } } gates { gate standing owners missing }',
    ),
  ).toEqual({
    reviews: [
      {
        state: 'CONDITIONAL',
        verdict: 'CONDITIONAL',
        conditions: ['Estimate them by Friday.'],
        reviewer: { name: 'Grace' },
        expiresAt: '2026-04-05T10:00:00Z',
        findings: [
          { aspect: 'SCOPE', verdict: 'FEASIBLE', note: null },
          { aspect: 'TIMELINE', verdict: 'FEASIBLE', note: null },
          { aspect: 'RESOURCES', verdict: 'FEASIBLE', note: null },
          { aspect: 'ESTIMATE', verdict: 'CONDITIONAL', note: 'Two roles are guessed.' },
        ],
      },
    ],
    gates: [
      { gate: 'BID', standing: 'MISSING', owners: [], missing: 'BID is not decided.' },
      { gate: 'SOLUTION', standing: 'MISSING', owners: [], missing: 'SOLUTION is not decided.' },
      { gate: 'COMMERCIAL', standing: 'MISSING', owners: ['grace@x.com'], missing: 'COMMERCIAL is not decided.' },
    ],
  });
  expect(await office.ask('{ reviewsWaiting { id } }')).toEqual({ reviewsWaiting: [] });
  expect(await refused('approveProposal', `id: "${id}"`)).toMatchObject({ guard: 'conditions' });
  const accepting = `id: "${id}", conditionsAcceptedBy: "Head of delivery"`;
  expect(await refused('approveProposal', accepting)).toEqual({
    guard: 'gates',
    message: 'BID is not decided. SOLUTION is not decided. COMMERCIAL is not decided.',
  });
  await passGates(id);
  expect(await refused('submitProposal', `id: "${id}"`)).toMatchObject({ guard: 'internalApproval' });
  await take(office.ask, 'approveProposal', accepting);
  await take(office.ask, 'submitProposal', `id: "${id}"`);
  const { state, decisions } = await read<{ state: string; decisions: { action: string; details: object }[] }>(
    id,
    'state decisions { action details }',
  );
  expect(state).toBe('SUBMITTED');
  expect(decisions.map(({ action }) => action)).toEqual([
    'DRAFT',
    'REQUEST_REVIEW',
    'START_REVIEW',
    'RECORD_VERDICT',
    'GATE_BID',
    'GATE_SOLUTION',
    'GATE_COMMERCIAL',
    'APPROVE',
    'SUBMIT',
  ]);
  expect(decisions.at(-2)?.details).toMatchObject({ conditionsAcceptedBy: 'Head of delivery', review: 'CONDITIONAL' });
  expect(decisions.at(-1)?.details).toMatchObject({
    review: 'CONDITIONAL',
    gates: { BID: 'PASSED', SOLUTION: 'PASSED', COMMERCIAL: 'PASSED' },
  });
});

test('neither who sells the deal nor who drafted the proposal nor who asked may review it', async () => {
  const id = await create();
  const review = await take(office.ask, 'requestReview', `proposal: "${id}", requester: "${office.idOf('Grace')}"`);
  const verdict = (who: string) => refused('recordVerdict', `review: "${review}", ${who} ${feasible()}`);
  expect(await verdict(`${reviewer('Ada')},`)).toEqual({ guard: 'reviewer', message: 'Ada sells the deal.' });
  expect(await verdict('')).toEqual({ guard: 'reviewer', message: 'test-key drafted the proposal.' });
  expect(await verdict(`${reviewer('Grace')},`)).toEqual({ guard: 'reviewer', message: 'Grace asked for the review.' });
  expect(await refused('startReview', `review: "${review}", ${reviewer('Ada')}`)).toMatchObject({ guard: 'reviewer' });
  expect(await read(id, 'reviews { state }')).toEqual({ reviews: [{ state: 'REQUESTED' }] });
  expect(await refused('decideGate', `proposal: "${id}", gate: SOLUTION, outcome: PASS`)).toEqual({
    guard: 'independent',
    message: 'test-key drafted the proposal.',
  });
  expect(
    await refused('decideGate', `proposal: "${id}", gate: COMMERCIAL, outcome: PASS, owner: "${office.idOf('Ada')}"`),
  ).toMatchObject({ guard: 'gateOwner', message: 'Ada does not decide COMMERCIAL.' });
});

test('a key that bears a person’s name speaks for that person, and for nobody else', async () => {
  const id = await create();
  const review = await request(id);
  const as = async (actor: string, who: string) => {
    const body = {
      query: `mutation { startReview(review: "${review}" ${who}) { __typename ... on RefusedError { guard message } } }`,
    };
    const response = await createApi(office.hub).fetch(
      new Request('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      actor,
    );
    return ((await response.json()) as { data: { startReview: unknown } }).data.startReview;
  };
  expect(await as('ADA@x.com', '')).toMatchObject({ guard: 'reviewer', message: 'Ada sells the deal.' });
  expect(await as('ADA@x.com', `, ${reviewer('Grace')}`)).toMatchObject({
    guard: 'reviewer',
    message: 'The key speaks for Ada, and Grace is named.',
  });
  expect(await as('grace', '')).toEqual({ __typename: 'StartReviewSuccess' });
  expect(await read(id, 'reviews { reviewer { name } reviewedBy }')).toEqual({
    reviews: [{ reviewer: { name: 'Grace' }, reviewedBy: 'grace' }],
  });
});

test('other terms are another version, which nobody has reviewed', async () => {
  const first = await create();
  await approved(first);
  const second = await take(
    office.ask,
    'createProposal',
    `opportunity: "${office.idOf('Portal')}", revises: "${first}", terms: { price: { amount: "9900", currency: "EUR" } }`,
  );
  expect(await refused('submitProposal', `id: "${second}"`)).toMatchObject({ guard: 'review' });
  // Bid or no bid is about the opportunity; the other gates are about the terms.
  expect(await read(second, 'reviews { id } gates { gate standing }')).toEqual({
    reviews: [],
    gates: [
      { gate: 'BID', standing: 'PASSED' },
      { gate: 'SOLUTION', standing: 'MISSING' },
      { gate: 'COMMERCIAL', standing: 'MISSING' },
    ],
  });
});

test('who takes a deal over is no longer the one whose review counts', async () => {
  const id = await create();
  await approved(id);
  const owned = (owner: string) =>
    rawRecord('1', ['deal:1'], { name: 'Portal', amount: eur('10000'), state: 'PROPOSED', owner });
  script['deals']?.pages.push({ records: [owned('email:grace@x.com')] });
  await office.hub.sync();
  expect(await refused('submitProposal', `id: "${id}"`)).toEqual({
    guard: 'review',
    message: 'Who reviewed it sells it by now.',
  });
  script['deals']?.pages.push({ records: [owned('email:ada@x.com')] });
  await office.hub.sync();
  await take(office.ask, 'submitProposal', `id: "${id}"`);
});

test('terms that changed beneath a review make it stale, and nothing goes out on it', async () => {
  const { proposals } = await office.ask<{ proposals: { nodes: { id: string }[] } }>(
    '{ proposals(filter: { name: { eq: "From the sheet" } }) { nodes { id } } }',
  );
  const id = proposals.nodes[0]?.id ?? '';
  // A sheet that calls it approved has shown no review.
  expect(await refused('submitProposal', `id: "${id}"`)).toMatchObject({ guard: 'review' });
  const review = await request(id);
  await take(office.ask, 'recordVerdict', `review: "${review}", ${reviewer()}, ${feasible()}`);
  await decide(id, 'BID');
  await decide(id, 'SOLUTION');
  await decide(id, 'COMMERCIAL', `outcome: PASS, owner: "${office.idOf('Grace')}", waiver: "It is kept in a sheet."`);
  await take(office.ask, 'approveProposal', `id: "${id}"`);
  const before = clock.now().toString();
  clock.advance(60_000);
  script['offers']?.pages.push({ records: [offered(14)] });
  await office.hub.sync();
  expect(await read(id, 'state reviews { state verdict } gates { gate standing }')).toEqual({
    state: 'INTERNALLY_APPROVED',
    reviews: [{ state: 'STALE', verdict: 'FEASIBLE' }],
    gates: [
      { gate: 'BID', standing: 'PASSED' },
      { gate: 'SOLUTION', standing: 'STALE' },
      { gate: 'COMMERCIAL', standing: 'STALE' },
    ],
  });
  expect(await refused('submitProposal', `id: "${id}"`)).toEqual({
    guard: 'review',
    message: 'Its terms are not those that were reviewed.',
  });
  const again = await request(id);
  expect(await refused('recordVerdict', `review: "${review}", ${reviewer()}, ${feasible()}`)).toMatchObject({
    guard: 'openReview',
  });
  await take(office.ask, 'recordVerdict', `review: "${again}", ${reviewer()}, ${feasible()}`);
  expect(await refused('approveProposal', `id: "${id}"`)).toEqual({
    guard: 'gates',
    message: 'SOLUTION was decided on other terms. COMMERCIAL was decided on other terms.',
  });
  expect(await read(id, `reviews { state } earlier: reviews(asOf: "${before}") { requestedAt }`)).toEqual({
    reviews: [{ state: 'FEASIBLE' }, { state: 'STALE' }],
    earlier: [{ requestedAt: before }],
  });
});

test('a verdict counts for as many days as the settings say', async () => {
  const id = await create();
  await approved(id);
  clock.advance(30 * 86_400_000);
  expect(await read(id, 'reviews { state }')).toEqual({ reviews: [{ state: 'FEASIBLE' }] });
  clock.advance(1);
  expect(await read(id, 'reviews { state }')).toEqual({ reviews: [{ state: 'EXPIRED' }] });
  expect(await refused('submitProposal', `id: "${id}"`)).toEqual({
    guard: 'review',
    message: 'Its review is older than 30 days.',
  });
});

test('a verdict says why and on what it depends, and is given once', async () => {
  const id = await create();
  const review = await request(id);
  expect(await refused('requestReview', `proposal: "${id}"`)).toMatchObject({ guard: 'noOpenReview' });
  const verdict = (more: string) => `review: "${review}", ${reviewer()}, ${more}`;
  expect(await refused('recordVerdict', verdict(feasible('{ verdict: NOT_FEASIBLE }')))).toMatchObject({
    argument: 'estimate.note',
  });
  expect(await refused('recordVerdict', verdict(feasible('{ verdict: CONDITIONAL, note: "x" }')))).toMatchObject({
    argument: 'conditions',
  });
  const no = verdict(`${feasible('{ verdict: NOT_FEASIBLE, note: "Twice as much." }')}, idempotencyKey: "no"`);
  await take(office.ask, 'recordVerdict', no);
  await take(office.ask, 'recordVerdict', no);
  expect(await refused('recordVerdict', verdict(feasible()))).toMatchObject({ guard: 'openReview' });
  expect(await refused('approveProposal', `id: "${id}"`)).toEqual({
    guard: 'review',
    message: 'Its review says NOT_FEASIBLE.',
  });
});

test('COMMERCIAL holds to the floor and the tiers of change control', async () => {
  const gate = (id: string, more = '') =>
    refused(
      'decideGate',
      `proposal: "${id}", gate: COMMERCIAL, outcome: PASS, owner: "${office.idOf('Grace')}" ${more}`,
    );
  const offer = (terms: string) =>
    take(office.ask, 'createProposal', `opportunity: "${office.idOf('Archive')}", terms: { ${terms} }`);
  const money = (name: string, amount: string) => `${name}: { amount: "${amount}", currency: "EUR" }`;
  const dear = await offer(
    `${money('price', '10000')}, ${money('listPrice', '10000')}, ${money('plannedCost', '8100')}`,
  );
  expect(await gate(dear)).toEqual({ guard: 'margin', message: 'Its margin of 0.19 is beneath the floor of 0.20.' });
  const cheap = await offer(
    `${money('price', '9000')}, ${money('listPrice', '10000')}, ${money('plannedCost', '100')}`,
  );
  expect(await gate(cheap)).toEqual({
    guard: 'discount',
    message: 'A discount of 0.1 is more than anybody may approve.',
  });
  expect(await gate(cheap, ', waiver: "First job with them."')).not.toHaveProperty('guard');
  expect(
    (await read<{ decisions: { details: object }[] }>(cheap, 'decisions { details }')).decisions.at(-1)?.details,
  ).toMatchObject({
    outcome: 'PASS',
    owner: 'Grace',
    discount: '0.1',
    waiver: 'First job with them.',
  });
});

test('a proposal that turns out to be one of a sheet keeps its reviews and gates', async () => {
  const offer = (...keys: string[]) => rawRecord('u', ['offer:u', ...keys], { url: 'https://x.com/offer' });
  script['offers']?.pages.push({ records: [offer()] });
  await office.hub.sync();
  clock.advance(1_000);
  const id = await create();
  await request(id);
  await decide(id, 'SOLUTION');
  const { rows } = await sql<{ key: string }>`
    select key from identity where kind = 'proposal' and entity_id = ${Buffer.from(id, 'base64url').toString().slice(9)}::uuid`.execute(
    office.hub.database.rows,
  );
  script['offers']?.pages.push({ records: [offer(rows[0]?.key ?? '')] });
  await office.hub.sync();
  expect(await read(id, 'url reviews { state } gates { gate standing } decisions { action }')).toEqual({
    url: 'https://x.com/offer',
    reviews: [{ state: 'REQUESTED' }],
    gates: [
      { gate: 'BID', standing: 'PASSED' },
      { gate: 'SOLUTION', standing: 'PASSED' },
      { gate: 'COMMERCIAL', standing: 'MISSING' },
    ],
    decisions: [{ action: 'DRAFT' }, { action: 'REQUEST_REVIEW' }, { action: 'GATE_SOLUTION' }],
  });
});

test('a review that fails half-way leaves nothing behind', async () => {
  const id = await create();
  const everything = async (): Promise<string> => {
    const { rows } = await sql<{ n: string }>`
      select (select count(*) from decision) || ' ' || (select count(*) from version) || ' ' || (select count(*) from feasibility_review)
        || ' ' || (select string_agg(state, ',' order by id) from proposal) as n`.execute(office.hub.database.rows);
    return rows[0]?.n ?? '';
  };
  const standing = await everything();
  const left = new Set<string>();
  const failed = await failEverywhere(
    office.hub,
    `mutation { requestReview(proposal: "${id}") { __typename } }`,
    async () => void left.add(await everything()),
  );
  expect(failed).toBeGreaterThan(10);
  expect([...left]).toEqual([standing]);
  expect(await read(id, 'state reviews { state }')).toEqual({ state: 'IN_REVIEW', reviews: [{ state: 'REQUESTED' }] });
});

test('reviews, gates and compliance of a list take the same statements whatever its length', async () => {
  const asked =
    'contentHash reviews { state } gates { standing } compliance { ratio { value } } commitments { nodes { key } }';
  const statements = async (first: number): Promise<number> => {
    const spy = vi.spyOn(office.hub.database.reader.getExecutor(), 'executeQuery');
    await office.ask(`{ proposals(first: ${first}) { nodes { ${asked} } } }`);
    const { length } = spy.mock.calls;
    spy.mockRestore();
    return length;
  };
  const few = await statements(2);
  expect(await statements(8)).toBe(few);
  expect(few).toBeLessThanOrEqual(9);
});
