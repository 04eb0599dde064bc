import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { failEverywhere } from '../../test/faults.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { evidence, officeScript, openOffice, take } from '../../test/office.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const hour = 3_600;
const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;
const ids = new Map<string, string>();

// A won deal, its project with four pieces of work, one of another project, and time on them.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  const pages = (...records: ReturnType<typeof rawRecord>[]) => [{ records }];
  const deal = {
    name: 'Portal',
    amount: eur('480000'),
    state: 'WON',
    owner: 'email:ada@x.com',
    projects: ['project:1'],
  };
  script['deals'] = { kind: 'opportunity', pages: pages(rawRecord('1', ['deal:1'], deal)) };
  const item = (id: string, title: string, more: object = {}) =>
    rawRecord(id, [`item:${id}`], { key: `R-${id}`, title, project: 'project:1', ...more });
  script['changes']?.pages.push(...pages(rawRecord('9', ['change:9'], { title: 'Export', project: 'project:1' })));
  script['projects']?.pages.push(...pages(rawRecord('2', ['project:2'], { name: 'Other', client: 'client:acme' })));
  script['items'] = {
    kind: 'workItem',
    pages: pages(
      item('1', 'Log in'),
      item('2', 'Search'),
      item('3', 'Tidy up'),
      item('4', 'Exporting', { changeRequest: 'change:9' }),
      item('5', 'Elsewhere', { project: 'project:2' }),
    ),
  };
  const worked = (id: string, workItem: string, localDate: string, seconds: number) =>
    rawRecord(id, [`time:${id}`], { workItem: `item:${workItem}`, person: 'email:ada@x.com', localDate, seconds });
  script['times'] = {
    kind: 'timeEntry',
    pages: pages(
      worked('1', '1', '2026-03-02', 5 * hour),
      worked('2', '3', '2026-03-03', 2 * hour),
      worked('3', '3', '2026-03-04', hour),
      worked('4', '4', '2026-03-04', 8 * hour),
    ),
  };
  office = await openOffice({ database, clock, script, proposals: { review: 'ADVISED' } });
  const { workItems } = await office.ask<{ workItems: { nodes: { id: string; title: string }[] } }>(
    '{ workItems { nodes { id title } } }',
  );
  for (const { id, title } of workItems.nodes) ids.set(title, id);
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

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

interface Promised {
  id: string;
  key: string;
}

async function commitmentsOf(proposal: string): Promise<Map<string, string>> {
  const { node } = await office.ask<{ node: { commitments: { nodes: Promised[] } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Proposal { commitments(orderBy: { field: KEY }) { nodes { id key } } } } }',
    { id: proposal },
  );
  return new Map(node.commitments.nodes.map(({ id, key }) => [key, id]));
}

const items = (...titles: string[]) => `workItems: [${titles.map((title) => `"${ids.get(title)}"`).join(', ')}]`;

const handoff = async () =>
  (
    await office.ask<{
      node: {
        handoff: { completeness: { value: string }; items: { item: string; there: boolean; missing: string | null }[] };
      };
    }>(
      'query ($id: ID!) { node(id: $id) { ... on Opportunity { handoff { completeness { value } items { item there missing } } } } }',
      { id: office.idOf('Portal') },
    )
  ).node.handoff;

test('what is promised is traced to work, and what is worked to a promise', async () => {
  const terms = `deliverables: ["Portal"], cadenceDays: 7, commitments: [{ text: "Everybody can log in.", deliverable: "Portal", due: "2026-04-01" }, { text: "Search answers within a second.", due: "2026-05-01" }]`;
  const proposal = await take(
    office.ask,
    'createProposal',
    `opportunity: "${office.idOf('Portal')}", terms: { ${terms} }`,
  );
  const drafted = await commitmentsOf(proposal);
  expect([...drafted.keys()]).toEqual(['C1', 'C2']);
  const login = `commitment: "${drafted.get('C1')}"`;
  expect(await refused('linkCommitment', `${login}, ${items('Log in')}`)).toEqual({
    guard: 'accepted',
    message: 'Its proposal is DRAFT: nothing is promised yet.',
  });
  expect(await office.ask('{ promisedNotPlanned { key } }')).toEqual({ promisedNotPlanned: [] });
  await take(office.ask, 'submitProposal', `id: "${proposal}"`);
  await take(office.ask, 'acceptProposal', `id: "${proposal}", ${evidence}`);

  const gaps = `query ($project: ID!, $deal: ID!) {
    promisedNotPlanned(project: $project) { key due deliverable }
    ofTheDeal: promisedNotPlanned(opportunity: $deal, first: 1) { key }
    workedNotPromised(project: $project) { workItem { title } seconds firstOn lastOn }
  }`;
  const variables = { project: office.idOf('Rollout'), deal: office.idOf('Portal') };
  expect(await office.ask(gaps, variables)).toEqual({
    promisedNotPlanned: [
      { key: 'C1', due: '2026-04-01', deliverable: 'Portal' },
      { key: 'C2', due: '2026-05-01', deliverable: null },
    ],
    ofTheDeal: [{ key: 'C1' }],
    workedNotPromised: [
      { workItem: { title: 'Log in' }, seconds: 5 * hour, firstOn: '2026-03-02', lastOn: '2026-03-02' },
      { workItem: { title: 'Tidy up' }, seconds: 3 * hour, firstOn: '2026-03-03', lastOn: '2026-03-04' },
    ],
  });

  expect(await refused('linkCommitment', `${login}, ${items('Log in', 'Elsewhere')}`)).toEqual({
    guard: 'project',
    message: 'R-5 belongs to another project than the commitment.',
  });
  expect(await refused('linkCommitment', `${login}, workItems: []`)).toMatchObject({ argument: 'workItems' });
  const before = clock.now().toString();
  clock.advance(60_000);
  await take(office.ask, 'linkCommitment', `${login}, ${items('Log in')}, idempotencyKey: "link"`);
  await take(office.ask, 'linkCommitment', `${login}, ${items('Log in')}, idempotencyKey: "link"`);
  expect(await office.ask(gaps, variables)).toMatchObject({
    promisedNotPlanned: [{ key: 'C2' }],
    workedNotPromised: [{ workItem: { title: 'Tidy up' } }],
  });
  // Time on it is in scope from now on, and was not as of then.
  const traced = await office.ask(
    `query ($item: ID!, $project: ID!, $before: Instant!) {
      item: node(id: $item) { ... on WorkItem { commitment { key workItems { title } decisions { action actor } } earlier: commitment(asOf: $before) { key } } }
      project: node(id: $project) { ... on Project { work { scope seconds } earlier: work(asOf: $before) { scope seconds } } }
    }`,
    { item: ids.get('Log in'), project: variables.project, before },
  );
  expect(traced).toEqual({
    item: {
      commitment: {
        key: 'C1',
        workItems: [{ title: 'Log in' }],
        decisions: [{ action: 'LINK_WORK', actor: 'test-key' }],
      },
      earlier: null,
    },
    project: {
      work: [
        { scope: 'BASELINE', seconds: 5 * hour },
        { scope: 'UNAPPROVED_CHANGE', seconds: 8 * hour },
        { scope: 'UNLINKED', seconds: 3 * hour },
      ],
      earlier: [
        { scope: 'UNAPPROVED_CHANGE', seconds: 8 * hour },
        { scope: 'UNLINKED', seconds: 8 * hour },
      ],
    },
  });

  // An item keeps one commitment: the last that was said.
  await take(office.ask, 'linkCommitment', `commitment: "${drafted.get('C2')}", ${items('Log in', 'Search')}`);
  expect(await office.ask(gaps, variables)).toMatchObject({ promisedNotPlanned: [{ key: 'C1' }] });
  await take(office.ask, 'unlinkCommitment', `commitment: "${drafted.get('C2')}", ${items('Log in')}`);
  await take(office.ask, 'linkCommitment', `${login}, ${items('Log in')}`);
  expect(await office.ask(gaps, variables)).toMatchObject({ promisedNotPlanned: [] });
});

test('the handoff of a won deal says what delivery still lacks', async () => {
  const lacking = async () => (await handoff()).items.filter(({ there }) => !there).map(({ missing }) => missing);
  expect((await handoff()).completeness.value).toBe('0.625');
  expect(await lacking()).toEqual([
    'The accepted proposal says nothing of reports, escalation, change control.',
    'Its project has nobody booked for it.',
    'Its project has no milestone with a day.',
  ]);
  expect(await office.ask('{ incompleteHandoffs { name } }')).toEqual({ incompleteHandoffs: [{ name: 'Portal' }] });
  // A piece of work that is gone keeps nothing.
  script['items']?.pages.push({ records: [], deletes: [{ id: '2', at: null }] });
  await office.hub.sync();
  expect(await lacking()).toContain('No work keeps 1 of 2 commitments.');
  expect(await office.ask('{ promisedNotPlanned { key } }')).toEqual({ promisedNotPlanned: [{ key: 'C2' }] });
});

test('work that names a commitment by its key in its source keeps it, unless a link says otherwise', async () => {
  const named = rawRecord('7', ['item:7'], { key: 'R-7', title: 'Index', project: 'project:1' });
  const payload = { ...(named.payload as object), customFields: { commitment: 'C2' } };
  script['items']?.pages.push({ records: [{ ...named, payload }] });
  await office.hub.sync();
  const { workItems } = await office.ask<{ workItems: { nodes: { id: string; commitment: Promised }[] } }>(
    '{ workItems(filter: { key: { eq: "R-7" } }) { nodes { id commitment { id key } } } promisedNotPlanned { key } }',
  );
  const [{ id, commitment } = { id: '', commitment: { id: '', key: '' } }] = workItems.nodes;
  expect(commitment.key).toBe('C2');
  expect(await office.ask('{ promisedNotPlanned { key } }')).toEqual({ promisedNotPlanned: [] });
  expect(await refused('unlinkCommitment', `commitment: "${commitment.id}", workItems: ["${id}"]`)).toEqual({
    guard: 'source',
    message: 'R-7 names the commitment in its source.',
  });
  const { commitments } = await office.ask<{ commitments: { nodes: Promised[] } }>(
    '{ commitments(filter: { key: { eq: "C1" } }) { nodes { id key } } }',
  );
  await take(office.ask, 'linkCommitment', `commitment: "${commitments.nodes[0]?.id}", workItems: ["${id}"]`);
  expect(await office.ask('{ promisedNotPlanned { key } }')).toEqual({ promisedNotPlanned: [{ key: 'C2' }] });
});

test('a link that fails half-way is neither a link nor a decision', async () => {
  const { commitments } = await office.ask<{ commitments: { nodes: Promised[] } }>(
    '{ commitments(filter: { key: { eq: "C1" } }) { nodes { id key } } }',
  );
  const id = commitments.nodes[0]?.id ?? '';
  const kept = async () =>
    JSON.stringify(
      await office.ask(
        'query ($id: ID!) { node(id: $id) { ... on Commitment { workItems { key } decisions { version } } } }',
        { id },
      ),
    );
  const standing = await kept();
  const left = new Set<string>();
  const failed = await failEverywhere(
    office.hub,
    `mutation { linkCommitment(commitment: "${id}", ${items('Tidy up')}) { __typename } }`,
    async () => void left.add(await kept()),
  );
  expect(failed).toBeGreaterThan(4);
  expect([...left]).toEqual([standing]);
  expect(await kept()).not.toBe(standing);
});

test('two items that turn out to be one keep what either kept', async () => {
  const records = [rawRecord('6', ['item:6', 'item:1'], { key: 'R-6', title: 'Log in again', project: 'project:1' })];
  script['items']?.pages.push({ records });
  await office.hub.sync();
  const { workItems } = await office.ask<{ workItems: { nodes: { commitment: { key: string } | null }[] } }>(
    '{ workItems(filter: { key: { in: ["R-1", "R-6"] } }) { nodes { commitment { key } } } }',
  );
  expect(workItems.nodes).toEqual([{ commitment: { key: 'C1' } }]);
});
