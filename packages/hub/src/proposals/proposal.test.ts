import { manualClock } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { failEverywhere } from '../../test/faults.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { evidence, officeScript, openOffice, take } from '../../test/office.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;

// A deal with two lines that the project delivers, one that nobody delivers yet, and a proposal kept in a sheet.
beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  const pages = (...records: ReturnType<typeof rawRecord>[]) => [{ records }];
  script['deals'] = {
    kind: 'opportunity',
    pages: pages(
      rawRecord('1', ['deal:1'], {
        name: 'Portal',
        amount: eur('480000'),
        state: 'WON',
        client: 'client:acme',
        projects: ['project:1'],
      }),
      rawRecord('2', ['deal:2'], { name: 'Archive', state: 'NEGOTIATING' }),
      rawRecord('3', ['deal:3'], { name: 'Training', state: 'PROPOSED' }),
    ),
  };
  const line = (id: string, deal: string, name: string, quantity: string, amount: string) =>
    rawRecord(id, [`line:${id}`], { opportunity: `deal:${deal}`, name, quantity, amount: eur(amount) });
  script['lines'] = {
    kind: 'lineItem',
    pages: pages(
      line('1', '1', 'Design', '1', '80000'),
      line('2', '1', 'Licence', '25.0', '400000'),
      line('3', '2', 'Shelves', '3', '1500.50'),
      line('4', '2', 'Move', '1', '499.50'),
    ),
  };
  script['offers'] = {
    kind: 'proposal',
    pages: pages(
      rawRecord('s', ['offer:s'], {
        name: 'From the sheet',
        state: 'ACCEPTED',
        version: 4,
        price: eur('9000'),
        opportunity: 'deal:3',
      }),
      rawRecord('t', ['offer:t'], { url: 'https://x.com/offer' }),
    ),
  };
  script['projects']?.pages.push(...pages(rawRecord('2', ['project:2'], { name: 'Training days', status: 'ACTIVE' })));
  // What a proposal passes before it goes to the client is tried out beside this, in review.test.ts.
  office = await openOffice({ database, clock, script, proposals: { review: 'ADVISED' } });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

const create = (deal: string, more = '') =>
  take(office.ask, 'createProposal', `opportunity: "${office.idOf(deal)}" ${more}`);

async function read<Fields>(id: string, fields: string, type = 'Proposal'): Promise<Fields> {
  const { node } = await office.ask<{ node: Fields }>(
    `query ($id: ID!) { node(id: $id) { ... on ${type} { ${fields} } } }`,
    { id },
  );
  return node;
}

interface Refused {
  guard?: string;
  argument?: string;
  message?: string;
  version?: number;
}

async function refused(mutation: string, args: string): Promise<Refused> {
  const answer = await office.ask<Record<string, Refused>>(
    `mutation { ${mutation}(${args}) { ... on Error { message } ... on RefusedError { guard } ... on InputError { argument } ... on ConflictError { version } } }`,
  );
  return answer[mutation] ?? {};
}

test('a deal becomes a proposal as it was synced, and what is given comes first', async () => {
  const id = await create('Portal', ', idempotencyKey: "draft"');
  expect(await create('Portal', ', idempotencyKey: "draft"')).toBe(id);
  expect(
    await read(
      id,
      'name version state price { amount currency } start end deliverables opportunity { name } decisions { version action details }',
    ),
  ).toEqual({
    name: 'Portal',
    version: 1,
    state: 'DRAFT',
    price: { amount: '480000', currency: 'EUR' },
    start: '2026-01-05',
    end: '2026-06-30',
    deliverables: ['Design', '25 × Licence'],
    opportunity: { name: 'Portal' },
    decisions: [
      {
        version: 1,
        action: 'DRAFT',
        details: {
          contentHash: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
          origins: {
            name: 'OPPORTUNITY',
            price: 'OPPORTUNITY',
            deliverables: 'OPPORTUNITY',
            start: 'PROJECT',
            end: 'PROJECT',
          },
        },
      },
    ],
  });
  const given = await create(
    'Portal',
    `revises: "${id}", terms: { price: { amount: "470000.00", currency: "EUR" }, plannedCost: { amount: "300000", currency: "EUR" }, roles: [{ role: "Developer", seconds: 3600000 }, { role: "Designer", seconds: 720000 }], cadenceDays: 7, reportingCycleDays: 30, escalationPath: ["COO"], changeControl: "In writing." }`,
  );
  expect(
    await read(
      given,
      'version price { amount } deliverables plannedSeconds cadenceDays escalationPath roles(orderBy: { field: ROLE }) { nodes { role seconds } }',
    ),
  ).toEqual({
    version: 2,
    price: { amount: '470000.00' },
    deliverables: ['Design', '25 × Licence'],
    plannedSeconds: 4_320_000,
    cadenceDays: 7,
    escalationPath: ['COO'],
    roles: {
      nodes: [
        { role: 'Designer', seconds: 720_000 },
        { role: 'Developer', seconds: 3_600_000 },
      ],
    },
  });
});

test('a deal without an amount is offered at the sum of its lines', async () => {
  const id = await create('Archive');
  expect(await read(id, 'price { amount currency } deliverables start')).toEqual({
    price: { amount: '2000', currency: 'EUR' },
    deliverables: ['Move', '3 × Shelves'],
    start: null,
  });
});

test('terms that contradict each other are refused, and the argument is named', async () => {
  const deal = `opportunity: "${office.idOf('Archive')}"`;
  const wrong = async (terms: string) => (await refused('createProposal', `${deal}, terms: { ${terms} }`)).argument;
  expect(await wrong('start: "2026-05-02", end: "2026-05-01"')).toBe('terms.end');
  expect(await wrong('price: { amount: "1", currency: "euro" }')).toBe('terms.price');
  expect(await wrong('plannedSeconds: 10, roles: [{ role: "Developer", seconds: 11 }]')).toBe('terms.plannedSeconds');
  expect(await wrong('roles: [{ role: "A", seconds: 1 }, { role: "A", seconds: 1 }]')).toBe('terms.roles');
  expect(await wrong('escalationPath: [" "]')).toBe('terms.escalationPath');
  expect(await wrong('cadenceDays: 0')).toBe('terms.cadenceDays');
  expect(await wrong('reportingCycleDays: 2147483647')).toBe('terms.reportingCycleDays');
  const other = await create('Portal');
  expect(await refused('createProposal', `${deal}, revises: "${other}"`)).toMatchObject({ argument: 'revises' });
});

test('the client has one offer before them, and accepting it freezes baseline 1, which stays', async () => {
  const first = await create('Portal');
  const second = await create(
    'Portal',
    `, terms: { price: { amount: "470000.00", currency: "EUR" }, plannedCost: { amount: "300000", currency: "EUR" }, roles: [{ role: "Developer", seconds: 4320000 }] }`,
  );
  const third = await create('Portal');
  const { version } = await read<{ version: number }>(second, 'version');
  await take(office.ask, 'submitProposal', `id: "${first}"`);
  clock.advance(60_000);
  await take(office.ask, 'submitProposal', `id: "${second}", idempotencyKey: "submit"`);
  await take(office.ask, 'submitProposal', `id: "${second}", idempotencyKey: "submit"`);
  expect(await read(first, 'state decisions { action actor }')).toEqual({
    state: 'SUPERSEDED',
    decisions: [
      { action: 'DRAFT', actor: 'test-key' },
      { action: 'SUBMIT', actor: 'test-key' },
      { action: 'SUPERSEDE', actor: 'plumbline' },
    ],
  });
  // What was drafted after the offer may still follow it.
  expect(await read(third, 'state')).toEqual({ state: 'DRAFT' });
  expect(await refused('acceptProposal', `id: "${first}", ${evidence}`)).toMatchObject({ guard: 'state' });
  expect(await refused('acceptProposal', `id: "${second}"`)).toMatchObject({ guard: 'clientDecision' });
  expect(await refused('acceptProposal', `id: "${second}", ${evidence}, expectedVersion: 1`)).toMatchObject({
    version: 2,
  });

  clock.advance(60_000);
  // Every statement of the transaction is made to fail in turn.
  const standing = await everything();
  const left = new Set<string>();
  const failed = await failEverywhere(
    office.hub,
    `mutation { acceptProposal(id: "${second}", ${evidence}, idempotencyKey: "accept") { __typename } }`,
    async () => void left.add(await everything()),
  );
  expect(failed).toBeGreaterThan(20);
  expect([...left]).toEqual([standing]);

  await take(office.ask, 'acceptProposal', `id: "${second}", ${evidence}, idempotencyKey: "accept"`);
  expect(await read(second, 'state project { name } history(first: 1) { nodes { changes { field } } }')).toEqual({
    state: 'ACCEPTED',
    project: { name: 'Rollout' },
    history: {
      nodes: [
        {
          changes: [{ field: 'state' }, { field: 'project' }],
        },
      ],
    },
  });
  expect(await read(third, 'state')).toEqual({ state: 'SUPERSEDED' });
  const { node } = await office.ask<{ node: { proposals: { nodes: { id: string; state: string }[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Opportunity { proposals { nodes { id state } } } } }`,
    { id: office.idOf('Portal') },
  );
  expect(node.proposals.nodes.filter(({ state }) => state !== 'SUPERSEDED')).toEqual([
    { id: second, state: 'ACCEPTED' },
  ]);
  const { baselines } = await read<{ baselines: unknown[] }>(
    office.idOf('Rollout'),
    'baselines { version contractValue { amount } plannedCost { amount } plannedSeconds start end origins items evidence proposal { version } } proposals(filter: { state: { eq: ACCEPTED } }) { nodes { version } }',
    'Project',
  );
  expect(baselines).toEqual([
    {
      version: 1,
      contractValue: { amount: '470000.00' },
      plannedCost: { amount: '300000' },
      plannedSeconds: 4_320_000,
      start: '2026-01-05',
      end: '2026-06-30',
      origins: {
        contractValue: 'PROPOSAL',
        plannedCost: 'PROPOSAL',
        plannedSeconds: 'PROPOSAL',
        start: 'PROPOSAL',
        end: 'PROPOSAL',
      },
      items: expect.arrayContaining([expect.objectContaining({ name: 'Design', amount: '80000' })]) as unknown,
      evidence: { decidedBy: 'Client', reference: 'mail of 3 March' },
      proposal: { version },
    },
  ]);

  // Neither another proposal nor a word makes the next baseline.
  const late = await create('Portal', `terms: { price: { amount: "1", currency: "EUR" } }`);
  await take(office.ask, 'submitProposal', `id: "${late}"`);
  expect(await refused('acceptProposal', `id: "${late}", ${evidence}`)).toMatchObject({ guard: 'firstBaseline' });
  expect(await refused('acceptBaseline', `project: "${office.idOf('Rollout')}", ${evidence}`)).toMatchObject({
    guard: 'firstBaseline',
  });
});

test('what a sheet calls accepted awaits the client’s decision here, and links the project it is accepted for', async () => {
  const { proposals } = await office.ask<{ proposals: { nodes: { id: string }[] } }>(
    `{ proposals(filter: { name: { eq: "From the sheet" } }) { nodes { id state } } }`,
  );
  const id = proposals.nodes[0]?.id ?? '';
  expect(await refused('submitProposal', `id: "${id}"`)).toMatchObject({ guard: 'state' });
  expect(await refused('acceptProposal', `id: "${id}", ${evidence}`)).toMatchObject({ guard: 'project' });
  const before = clock.now().toString();
  clock.advance(60_000);
  await take(office.ask, 'acceptProposal', `id: "${id}", ${evidence}, project: "${office.idOf('Training days')}"`);
  expect(
    await read(id, 'state version project { name } provenance(fields: ["state", "price"]) { field source }'),
  ).toEqual({
    state: 'ACCEPTED',
    version: 4,
    project: { name: 'Training days' },
    provenance: [
      { field: 'state', source: 'plumbline' },
      { field: 'price', source: 'tracker' },
    ],
  });
  expect(
    await office.ask(
      `query ($id: ID!) { node(id: $id) { ... on Project { opportunities { nodes { name } } proposals { nodes { version } } } } }`,
      { id: office.idOf('Training days') },
    ),
  ).toEqual({
    node: {
      opportunities: { nodes: [{ name: 'Training' }] },
      proposals: { nodes: [{ version: 4 }] },
    },
  });
  expect(
    await office.ask(
      `query ($before: Instant) { proposals(asOf: $before, filter: { name: { eq: "From the sheet" } }) { nodes { state project { name } } } }`,
      { before },
    ),
  ).toEqual({ proposals: { nodes: [{ state: 'ACCEPTED', project: null }] } });
});

test('a proposal that turns out to be one of a sheet keeps its decisions, and its baseline names it', async () => {
  const { rows } = await sql<{ id: string; key: string }>`
    select proposal.id, key from proposal join identity on entity_id = proposal.id
    where proposal.state = 'ACCEPTED' and key like 'plumbline-proposal:%'`.execute(office.hub.database.rows);
  const records = [rawRecord('t', ['offer:t', rows[0]?.key ?? ''], { url: 'https://x.com/offer' })];
  script['offers']?.pages.push({ records });
  await office.hub.sync();
  const { node } = await office.ask<{ node: { baselines: { proposal: unknown }[] } }>(
    `query ($id: ID!) { node(id: $id) { ... on Project { baselines { proposal { state url decisions { action } } } } } }`,
    { id: office.idOf('Rollout') },
  );
  expect(node.baselines).toEqual([
    {
      proposal: {
        state: 'ACCEPTED',
        url: 'https://x.com/offer',
        decisions: [{ action: 'DRAFT' }, { action: 'SUBMIT' }, { action: 'ACCEPT' }],
      },
    },
  ]);
  const { rows: dangling } = await sql`
    select baseline.id from baseline join proposal on proposal.id = proposal_id and deleted_at is not null`.execute(
    office.hub.database.rows,
  );
  expect(dangling).toEqual([]);
});

test('terms that changed after they were submitted are not what the client accepts', async () => {
  const id = await create('Archive', 'terms: { cadenceDays: 14 }');
  const { contentHash } = await read<{ contentHash: string }>(id, 'contentHash');
  await take(office.ask, 'submitProposal', `id: "${id}"`);
  await sql`update proposal set cadence_days = 7 where cadence_days = 14`.execute(office.hub.database.rows);
  expect((await read<{ contentHash: string }>(id, 'contentHash')).contentHash).not.toBe(contentHash);
  expect(await refused('acceptProposal', `id: "${id}", ${evidence}`)).toMatchObject({ guard: 'unchanged' });
  expect(await refused('declineProposal', `id: "${id}"`)).toMatchObject({ guard: 'clientDecision' });
  await take(office.ask, 'declineProposal', `id: "${id}", ${evidence}`);
  expect(await refused('acceptProposal', `id: "${id}", ${evidence}`)).toMatchObject({ guard: 'state' });
});

test('a deal that was won without an accepted proposal is found', async () => {
  expect(await office.ask('{ wonWithoutProposal { name } }')).toEqual({ wonWithoutProposal: [] });
  await sql`update opportunity set state = 'WON' where name = 'Archive'`.execute(office.hub.database.rows);
  expect(await office.ask('{ wonWithoutProposal { name } }')).toEqual({ wonWithoutProposal: [{ name: 'Archive' }] });
});

test('what only a sheet calls accepted is no acceptance, and the past knows nothing of it yet', async () => {
  const before = clock.now().toString();
  clock.advance(60_000);
  const said = { name: 'Said to be agreed', state: 'ACCEPTED', opportunity: 'deal:9', price: eur('100') };
  script['deals']?.pages.push({ records: [rawRecord('9', ['deal:9'], { name: 'Intranet', state: 'WON' })] });
  script['offers']?.pages.push({ records: [rawRecord('u', ['offer:u'], said)] });
  await office.hub.sync();
  const names = async (asOf = '') =>
    (
      await office.ask<{ wonWithoutProposal: { name: string }[] }>(`{ wonWithoutProposal${asOf} { name } }`)
    ).wonWithoutProposal.map(({ name }) => name);
  expect(await names()).toContain('Intranet');
  expect(await names(`(asOf: "${before}")`)).not.toContain('Intranet');
  const { proposals } = await office.ask<{ proposals: { nodes: { governancePack: { document: string } }[] } }>(
    '{ proposals(filter: { name: { eq: "Said to be agreed" } }) { nodes { governancePack { document(form: MARKDOWN) } } } }',
  );
  expect(proposals.nodes[0]?.governancePack.document).toContain('Draft: not everything is agreed yet.');
});

/** How much of everything there is, and where each proposal stands. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ n: string }>`
    select (select count(*) from decision) || ' ' || (select count(*) from version) || ' ' || (select count(*) from baseline)
      || ' ' || (select count(*) from facet) || ' ' || (select count(*) from project_link) || ' '
      || (select string_agg(state, ',' order by id) from proposal) as n`.execute(office.hub.database.rows);
  return rows[0]?.n ?? '';
}
