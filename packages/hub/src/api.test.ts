import { silentLogger } from '@plumbline/connector';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../test/database.ts';
import { memoryConnector, rawRecord } from '../test/memory-connector.ts';
import { createApi, type Api } from './api.ts';
import { openHub, type Hub } from './hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
  const crm = memoryConnector('hubspot', {
    companies: {
      kind: 'client',
      pages: [{ records: [rawRecord('9', ['company:9'], { name: 'Acme', domains: ['acme.com'] })] }],
    },
    deals: {
      kind: 'opportunity',
      pages: [
        {
          records: numbers.map((n) =>
            rawRecord(`${n}`, [`deal:${n}`], {
              name: `Deal ${String(n).padStart(2, '0')}`,
              amount: { amount: `${n * 100}.50`, currency: n % 2 ? 'EUR' : 'USD' },
              state: n > 20 ? 'WON' : 'QUALIFYING',
              client: 'company:9',
              closeDate: n === 30 ? null : `2026-03-${String(n).padStart(2, '0')}`,
              projects: n <= 10 ? [`project-key:P${n}`] : [],
            }),
          ),
        },
      ],
    },
  });
  const tracker = memoryConnector('jira', {
    projects: {
      kind: 'project',
      pages: [
        {
          records: numbers.slice(0, 11).map((n) =>
            rawRecord(`${n}`, [`project:${n}`, `project-key:P${n}`], {
              name: n === 11 ? 'Deal 11 rollout' : `Project ${n}`,
              code: `P${n}`,
              status: 'ACTIVE',
              ...(n === 11 ? { client: 'company:9', start: '2026-03-15' } : {}),
            }),
          ),
        },
      ],
    },
    changes: {
      kind: 'changeRequest',
      pages: [
        {
          records: numbers.map((n) =>
            rawRecord(`${n}`, [`change:${n}`], {
              title: `Change ${n}`,
              project: `project:${(n % 10) + 1}`,
              priceDelta: { amount: '0', currency: 'EUR' },
            }),
          ),
        },
      ],
    },
    people: {
      kind: 'person',
      pages: [{ records: [rawRecord('1', ['email:ada@acme.com'], { name: 'ada', zone: 'Europe/London' })] }],
    },
  });
  const register = memoryConnector('google-sheets', {
    people: {
      kind: 'person',
      pages: [{ records: [rawRecord('1', ['email:ada@acme.com'], { name: 'Ada Lovelace' }, '2026-01-01T00:00:00Z')] }],
    },
  });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    sources: [
      { id: 'crm', connector: crm, config: {}, secrets: {} },
      { id: 'tracker', connector: tracker, config: {}, secrets: {} },
      { id: 'register', connector: register, config: {}, secrets: {} },
    ],
  });
  await hub.sync();
  api = createApi(hub);
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

interface Answer {
  data: Record<string, unknown>;
  errors?: { message: string; locations?: unknown; extensions?: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
}

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  const response = await api.fetch(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    }),
  );
  return (await response.json()) as Answer;
}

test('a list is filtered, ordered and paged from either end without losing or repeating a row', async () => {
  const forward: string[] = [];
  let after: string | null = null;
  do {
    const { data } = await ask(
      `query ($after: String) { opportunities(first: 7, after: $after, filter: { state: { eq: QUALIFYING } }, orderBy: { field: AMOUNT, direction: DESC }) {
        totalCount nodes { name } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    const page = data['opportunities'] as {
      totalCount: number;
      nodes: { name: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    expect(page.totalCount).toBe(20);
    forward.push(...page.nodes.map((node) => node.name));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(forward).toEqual(Array.from({ length: 20 }, (_, index) => `Deal ${String(20 - index).padStart(2, '0')}`));
  const { data } = await ask(
    '{ opportunities(last: 2, orderBy: { field: CLOSE_DATE, direction: ASC }) { nodes { name closeDate } pageInfo { hasPreviousPage hasNextPage } } }',
  );
  expect(data['opportunities']).toEqual({
    nodes: [
      { name: 'Deal 29', closeDate: '2026-03-29' },
      { name: 'Deal 30', closeDate: null },
    ],
    pageInfo: { hasPreviousPage: true, hasNextPage: false },
  });
});

test('amounts come exact with their currency, and compare within it', async () => {
  const { data } = await ask(
    '{ opportunities(filter: { amount: { currency: "EUR", gte: "2700" }, not: { state: { eq: LOST } } }, orderBy: { field: AMOUNT, direction: ASC }) { nodes { amount { amount currency } } } }',
  );
  expect(data['opportunities']).toEqual({
    nodes: [{ amount: { amount: '2700.50', currency: 'EUR' } }, { amount: { amount: '2900.50', currency: 'EUR' } }],
  });
});

test('a page of projects with their opportunities, change requests and counts takes the same few statements whatever its size', async () => {
  const query = (first: number): string => `{ projects(first: ${first}) { totalCount nodes { name client { name }
    opportunities(first: 1) { nodes { name client { name owner { name } } } }
    changeRequests(first: 2) { totalCount nodes { title requester { name } } } timeEntries(first: 1) { totalCount } provenance { field source } } } }`;
  const statements = async (first: number): Promise<number> => {
    const spy = vi.spyOn(hub.database.reader.getExecutor(), 'executeQuery');
    const { errors } = await ask(query(first));
    expect(errors).toBeUndefined();
    const { length } = spy.mock.calls;
    spy.mockRestore();
    return length;
  };
  const few = await statements(2);
  expect(await statements(10)).toBe(few);
  expect(few).toBeLessThanOrEqual(9);
});

test('every value says which sources know it, who won and why', async () => {
  const { data } = await ask(
    '{ people { nodes { name provenance(conflictsOnly: true) { field value source conflict reason claims { source value } } } } }',
  );
  expect((data['people'] as { nodes: unknown[] }).nodes).toEqual([
    {
      name: 'ada',
      provenance: [
        {
          field: 'name',
          value: 'ada',
          source: 'tracker',
          conflict: true,
          reason: 'tracker is the master of this field, before register.',
          claims: [
            { source: 'tracker', value: 'ada' },
            { source: 'register', value: 'Ada Lovelace' },
          ],
        },
      ],
    },
  ]);
});

test('a likely pair is suggested, and stays confirmed or rejected once a person said so', async () => {
  const suggested = '{ projectLinks(status: SUGGESTED) { score reasons opportunity { id name } project { id name } } }';
  const first = (await ask(suggested)).data['projectLinks'] as {
    opportunity: { id: string; name: string };
    project: { id: string; name: string };
  }[];
  expect(first.map((link) => [link.opportunity.name, link.project.name])).toContainEqual([
    'Deal 11',
    'Deal 11 rollout',
  ]);
  const pair = first.find((link) => link.opportunity.name === 'Deal 11');
  const confirm =
    'mutation ($o: ID!, $p: ID!) { confirmLink(opportunity: $o, project: $p) { ... on ConfirmLinkSuccess { data { status origin decidedBy } } ... on Error { message } } }';
  expect((await ask(confirm, { o: pair?.opportunity.id, p: pair?.project.id })).data['confirmLink']).toEqual({
    data: { status: 'LINKED', origin: 'PERSON', decidedBy: 'local' },
  });
  await hub.sync();
  const { data } = await ask(
    '{ projects(filter: { code: { eq: "P11" } }) { nodes { opportunities { nodes { name } } } } }',
  );
  expect(data['projects']).toEqual({ nodes: [{ opportunities: { nodes: [{ name: 'Deal 11' }] } }] });
  const reject =
    'mutation ($o: ID!, $p: ID!) { rejectLink(opportunity: $o, project: $p) { ... on RejectLinkSuccess { data { status } } ... on InputError { argument message remedy } } }';
  expect((await ask(reject, { o: pair?.opportunity.id, p: pair?.project.id })).data['rejectLink']).toEqual({
    data: { status: 'REJECTED' },
  });
  await hub.sync();
  expect(
    (await ask('{ projects(filter: { code: { eq: "P11" } }) { nodes { opportunities { nodes { name } } } } }')).data[
      'projects'
    ],
  ).toEqual({ nodes: [{ opportunities: { nodes: [] } }] });
  expect((await ask(reject, { o: pair?.project.id, p: pair?.project.id })).data['rejectLink']).toEqual({
    argument: 'opportunity',
    message: 'The id is one of a Project.',
    remedy: 'Give the id of a Opportunity.',
  });
});

test('node and nodes find anything by its id, and null for what is unknown', async () => {
  const { data } = await ask('{ opportunities(first: 1, orderBy: { field: NAME, direction: ASC }) { nodes { id } } }');
  const { nodes } = data['opportunities'] as { nodes: { id: string }[] };
  const id = nodes[0]?.id;
  const unknown = Buffer.from('Opportunity:00000000-0000-4000-8000-000000000000').toString('base64url');
  const answer = await ask(
    'query ($id: ID!, $ids: [ID!]!) { node(id: $id) { id ... on Opportunity { name } } nodes(ids: $ids) { __typename } }',
    { id, ids: [id, unknown] },
  );
  expect(answer.data).toEqual({ node: { id, name: 'Deal 01' }, nodes: [{ __typename: 'Opportunity' }, null] });
});

test('what is asked wrongly is refused with a sentence that names the argument', async () => {
  const messages = async (query: string): Promise<string | undefined> => (await ask(query)).errors?.[0]?.message;
  expect(await messages('{ clients(first: 101) { totalCount } }')).toBe(
    '`first` is 101; a page has 0 to 100 rows. Page on with `after`.',
  );
  expect(await messages('{ clients(after: "x") { totalCount } }')).toContain('The cursor is not one of this list.');
  expect(await messages('{ clients(first: 1, last: 1) { totalCount } }')).toContain('exclude each other');
  expect(await messages('{ opportunities(filter: { client: { eq: "nonsense" } }) { totalCount } }')).toContain(
    'is not an id of this graph',
  );
  const soon = '{ opportunities(filter: { closeDate: { gt: "soon" } }) { totalCount } }';
  expect(await messages(soon)).toContain('A LocalDate is a calendar date');
  expect((await ask(soon)).errors?.[0]?.locations).toEqual([{ line: 1, column: soon.indexOf('"soon"') + 1 }]);
  expect(await messages('{ opportunities(filter: { amount: { gt: "10" } }) { totalCount } }')).toContain(
    'Give `currency`',
  );
});

test('a request that is too large is refused before it runs, and what one costs is reported', async () => {
  const deep = '{ projects(first: 100) { nodes { changeRequests(first: 100) { nodes { id title } } } } }';
  expect((await ask(deep)).errors?.[0]?.message).toMatch(
    /^The query costs \d+; 5000 are allowed\. Ask for fewer rows by `first`/,
  );
  const levels = 'client { projects(first: 1) { nodes { '.repeat(5);
  const deeper = `{ projects(first: 1) { nodes { ${levels} name ${'} } } '.repeat(5)} } } }`;
  expect((await ask(deeper)).errors?.[0]?.message).toMatch(/^The query is \d+ levels deep; 12 are allowed\./);
  expect((await ask('{ clients { totalCount } }')).extensions?.['cost']).toEqual({
    requested: expect.any(Number),
    limit: 5000,
  });
  const aliases = `{ sources { ${Array.from({ length: 31 }, (_, index) => `a${index}: name`).join(' ')} } }`;
  expect((await ask(aliases)).errors?.[0]?.message).toMatch(/alias/i);
  const roots = `{ clients { totalCount } ${'sources { name } '.repeat(20)} }`;
  expect((await ask(roots)).errors?.[0]?.message).toContain('root fields');
});

test('runs, sources and their freshness can be read', async () => {
  const { data, errors } = await ask(
    '{ sources { name connector streams { name kinds freshAsOf lastRun { status counts { read created } } } } syncRuns(first: 1, orderBy: { field: STARTED_AT, direction: DESC }) { nodes { status task warnings } } quarantine { totalCount } }',
  );
  expect(errors).toBeUndefined();
  expect(data['sources']).toMatchObject([
    {
      name: 'crm',
      connector: 'hubspot',
      streams: [
        { name: 'companies', kinds: ['client'], freshAsOf: expect.any(String), lastRun: { status: 'SUCCEEDED' } },
        {},
      ],
    },
    {},
    {},
  ]);
  const run = await ask(
    'mutation { sync(source: "crm", stream: "deals") { ... on SyncSuccess { data { status counts { unchanged } } } } }',
  );
  expect(run.data['sync']).toEqual({ data: [{ status: 'SUCCEEDED', counts: { unchanged: 30 } }] });
  const wrong = await ask(
    'mutation { sync(source: "crm", stream: "nothing") { ... on InputError { argument remedy } } }',
  );
  expect(wrong.data['sync']).toEqual({ argument: 'stream', remedy: 'It has: companies, deals.' });
});

test('a document that is asked for again and again gives the same answer, also with other variables and errors in it', async () => {
  const query = `query ($first: Int!, $after: String, $named: Boolean!) { opportunities(first: $first, after: $after, orderBy: { field: NAME, direction: ASC }) {
    totalCount edges { cursor node { ...named @include(if: $named) customFields projects(first: 1) { nodes { code ...on Project { changeRequests(first: 1) { totalCount nodes { id } } } } } } } } }
    fragment named on Opportunity { name client { name } amount { amount } provenance(fields: ["name"]) { field } }`;
  const first = await ask(query, { first: 3, named: true });
  expect(first.errors).toBeUndefined();
  for (let time = 0; time < 5; time += 1) expect(await ask(query, { first: 3, named: true })).toEqual(first);
  expect((await ask(query, { first: 2, named: false })).data).not.toHaveProperty('opportunities.edges.0.node.name');
  expect((await ask(query, { first: 1000, named: true })).errors?.[0]).toMatchObject({ message: expect.any(String) });
  expect((await ask(query, { first: 101, after: null, named: true })).errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_INPUT',
  });
});

test('what goes wrong unexpectedly is told to the log, and nothing of it to the caller', async () => {
  const told: unknown[] = [];
  const logger = { ...silentLogger, error: (...said: unknown[]) => void told.push(said) };
  const before = api;
  const { rows } = hub.database;
  await sql`alter table risk rename to lost`.execute(rows);
  try {
    api = createApi(hub, { logger });
    expect((await ask('{ risks { totalCount } }')).errors).toMatchObject([{ message: 'Unexpected error.' }]);
    const error = { path: 'risks', stack: expect.stringContaining('"risk" does not exist') };
    expect(told.splice(0)).toEqual([[error, 'A query failed unexpectedly.']]);
    expect((await ask('{ risks(first: 101) { totalCount } }')).errors).toHaveLength(1);
    // As PostgreSQL ends a statement that goes beyond its time.
    await sql`create function endless() returns setof lost language plpgsql as
      $$ begin raise exception 'canceling statement due to statement timeout' using errcode = '57014'; end $$`.execute(
      rows,
    );
    await sql`create view risk as select * from endless()`.execute(rows);
    expect((await ask('{ risks { nodes { title } } }')).errors).toMatchObject([
      { message: expect.stringContaining('longer than 5 s'), extensions: { code: 'TIMEOUT' } },
    ]);
    expect(told).toEqual([]);
  } finally {
    api = before;
    await sql`drop view if exists risk`.execute(rows);
    await sql`drop function if exists endless`.execute(rows);
    await sql`alter table lost rename to risk`.execute(rows);
  }
});
