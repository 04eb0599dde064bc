import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { acceptBaseline, evidence, officeScript, openOffice, take, toReview } from '../../test/office.ts';
import { rawRecord } from '../../test/memory-connector.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
// It is the sixth of March in London and already the seventh in Berlin, where the project is.
const clock = manualClock('2026-03-06T23:30:00Z');

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const script = officeScript();
  script['changes']!.pages = [
    {
      records: [
        rawRecord('9', ['change:9'], {
          title: 'Approved in Jira',
          key: 'CR-9',
          state: 'APPROVED',
          project: 'project:1',
          priceDelta: { amount: '900', currency: 'EUR' },
          costDelta: { amount: '100', currency: 'EUR' },
          effortDelta: 3_600,
          scheduleDeltaDays: 0,
        }),
      ],
    },
  ];
  office = await openOffice({ database, clock, script, changeControl: { quoteValidDays: 14 } });
  await acceptBaseline(office.ask, office.idOf('Rollout'));
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

interface Quote {
  document: string | null;
  reason: string | null;
  validUntil: string | null;
}

async function quote(id: string, form = 'MARKDOWN'): Promise<Quote> {
  const { node } = await office.ask<{ node: { quote: Quote } }>(
    `query ($id: ID!) { node(id: $id) { ... on ChangeRequest { quote { document(form: ${form}) reason validUntil } } } }`,
    { id },
  );
  return node.quote;
}

test('a quote shows the client price, work and schedule, and nothing that is not the client’s', async () => {
  const id = await take(
    office.ask,
    'captureChangeRequest',
    `project: "${office.idOf('Rollout')}", title: "Export", said: "Could you just…"`,
  );
  expect(await quote(id)).toEqual({ document: null, reason: 'Its price is not known yet.', validUntil: null });
  await take(office.ask, 'triageChangeRequest', `id: "${id}", reason: "secret of triage"`);
  const eur = (amount: string) => `{ amount: "${amount}", currency: "EUR" }`;
  await take(
    office.ask,
    'assessChangeRequest',
    `id: "${id}", priceDelta: ${eur('12000')}, costDelta: ${eur('11111')}, effortDelta: 180000, scheduleDeltaDays: 7`,
  );
  expect((await quote(id)).document).toContain('Draft, not an offer');
  await take(
    office.ask,
    'quoteChangeRequest',
    `id: "${id}", approver: "${office.idOf('Grace')}", waiver: "secret of waiver", reason: "secret of quote"`,
  );
  const { document, validUntil } = await quote(id);
  expect(validUntil).toBe('2026-03-21');
  for (const said of [
    'Offer of 2026-03-07.',
    '| Client | Acme GmbH |',
    '> Could you just…',
    '| Price | EUR 12,000.00 |',
    '| Schedule | 7 calendar days later: 2026-07-07 instead of 2026-06-30 |',
    '| Contract value after | EUR 512,000.00 |',
    '| Valid until | 2026-03-21 |',
  ])
    expect(document).toContain(said);
  for (const each of [document, (await quote(id, 'HTML')).document])
    expect(each?.replace(/<style>[^<]*<.style>/, '')).not.toMatch(/secret|11,?111|margin|Grace|300,?000/i);
});

test('a quote keeps the figures of its day when the contract has moved on, and says what was decided', async () => {
  const id = await toReview(office.ask, office.idOf('Rollout'), { title: 'Report' });
  await take(office.ask, 'quoteChangeRequest', `id: "${id}", approver: "${office.idOf('Grace')}"`);
  clock.advance(3 * DAY);
  const { createChangeOrder } = await office.ask<{ createChangeOrder: { data: { id: string } } }>(
    `mutation { createChangeOrder(name: "CO 1", changeRequests: ["${id}"]) { ... on CreateChangeOrderSuccess { data { id } } } }`,
  );
  const order = createChangeOrder.data.id;
  await take(office.ask, 'approveChangeRequest', `id: "${id}", ${evidence}`);
  await office.ask(`mutation { moveChangeOrder(id: "${order}", step: SEND) { __typename } }`);
  await office.ask(
    `mutation { moveChangeOrder(id: "${order}", step: EXECUTE, signedOn: "2026-03-10", ${evidence}) { __typename } }`,
  );
  const { document } = await quote(id);
  expect(document).toContain('| Contract value before | EUR 500,000.00 |');
  expect(document).toContain('| Contract value after | EUR 512,000.00 |');
  expect(document).toContain('Accepted by Client on 2026-03-10.');
  expect(document).not.toContain('mail of 3 March');
});

test('a quote is accepted on its last day where the project is, and not on the day after', async () => {
  const zero = `priceDelta: { amount: "0", currency: "EUR" }, costDelta: { amount: "0", currency: "EUR" }, effortDelta: 0, scheduleDeltaDays: 0`;
  const approver = `approver: "${office.idOf('Grace')}", waiver: "Nothing to pay"`;
  const ids: string[] = [];
  for (const title of ['In time', 'Too late']) {
    const id = await toReview(office.ask, office.idOf('Rollout'), { title, deltas: zero });
    ids.push(await take(office.ask, 'quoteChangeRequest', `id: "${id}", ${approver}`));
  }
  const [inTime = '', tooLate = ''] = ids;
  expect((await quote(tooLate)).validUntil).toBe('2026-03-24');
  clock.advance(15 * DAY - HOUR);
  await take(office.ask, 'approveChangeRequest', `id: "${inTime}", ${evidence}`);
  // Still the 24th in London.
  clock.advance(HOUR);
  const approve = () => take(office.ask, 'approveChangeRequest', `id: "${tooLate}", ${evidence}`);
  await expect(approve()).rejects.toThrow('Its quote could be accepted until 2026-03-24; today is 2026-03-25.');
  await take(office.ask, 'deferChangeRequest', `id: "${tooLate}", reason: "Too late"`);
  await take(office.ask, 'assessChangeRequest', `id: "${tooLate}"`);
  await take(office.ask, 'quoteChangeRequest', `id: "${tooLate}", ${approver}`);
  expect(await approve()).toBe(tooLate);
});

test('what a source calls approved is a draft here until somebody decides', async () => {
  const id = office.idOf('Approved in Jira');
  expect((await quote(id)).document).toContain('Draft, not an offer');
  await take(office.ask, 'withdrawChangeRequest', `id: "${id}", reason: "secret"`);
  expect(await quote(id)).toEqual({ document: null, reason: 'It was withdrawn.', validUntil: null });
});

test('quotes of a list are read together', async () => {
  const { changeRequests } = await office.ask<{ changeRequests: { nodes: { quote: Quote }[] } }>(
    `{ changeRequests { nodes { quote { document(form: HTML) reason } } } }`,
  );
  expect(changeRequests.nodes.map((each) => each.quote.document !== null).toSorted()).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
});
