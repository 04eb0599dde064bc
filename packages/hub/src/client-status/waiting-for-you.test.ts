import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClientOffice } from '../../test/client-office.ts';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord, streamOf, type Script } from '../../test/memory-connector.ts';
import { take } from '../../test/office.ts';
import { readClientStatusSettings } from './client-status.settings.ts';

// Already the seventh in Berlin, where the project is, and still the sixth for offers.
const clock = manualClock('2026-03-06T23:30:00Z');
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const row = (id: string, fields: Record<string, unknown>) => rawRecord(`row-${id}`, [`milestone:${id}`], fields);
const register: Script = {
  milestones: streamOf('milestone', [
    row('1', { status: 'ACHIEVED' }),
    row('2', { status: 'ACHIEVED' }),
    row('4', { status: 'ACCEPTED' }),
    row('5', { name: 'Handbook', project: 'project:1', status: 'ACHIEVED', amount: eur('55555') }),
  ]),
  proposals: streamOf('proposal', [
    rawRecord('1', ['proposal:1'], {
      name: 'KEPT-IN-A-SHEET',
      state: 'SUBMITTED',
      opportunity: 'deal:3',
      price: eur('31000'),
    }),
  ]),
};
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openClientOffice>>;
let token: string;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  office = await openClientOffice({
    database,
    clock,
    register,
    acceptanceKeptIn: ['register'],
    proposals: { review: 'ADVISED' },
  });
  await add(
    'milestones',
    rawRecord('4', ['milestone:4'], { name: 'Kick-off', project: 'project:1', status: 'ACHIEVED' }),
    rawRecord('6', ['milestone:6'], { name: 'Internal release', project: 'project:1', status: 'ACHIEVED' }),
  );
  await add('deals', deal('3', 'Squeeze them', 'acme', 'NEGOTIATING'), deal('4', 'Cash cow', 'beta', 'PROPOSED'));
  ({ token } = await office.tokenFor('Acme GmbH'));
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

const deal = (id: string, name: string, client: string, state: string) =>
  rawRecord(id, [`deal:${id}`], { name, state, client: `client:${client}`, amount: eur('31000') });

async function add(stream: string, ...records: ReturnType<typeof rawRecord>[]): Promise<void> {
  office.script[stream]?.pages.push({ records });
  await office.hub.sync();
}

async function say(stream: string, ...records: ReturnType<typeof rawRecord>[]): Promise<void> {
  register[stream]?.pages.push({ records });
  await office.hub.sync();
}

interface Wait {
  what: string;
  price: { amount: string; currency: string } | null;
  since: string | null;
}

async function shown(by = token) {
  const { data } = (await office.see(
    by,
    '{ status { complete waitingForYou { what price { amount currency } since validUntil } projects { waitingForYou { what price { amount } since validUntil } } } }',
  )) as { data?: { status: { complete: boolean; waitingForYou: Wait[]; projects: { waitingForYou: Wait[] }[] } } };
  if (!data) throw new Error('the token shows nothing');
  return data.status;
}

const acceptances = async () => (await shown()).projects.flatMap((project) => project.waitingForYou);

test('a milestone waits for acceptance where a source that keeps that says it was reached, and nowhere else', async () => {
  const asked = (name: string, since: string | null) => ({
    what: `Your acceptance of: ${name}`,
    price: null,
    since,
    validUntil: null,
  });
  expect(await acceptances()).toEqual([asked('Handbook', null), asked('Design', '2026-02-03')]);
  const { html } = await office.api.page(token);
  expect(html).toContain('Your acceptance of: Design');
  expect(html).not.toMatch(/acceptance of: (Go-live|Kick-off|Internal release)|5{5}|4{5}/);
  await say('milestones', row('1', { status: 'ACCEPTED' }));
  expect(await acceptances()).toEqual([asked('Handbook', null)]);
  // The tracker counts first, and still calls it reached.
  expect(await office.ask('{ milestones(filter: { name: { eq: "Design" } }) { nodes { status } } }')).toEqual({
    milestones: { nodes: [{ status: 'ACHIEVED' }] },
  });
  await say('milestones', row('1', { status: 'ACHIEVED' }));
  expect(await acceptances()).toHaveLength(2);
});

test('where acceptance is kept nowhere, none is asked for; a source that is not there is named', () => {
  const sources = ['tracker', 'register'];
  expect(readClientStatusSettings({ firm: 'Kestrel' }, sources)).toEqual({ firm: 'Kestrel', acceptanceKeptIn: [] });
  expect(() => readClientStatusSettings({ firm: 'Kestrel', acceptanceKeptIn: ['registre'] }, sources)).toThrow(
    'clientStatus.acceptanceKeptIn: there is no source with the id "registre".',
  );
});

async function idOfDeal(name: string): Promise<string> {
  const { opportunities } = await office.ask<{ opportunities: { nodes: { id: string }[] } }>(
    'query ($name: String) { opportunities(filter: { name: { eq: $name } }) { nodes { id } } }',
    { name },
  );
  return opportunities.nodes[0]?.id ?? '';
}

const propose = async (name: string, more = '') =>
  take(office.ask, 'createProposal', `opportunity: "${await idOfDeal(name)}" ${more}`);
const submit = (id: string) => take(office.ask, 'submitProposal', `id: "${id}"`);
const answer = (price: string, since = '2026-03-06') => ({
  what: 'Your answer to our offer',
  price: eur(price),
  since,
  validUntil: null,
});

test('an offer that was submitted here waits for an answer, with the price it was submitted at and no name', async () => {
  const beta = (await office.tokenFor('Beta & Söhne')).token;
  expect((await shown()).waitingForYou).toEqual([]);
  const draft = await propose(
    'Squeeze them',
    ', terms: { name: "OUR-NAME", plannedCost: { amount: "12345", currency: "EUR" } }',
  );
  expect((await shown()).waitingForYou).toEqual([]);
  await submit(draft);
  expect((await shown()).waitingForYou).toEqual([answer('31000')]);
  expect((await shown(beta)).waitingForYou).toEqual([]);
  const { html } = await office.api.page(token);
  expect(html).toMatch(/<h2>We wait for you<\/h2>[\s\S]*Your answer to our offer[\s\S]*EUR 31,000\.00/);
  expect(html).not.toMatch(/Squeeze|OUR-NAME|12,?345|KEPT-IN/);
  clock.advance(24 * 3_600_000);
  await office.hub.sync();
  const dearer = await propose('Squeeze them', ', terms: { price: { amount: "32000", currency: "EUR" } }');
  expect((await shown()).waitingForYou).toEqual([answer('31000')]);
  await submit(dearer);
  expect((await shown()).waitingForYou).toEqual([answer('32000', '2026-03-07')]);
});

test('what was offered to one client is not shown to another that the deal goes over to', async () => {
  const beta = (await office.tokenFor('Beta & Söhne')).token;
  await add('deals', deal('3', 'Squeeze them', 'beta', 'NEGOTIATING'));
  expect([(await shown()).waitingForYou, (await shown(beta)).waitingForYou]).toEqual([[], []]);
  await add('deals', deal('3', 'Squeeze them', 'acme', 'NEGOTIATING'));
  expect((await shown()).waitingForYou).toHaveLength(1);
});

test('an offer waits no longer once it is answered, or its deal is over', async () => {
  await add('deals', deal('3', 'Squeeze them', 'acme', 'LOST'));
  expect((await shown()).waitingForYou).toEqual([]);
  await add('deals', deal('3', 'Squeeze them', 'acme', 'NEGOTIATING'));
  const offer = await propose('Squeeze them');
  await submit(offer);
  expect((await shown()).waitingForYou).toHaveLength(1);
  await take(office.ask, 'declineProposal', `id: "${offer}", evidence: { decidedBy: "CFO", reference: "mail" }`);
  expect((await shown()).waitingForYou).toEqual([]);
});

test('what was offered to a client that turns out to be another waits for that one', async () => {
  await add('deals', deal('5', 'Archive of theirs', 'old', 'PROPOSED'));
  await submit(await propose('Archive of theirs'));
  expect((await shown()).waitingForYou).toEqual([]);
  await add('clients', rawRecord('acme', ['client:acme', 'client:old'], { name: 'Acme GmbH' }));
  expect((await shown()).waitingForYou).toEqual([answer('31000', '2026-03-07')]);
});

test('what a sheet says of the price once it was offered changes nothing of what the client was offered', async () => {
  const kept = (price: string) =>
    rawRecord('2', ['proposal:2'], { name: 'Sheet', state: 'DRAFT', opportunity: 'deal:4', price: eur(price) });
  await say('proposals', kept('52000'));
  const { proposals } = await office.ask<{ proposals: { nodes: { id: string }[] } }>(
    '{ proposals(filter: { name: { eq: "Sheet" } }) { nodes { id } } }',
  );
  await submit(proposals.nodes[0]?.id ?? '');
  await say('proposals', kept('99000'));
  const beta = (await office.tokenFor('Beta & Söhne')).token;
  expect((await shown(beta)).waitingForYou).toEqual([answer('52000', '2026-03-07')]);
});

test('so many offers are shown at most, and where there are more that is said', async () => {
  const beta = (await office.tokenFor('Beta & Söhne')).token;
  const names = Array.from({ length: 20 }, (_, n) => `Deal ${n}`);
  await add('deals', ...names.map((name, n) => deal(`${10 + n}`, name, 'beta', 'PROPOSED')));
  const counted = async () => {
    const { complete, waitingForYou } = await shown(beta);
    return [complete, waitingForYou.length];
  };
  const [last = '', ...others] = names;
  for (const name of others) await submit(await propose(name));
  expect(await counted()).toEqual([true, 20]);
  await submit(await propose(last));
  expect(await counted()).toEqual([false, 20]);
});
