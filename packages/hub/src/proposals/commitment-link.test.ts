import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord, recordWith } from '../../test/memory-connector.ts';
import { evidence, officeScript, openOffice, take } from '../../test/office.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const clock = manualClock('2026-03-06T10:00:00Z');
const minute = 60_000;
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;
const work = new Map<string, string>();

const item = (id: string, project: string, commitment?: string) => {
  const record = rawRecord(id, [`item:${id}`], { key: `R-${id}`, title: `Item ${id}`, project });
  const customFields = commitment === undefined ? {} : { commitment };
  return recordWith(record, { customFields });
};

// A won deal that two projects deliver, each with its offer; a third offer that only its sheet calls accepted; and work.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  const pages = (...records: ReturnType<typeof rawRecord>[]) => [{ records }];
  const deal = (id: string, name: string, ...projects: string[]) =>
    rawRecord(id, [`deal:${id}`], { name, amount: eur('1000'), state: 'WON', owner: 'email:ada@x.com', projects });
  script['deals'] = {
    kind: 'opportunity',
    pages: pages(deal('1', 'Portal', 'project:1', 'project:2'), deal('2', 'Archive', 'project:3')),
  };
  const project = (id: string, name: string) => rawRecord(id, [`project:${id}`], { name, client: 'client:acme' });
  script['projects']?.pages.push(...pages(project('2', 'Search'), project('3', 'Shelves')));
  const governed = { cadenceDays: 7, escalationPath: ['COO'], changeControl: 'By change order.' };
  const offer = (id: string, state: string, opportunity: string, project: string, more: object) =>
    rawRecord(id, [`offer:${id}`], {
      name: `Offer ${id}`,
      state,
      version: 1,
      price: eur('1000'),
      opportunity: `deal:${opportunity}`,
      project: `project:${project}`,
      ...governed,
      ...more,
    });
  script['offers'] = {
    kind: 'proposal',
    pages: pages(
      offer('a', 'SUBMITTED', '1', '1', { reportingCycleDays: 30 }),
      offer('c', 'ACCEPTED', '2', '3', { reportingCycleDays: 30 }),
    ),
  };
  const promise = (id: string, offered: string, key: string) =>
    rawRecord(id, [`promise:${id}`], { key, text: `Promise ${id}.`, proposal: `offer:${offered}` });
  script['promises'] = {
    kind: 'commitment',
    pages: pages(
      promise('a1', 'a', 'C1'),
      promise('a2', 'a', 'C2'),
      promise('a3', 'a', 'C3'),
      promise('c1', 'c', 'C1'),
    ),
  };
  script['items'] = {
    kind: 'workItem',
    pages: pages(
      item('1', 'project:1'),
      item('2', 'project:1'),
      item('3', 'project:1', 'C2'),
      item('4', 'project:2'),
      item('5', 'project:3'),
      item('6', 'project:1'),
      item('7', 'project:1'),
    ),
  };
  script['times'] = {
    kind: 'timeEntry',
    pages: pages(
      rawRecord('1', ['time:1'], {
        workItem: 'item:1',
        person: 'email:ada@x.com',
        localDate: '2026-03-02',
        seconds: 3_600,
      }),
    ),
  };
  office = await openOffice({ database, clock, script, proposals: { review: 'ADVISED' } });
  const { workItems } = await office.ask<{ workItems: { nodes: { id: string; key: string }[] } }>(
    '{ workItems { nodes { id key } } }',
  );
  for (const { id, key } of workItems.nodes) work.set(key, id);
  await accept(await offerId('Offer a'), 'Rollout');
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

async function offerId(name: string): Promise<string> {
  const { proposals } = await office.ask<{ proposals: { nodes: { id: string }[] } }>(
    `{ proposals(filter: { name: { eq: "${name}" } }) { nodes { id } } }`,
  );
  return proposals.nodes[0]?.id ?? '';
}

const accept = (proposal: string, project: string) =>
  take(office.ask, 'acceptProposal', `id: "${proposal}", project: "${office.idOf(project)}", ${evidence}`);

/** A commitment of the sheet, by its text. */
async function promised(text: string): Promise<string> {
  const { commitments } = await office.ask<{ commitments: { nodes: { id: string }[] } }>(
    `{ commitments(filter: { text: { eq: "Promise ${text}." } }) { nodes { id } } }`,
  );
  return commitments.nodes[0]?.id ?? '';
}

const linking = (commitment: string, ...keys: string[]) =>
  `commitment: "${commitment}", workItems: [${keys.map((key) => `"${work.get(key)}"`).join(', ')}]`;

async function keptBy(key: string, asOf = ''): Promise<string | null> {
  const { node } = await office.ask<{ node: { commitment: { text: string } | null } }>(
    `query ($id: ID!) { node(id: $id) { ... on WorkItem { commitment${asOf} { text } } } }`,
    { id: work.get(key) },
  );
  return node.commitment?.text ?? null;
}

async function decisionsOf(commitment: string): Promise<{ action: string; details: { workItems: string[] } }[]> {
  const { node } = await office.ask<{ node: { decisions: { action: string; details: { workItems: string[] } }[] } }>(
    'query ($id: ID!) { node(id: $id) { ... on Commitment { decisions { action details } } } }',
    { id: commitment },
  );
  return node.decisions;
}

async function handoff(deal: string) {
  const { node } = await office.ask<{ node: { handoff: { items: { item: string; missing: string | null }[] } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Opportunity { handoff { items { item missing } } } } }',
    { id: office.idOf(deal) },
  );
  return new Map(node.handoff.items.map(({ item: name, missing }) => [name, missing]));
}

async function refusal(mutation: string, args: string): Promise<string | undefined> {
  const answer = await office.ask<Record<string, { message?: string }>>(
    `mutation { ${mutation}(${args}) { ... on Error { message } } }`,
  );
  return answer[mutation]?.message;
}

test('what only a sheet calls accepted is neither promised nor handed over', async () => {
  const nothing = 'The client has accepted no proposal here.';
  const items = await handoff('Archive');
  expect(['ACCEPTED_PROPOSAL', 'GOVERNANCE', 'COMMITMENTS_PLANNED'].map((name) => items.get(name))).toEqual([
    nothing,
    nothing,
    nothing,
  ]);
  expect(await office.ask(`{ promisedNotPlanned(opportunity: "${office.idOf('Archive')}") { key } }`)).toEqual({
    promisedNotPlanned: [],
  });
  expect(await refusal('linkCommitment', linking(await promised('c1'), 'R-5'))).toBe(
    'Its proposal is ACCEPTED by the word of its source alone: nothing is promised yet.',
  );
});

test('a commitment that loses work to another has that among its decisions', async () => {
  const [first, second] = [await promised('a1'), await promised('a2')];
  await take(office.ask, 'linkCommitment', linking(first, 'R-1', 'R-2'));
  clock.advance(minute);
  const before = clock.now().toString();
  clock.advance(minute);
  await take(office.ask, 'linkCommitment', linking(second, 'R-1'));
  expect((await decisionsOf(first)).map(({ action, details }) => [action, details.workItems.length])).toEqual([
    ['LINK_WORK', 2],
    ['UNLINK_WORK', 1],
  ]);
  expect((await decisionsOf(second)).map(({ action }) => action)).toEqual(['LINK_WORK']);
  expect([await keptBy('R-1'), await keptBy('R-1', `(asOf: "${before}")`)]).toEqual(['Promise a2.', 'Promise a1.']);
  expect(await keptBy('R-1', `(asOf: "${clock.now().toString()}")`)).toBe('Promise a2.');
});

test('a call that changed nothing is known again when it is sent again', async () => {
  const second = await promised('a2');
  const again = `${linking(second, 'R-1')}, idempotencyKey: "again"`;
  await take(office.ask, 'linkCommitment', again);
  clock.advance(minute);
  await take(office.ask, 'unlinkCommitment', linking(second, 'R-1'));
  await take(office.ask, 'linkCommitment', again);
  expect(await keptBy('R-1')).toBeNull();
  expect((await decisionsOf(second)).map(({ details }) => details.workItems.length)).toEqual([1, 0, 1]);
});

test('a link to what its sheet has deleted is none, and can be taken back', async () => {
  const third = await promised('a3');
  clock.advance(minute);
  await take(office.ask, 'linkCommitment', linking(third, 'R-1', 'R-3'));
  const scopes = async () =>
    (
      await office.ask<{ node: { work: object[] } }>(
        'query ($id: ID!) { node(id: $id) { ... on Project { work { scope seconds } } } }',
        { id: office.idOf('Rollout') },
      )
    ).node.work;
  expect(await scopes()).toEqual([{ scope: 'BASELINE', seconds: 3_600 }]);
  script['promises']?.pages.push({ records: [], deletes: [{ id: 'a3', at: null }] });
  await office.hub.sync();
  expect(await scopes()).toEqual([{ scope: 'UNLINKED', seconds: 3_600 }]);
  // What the item's own source names counts again.
  expect([await keptBy('R-1'), await keptBy('R-3')]).toEqual([null, 'Promise a2.']);
  expect(await office.ask('{ promisedNotPlanned { text } }')).toEqual({ promisedNotPlanned: [] });
  expect(await refusal('linkCommitment', linking(third, 'R-2'))).toBe('There is no such commitment.');
  clock.advance(minute);
  await take(office.ask, 'unlinkCommitment', linking(third, 'R-1', 'R-3'));
  expect((await decisionsOf(third)).map(({ action }) => action)).toEqual(['LINK_WORK', 'UNLINK_WORK']);
});

test('of the links of two items that are one the last counts, now as in the past', async () => {
  const [first, second] = [await promised('a1'), await promised('a2')];
  // Whichever of the two survives: once the last word is about the one that was seen first, once about the other.
  for (const [one, other] of [
    ['1', '2'],
    ['7', '6'],
  ]) {
    clock.advance(minute);
    await take(office.ask, 'linkCommitment', linking(first, `R-${one}`));
    clock.advance(minute);
    await take(office.ask, 'linkCommitment', linking(second, `R-${other}`));
  }
  clock.advance(minute);
  const joined = (id: string, other: string) =>
    rawRecord(id, [`item:${id}`, `item:${other}`], { key: `R-${id}`, title: 'Joined', project: 'project:1' });
  script['items']?.pages.push({ records: [joined('2', '1'), joined('7', '6')] });
  await office.hub.sync();
  const now = clock.now().toString();
  const { workItems } = await office.ask<{ workItems: { nodes: { id: string; commitment: unknown }[] } }>(
    `{ workItems(filter: { key: { in: ["R-1", "R-2", "R-6", "R-7"] } }) { nodes { id commitment { text } earlier: commitment(asOf: "${now}") { text } } } }`,
  );
  const last = { commitment: { text: 'Promise a2.' }, earlier: { text: 'Promise a2.' } };
  expect(workItems.nodes).toMatchObject([last, last]);
  for (const [index, { id }] of workItems.nodes.entries()) work.set(`R-${index + 1}`, id);
  clock.advance(minute);
  await take(office.ask, 'unlinkCommitment', linking(second, 'R-1', 'R-2'));
  expect([await keptBy('R-1'), await keptBy('R-1', `(asOf: "${clock.now().toString()}")`)]).toEqual([null, null]);
});

test('a deal that two proposals were accepted for is handed over when both are', async () => {
  const terms = `name: "Search", price: { amount: "500", currency: "EUR" }, cadenceDays: 7, escalationPath: ["COO"], changeControl: "By change order.", commitments: [{ text: "Answers within a second." }]`;
  const other = await take(
    office.ask,
    'createProposal',
    `opportunity: "${office.idOf('Portal')}", terms: { ${terms} }`,
  );
  await take(office.ask, 'submitProposal', `id: "${other}"`);
  await take(office.ask, 'linkCommitment', linking(await promised('a1'), 'R-1'));
  expect((await handoff('Portal')).get('COMMITMENTS_PLANNED')).toBeNull();
  await accept(other, 'Search');
  const items = await handoff('Portal');
  expect(items.get('ACCEPTED_PROPOSAL')).toBeNull();
  expect(items.get('GOVERNANCE')).toBe('One of 2 accepted proposals says nothing of reports.');
  expect(items.get('COMMITMENTS_PLANNED')).toBe('No work keeps 1 of 3 commitments.');
});

test('a key that two commitments of a project have names the first of them, here as there', async () => {
  const project = rawRecord('2', ['project:2', 'project:1'], { name: 'Search' });
  script['projects']?.pages.push({ records: [project] });
  script['items']?.pages.push({ records: [item('4', 'project:2', 'C1')] });
  await office.hub.sync();
  expect(await keptBy('R-4')).toBe('Promise a1.');
  const { commitments } = await office.ask<{
    commitments: { nodes: { text: string; workItems: { key: string }[] }[] };
  }>('{ commitments(filter: { key: { eq: "C1" } }) { nodes { text workItems { key } } } }');
  const works = commitments.nodes.map(({ text, workItems }) => [text, workItems.map(({ key }) => key).includes('R-4')]);
  expect(works.toSorted()).toEqual([
    ['Answers within a second.', false],
    ['Promise a1.', true],
    ['Promise c1.', false],
  ]);
});

test('an item that was merged into another one is still found by the id it had', async () => {
  const promise = await promised('a1');
  await take(office.ask, 'linkCommitment', linking(promise, 'R-6', 'R-7'));
  const fields = { key: 'R-6', title: 'Item 6', project: 'project:1' };
  script['items']?.pages.push({ records: [rawRecord('6', ['item:6', 'item:7'], fields)] });
  await office.hub.sync();
  const { nodes } = await office.ask<{ nodes: { id: string }[] }>('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: [work.get('R-6'), work.get('R-7')],
  });
  const merged = ['R-6', 'R-7'].find((key) => work.get(key) !== nodes[0]?.id) ?? '';
  expect(await keptBy(merged)).toBe('Promise a1.');
  clock.advance(minute);
  await take(office.ask, 'unlinkCommitment', linking(promise, merged));
  expect([await keptBy('R-6'), await keptBy('R-7')]).toEqual([null, null]);
  await take(office.ask, 'linkCommitment', linking(promise, merged));
  expect(await keptBy('R-6')).toBe('Promise a1.');
});
