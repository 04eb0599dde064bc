import { silentLogger, systemClock } from '@plumbline/connector';
import { createApi, createClientApi, openHub, type Api, type Hub } from '@plumbline/hub';
import { saidAmongColleagues, startSandbox, tellStory, type Sandbox, type Told } from '@plumbline/sandbox';
import { startServer, type RunningServer } from '../../apps/server/src/index.ts';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allKinds } from '../../packages/hub/src/entities.ts';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { unhurried } from './place.ts';

const clientStatus = { firm: 'Kestrel & Vale', acceptanceKeptIn: ['jira'] };
let database: TestDatabase;
let sandbox: Sandbox;
let hub: Hub;
let api: Api;
let server: RunningServer;
let story: Told | null;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  sandbox = await startSandbox({ seed: 'acme', size: 'small', today: '2026-11-20', sheetsReadsPerMinute: 100_000 });
  hub = await openHub({
    database: database.target,
    sources: sandbox.sources.map(unhurried),
    clientStatus,
    logger: silentLogger,
  });
  await hub.sync();
  api = createApi(hub);
  server = await startServer({
    api,
    clientStatus: createClientApi(hub, clientStatus),
    port: 0,
    host: '127.0.0.1',
    apiKeys: [],
    logger: silentLogger,
  });
}, 240_000);

afterAll(async () => {
  await server.close();
  await hub.close();
  await sandbox.close();
  await database.drop();
});

async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const { data, errors } = await api.query(query, variables);
  expect(errors).toBeUndefined();
  return data as Data;
}

async function rowsOf(statement: string): Promise<Record<string, unknown>[]> {
  return (await hub.database.orm.em.getConnection().execute(statement)) as Record<string, unknown>[];
}

interface Client {
  id: string;
  name: string;
  projects: { id: string; name: string; status: string; milestones: string[]; reached: string[]; changes: string[] }[];
  /** Prices of offers that were submitted to it and are not answered. */
  offers: Told['quoted'][];
}

const globalId = (type: string, id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

/** Every client with what of its projects it may see, by name, those with most changes first. */
async function allClients(): Promise<Client[]> {
  const rows = await rowsOf(`
    select client.id, client.name, coalesce(jsonb_agg(jsonb_build_object('id', project.id, 'name', project.name, 'status', project.status,
      'milestones', array(select name from milestone where project_id = project.id and deleted_at is null),
      'reached', array(select name from milestone where project_id = project.id and deleted_at is null and status = 'ACHIEVED'),
      'changes', array(select title from change_request where project_id = project.id and deleted_at is null)
    )) filter (where project.id is not null), '[]') as projects, (
      select coalesce(jsonb_agg(jsonb_build_object('amount', price::text, 'currency', price_currency)), '[]')
      from proposal join opportunity on opportunity.id = opportunity_id
      where opportunity.client_id = client.id and proposal.state = 'SUBMITTED'
    ) as offers
    from client left join project on project.client_id = client.id and project.deleted_at is null
      and project.status in ('ACTIVE', 'ON_HOLD', 'DELIVERED')
    where client.deleted_at is null group by client.id`);
  const changes = ({ projects }: Client) => projects.flatMap((project) => project.changes).length;
  return (rows as unknown as Client[]).toSorted((a, b) => changes(b) - changes(a));
}

async function act(mutation: string, variables: Record<string, unknown> = {}): Promise<void> {
  const data = await ask<Record<string, { message?: string }>>(mutation, variables);
  expect(Object.values(data).flatMap(({ message }) => message ?? [])).toEqual([]);
}

/** What people say among themselves while they quote, decide and give away. */
const planted = {
  reason: 'planted-reason-among-us',
  waiver: 'planted-waiver-for-a-friend',
  evidence: 'planted-mail-of-the-client',
  decidedBy: 'Planted Person',
  description: 'planted-description-of-the-change',
  view: 'planted-view-of-the-delivery-manager',
  obstacle: 'planted-obstacle-among-us',
  need: 'planted-need-that-the-client-sees-to',
  gift: '98765.43',
  cost: '4321.09',
};
/** What was quoted is the client's to know. */
const QUOTED = '7654.32';

/** Leads two changes of a project through the steps that the hub decides on, and one new one into assessment. */
async function decide({ projects }: Client): Promise<void> {
  const project = globalId('Project', projects.find(({ status }) => status === 'ACTIVE')?.id ?? '');
  const { people } = await ask<{ people: { nodes: { id: string }[] } }>('{ people(first: 1) { nodes { id } } }');
  const evidence = `evidence: { decidedBy: "${planted.decidedBy}", reference: "${planted.evidence}" }`;
  const eur = (amount: string) => `{ amount: "${amount}", currency: "EUR" }`;
  await act(
    `mutation ($id: ID!) { acceptBaseline(project: $id, contractValue: ${eur('1234567.89')}, plannedCost: ${eur('7777777.77')}, ${evidence}) { ... on Error { message } } }`,
    { id: project },
  );
  await act(
    `mutation ($id: ID!) { checkIn(subject: $id, perspective: OPERATIONS, audience: TEAM, text: "${planted.view}", obstacles: [{ title: "${planted.obstacle}" }], needsToClose: [{ title: "${planted.need}" }]) { ... on Error { message } } }`,
    { id: project },
  );
  const capture = async (title: string): Promise<string> => {
    const { captureChangeRequest } = await ask<{ captureChangeRequest: { data: { id: string } } }>(
      `mutation ($id: ID!) { captureChangeRequest(project: $id, title: "${title}", said: "${planted.description}") { ... on CaptureChangeRequestSuccess { data { id } } } }`,
      { id: project },
    );
    return captureChangeRequest.data.id;
  };
  const step = (mutation: string, id: string, args = '') =>
    act(`mutation ($id: ID!) { ${mutation}(id: $id ${args}) { ... on Error { message } } }`, { id });
  const by = `approver: "${people.nodes[0]?.id}"`;
  const assessed = async (title: string): Promise<string> => {
    const id = await capture(title);
    await step('triageChangeRequest', id, `, reason: "${planted.reason}"`);
    await step(
      'assessChangeRequest',
      id,
      `, priceDelta: ${eur(QUOTED)}, costDelta: ${eur(planted.cost)}, effortDelta: 54321, scheduleDeltaDays: 7`,
    );
    return id;
  };
  const quote = (id: string) =>
    step('quoteChangeRequest', id, `, ${by}, waiver: "${planted.waiver}", reason: "${planted.reason}"`);
  await quote(await assessed('Planted and quoted'));
  const rejected = await assessed('Planted and rejected');
  await quote(rejected);
  await step('rejectChangeRequest', rejected, `, ${evidence}`);
  await step(
    'absorbChangeRequest',
    await assessed('Planted and given away'),
    `, ${by}, value: ${eur(planted.gift)}, reason: "${planted.reason}"`,
  );
  await assessed('Planted and under review');
}

async function tokenFor({ id }: Pick<Client, 'id'>): Promise<string> {
  const { createClientToken } = await ask<{ createClientToken: { data: { token: string } } }>(
    `mutation ($id: ID!, $until: Instant!) { createClientToken(client: $id, name: "planted name of a token", expiresAt: $until) {
      ... on CreateClientTokenSuccess { data { token } }
    } }`,
    {
      id: globalId('Client', id),
      until: systemClock
        .now()
        .add({ hours: 24 * 30 })
        .toString(),
    },
  );
  return createClientToken.data.token;
}

const said = '{ text on nextStep nextStepOn }';
const waits = '{ what price { amount currency } since validUntil }';
const everything = `{ status { firm client asOf complete freshness { readAt value isLate } messages ${said} waitingForYou ${waits} projects {
  id name message ${said} milestones { id name state due forecast achievedOn }
  changeRequests { id title state words quote { price { amount currency } quotedOn validUntil } decision decidedOn }
  nextSteps { what on } waitingForYou ${waits}
} } }`;

/** What somebody may try who holds a token and is curious. */
const attempts = [
  getIntrospectionQuery(),
  '{ __type(name: "Person") { name fields { name } } }',
  '{ clients { nodes { name } } }',
  '{ node(id: "Q2xpZW50OjE") { id } }',
  '{ status { projects { code cost margin rates { costRate } manager { name email } } } }',
  '{ status { projects { changeRequests { costDelta requester { email } url } } } }',
  'mutation { createClientToken(client: "x", name: "x", expiresAt: "x") { token } }',
  'query ($id: ID!) { status { projects(id: $id) { name } } }',
  'subscription { changes { id } }',
  '{ status { projects { ',
  `{ ${Array.from({ length: 40 }, (_, n) => `a${n}: status { client }`).join(' ')} }`,
];

/** All that a token can reach: data, page, errors and headers; apart from them the ids, also as what they may be codings of. */
async function reach(token: string): Promise<{ text: string; ids: string }> {
  const parts: string[] = [];
  const keep = async (response: Response): Promise<string> => {
    // The machine's time is no secret, and differs from answer to answer.
    parts.push(...[...response.headers].filter(([name]) => name !== 'date').map((header) => header.join(': ')));
    const text = await response.text();
    parts.push(text);
    return text;
  };
  const send = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/client/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body,
    });
  const data = await keep(await send(JSON.stringify({ query: everything })));
  for (const query of attempts) await keep(await send(JSON.stringify({ query })));
  await keep(await send('[{"query":"{ status { client } }"}]'));
  await keep(await send('not JSON'));
  await keep(await send('{}', { 'content-type': 'text/plain' }));
  for (const path of ['status', 'graphql', 'other', 'status/%2e%2e/graphql'])
    await keep(await fetch(`${server.url}/client/${path}`, { headers: { cookie: `plumbline-client=${token}` } }));
  const ids = [...data.matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) => id);
  const text = ids.reduce((rest, id) => rest.replaceAll(id, '·'), unescaped(parts.join('\n')));
  return { text, ids: ids.flatMap((id) => [id, Buffer.from(id, 'base64url').toString()]).join('\n') };
}

/** Texts as they were before they were written as JSON and HTML, and numbers without what makes them pleasant to read. */
function unescaped(written: string): string {
  const text = `${written}\n${written.replace(/(\d),(?=\d{3}\b)/g, '$1').replace(/(\d)\.0+\b/g, '$1')}`;
  const names: Readonly<Record<string, string>> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return text.replace(/\\"/g, '"').replace(/&(amp|lt|gt|quot|#39);/g, (entity) => names[entity] ?? entity);
}

/**
 * Every text and number in the hub's tables, but for the copies that are kept of the same, and every id as the main API
 * writes it. Times and days are no secrets.
 */
async function everyValue(): Promise<Set<string>> {
  const values = new Set<string>(hub.sources.map(({ id }) => id));
  const add = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(add);
    else if (typeof value === 'number') values.add(String(value));
    else if (typeof value === 'string' && !/^\d{4}-\d\d-\d\d([T ]|$)/.test(value)) values.add(value.trim());
  };
  for (const { table } of await rowsOf(`
    select table_name as "table" from information_schema.tables where table_schema = current_schema()
      and table_name not in ('record', 'record_payload', 'version', 'past', 'migration')`))
    for (const { row } of await rowsOf(`select to_jsonb(each) as row from "${String(table)}" as each`)) add(row);
  for (const { table, typeName } of Object.values(allKinds))
    for (const { id } of await rowsOf(`select id from ${table}`)) add(globalId(typeName, String(id)));
  values.delete('');
  return values;
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** Those of the values that stand in a text as words or numbers of their own, not as parts of longer ones. */
function found(values: Iterable<string>, text: string): string[] {
  const isPart = (around: string): boolean => /[\p{L}\p{N}]/u.test(around);
  // What stands there as words of its own has each of its words there: the text is searched only for those that have.
  const words = new Set(wordsOf(text));
  return [...values].filter((value) => {
    if (!wordsOf(value).every((word) => words.has(word))) return false;
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
      if (!isPart(text.slice(Math.max(0, at - 1), at)) && !isPart(text.slice(at + value.length, at + value.length + 1)))
        return true;
    return false;
  });
}

/** The text without what the client may see, its longest parts first, and without days and times. */
function without(text: string, own: readonly string[]): string {
  let rest = text;
  for (const each of own.toSorted((a, b) => b.length - a.length)) rest = rest.replaceAll(each, '·');
  return rest.replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z| at \d\d:\d\d UTC)?/g, '·');
}

/** What of the secret stands in a text; what has the client's own words in it is looked for before those are taken out. */
function leaked(secret: readonly string[], text: string, own: readonly string[]): string[] {
  const around = found(secret, text).filter((value) => {
    if (!own.some((each) => value.includes(each))) return false;
    const longer = own.filter((each) => each.length > value.length);
    return found([value], without(text, longer)).length > 0;
  });
  return [...around, ...found(secret, without(text, own))];
}

/** As the page writes it. */
function written({ amount, currency }: Told['quoted']): string {
  return `${currency} ${Number(amount).toLocaleString('en', { minimumFractionDigits: 2 })}`;
}

/** How much was decided and said. */
async function countTold(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const tables = [
    'proposal',
    'obstacle',
    'opportunity_view',
    'report_snapshot',
    'report_sending',
    'decision',
    'record',
  ];
  for (const table of tables)
    counts[table] = Number((await rowsOf(`select count(*) as count from ${table}`))[0]?.['count']);
  return counts;
}

test('the story of the sandbox is told to its end after it was broken off, and changes nothing when it is told again', async () => {
  const tell = (token: string | null, fetch: Api['fetch'] = api.fetch) =>
    tellStory({ fetch, today: '2026-11-20', now: systemClock.now(), token });
  let calls = 0;
  const breaksOff: Api['fetch'] = async (...call) => {
    calls += 1;
    if (calls > 20) throw new Error('killed');
    return api.fetch(...call);
  };
  await expect(tell(null, breaksOff)).rejects.toThrow('killed');
  const half = await countTold();
  story = await tell(null);
  const whole = await countTold();
  expect(half['proposal']).toBeLessThan(whole['proposal'] ?? 0);
  expect(whole).toMatchObject({
    proposal: 5,
    obstacle: 4,
    opportunity_view: 24,
    report_snapshot: 2,
    report_sending: 1,
  });
  expect(await tell(story?.token ?? '')).toEqual(story);

  // A token whose text was lost is another one, and the lost one works no longer.
  const lost = story?.token ?? '';
  story = await tell(null);
  expect(await countTold()).toEqual(whole);
  const statusBy = async (token = ''): Promise<number> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = '{"query":"{ status { client } }"}';
    return (await fetch(`${server.url}/client/graphql`, { method: 'POST', headers, body })).status;
  };
  expect([await statusBy(lost), await statusBy(story?.token)]).toEqual([401, 200]);
});

test('of all that the hub holds, a client finds nothing but what is its own', async () => {
  const told = (await allClients()).filter(({ id }) => globalId('Client', id) === story?.client.id);
  const clients = (await allClients()).filter(({ id }) => !told.some((client) => client.id === id));
  const [first, second] = clients;
  const idle = clients.find(({ projects }) => projects.length === 0);
  if (!first || !second || !idle) throw new Error('the sandbox has too few clients');
  await decide(first);
  const [offered] = clients.filter(({ offers }) => offers.length > 0);
  const ids = new Set([first, second, offered, ...told].map((client) => client?.id));
  const seen = (await allClients()).filter(({ id }) => ids.has(id));
  expect(seen.length).toBeGreaterThanOrEqual(3);
  expect(seen.flatMap(({ offers }) => offers).length).toBeGreaterThan(0);
  const reached = (client: Client) => client.projects.flatMap((project) => project.reached);
  expect(seen.flatMap(reached).length).toBeGreaterThan(0);
  const all = new Map<Client, Awaited<ReturnType<typeof reach>>>();
  for (const client of [idle, ...seen]) all.set(client, await reach(await tokenFor(client)));
  const values = await everyValue();
  expect(values.size).toBeGreaterThan(50_000);
  for (const each of [...Object.values(planted), ...saidAmongColleagues]) expect(values).toContain(each);

  // What everybody with a token sees: the words of the schema, of the page and of the errors.
  const common = new Set(found(values, all.get(idle)?.text ?? ''));
  expect(common.size).toBeGreaterThan(0);
  expect([...common].filter((value) => /\s|@|\d{4}|\d\.\d/.test(value) && value !== idle.name)).toEqual([]);

  for (const client of seen) {
    const own = [
      client.name,
      ...client.projects.flatMap(({ name, milestones, changes }) => [name, ...milestones, ...changes]),
      ...(client.id === first.id ? [QUOTED, 'EUR 7,654.32'] : []),
      ...client.offers.flatMap((price) => [price.amount, price.currency, written(price)]),
      ...(client.id === told[0]?.id && story ? [story.quoted.amount, written(story.quoted)] : []),
    ];
    const { text, ids } = all.get(client) ?? { text: '', ids: '' };
    for (const name of own) expect(text).toContain(name);
    for (const name of reached(client)) expect(text).toContain(`Your acceptance of: ${name}`);
    expect(text.includes('Your answer to our offer')).toBe(client.offers.length > 0);
    const secret = [...values].filter((value) => !common.has(value) && !own.includes(value));
    expect(secret.length).toBeGreaterThan(50_000);
    expect({ client: client.name, found: leaked(secret, text, own) }).toEqual({
      client: client.name,
      found: [],
    });
    // Ids are digests: a few letters in a row that mean something are chance.
    expect(ids.length).toBeGreaterThan(200);
    expect(secret.filter((value) => value.length > 6 && ids.includes(value))).toEqual([]);
    // The search finds what is there.
    const leak = secret.find((value) => value.includes('@'));
    expect(found(secret, `${text}\n"${leak}", 7777777.77 and ${planted.waiver}.`)).toEqual(
      expect.arrayContaining([leak, '7777777.77', planted.waiver]),
    );
  }
});
