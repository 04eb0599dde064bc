import { silentLogger, type Key, type KindName } from '@plumbline/connector';
import { createApi, openHub, type Api, type Hub } from '@plumbline/hub';
import { startSandbox, type Sandbox } from '@plumbline/sandbox';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { unhurried } from './place.ts';

let database: TestDatabase;
let sandbox: Sandbox;
let hub: Hub;
let api: Api;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  sandbox = await startSandbox({
    seed: 'acme',
    size: 'small',
    today: '2026-11-20',
    malformed: true,
    sheetsReadsPerMinute: 100_000,
  });
  hub = await openHub({ database: database.target, sources: sandbox.sources.map(unhurried), logger: silentLogger });
  await hub.sync();
  api = createApi(hub);
}, 240_000);

afterAll(async () => {
  await hub.close();
  await sandbox.close();
  await database.drop();
});

async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const { data, errors } = await api.query(query, variables);
  expect(errors).toBeUndefined();
  return data as Data;
}

/** Which entity each key of a kind means. */
async function identities(kind: KindName): Promise<Map<Key, string>> {
  const { rows } = await hub.database.rows.executeQuery<{ key: Key; id: string }>({
    sql: `select key, entity_id as id from identity where kind = $1`,
    parameters: [kind],
    query: { kind: 'RawNode', sqlFragments: [], parameters: [] },
    queryId: { queryId: kind },
  });
  return new Map(rows.map((row) => [row.key, row.id]));
}

const lists: Readonly<Record<KindName, string>> = {
  person: 'people',
  client: 'clients',
  exchangeRate: 'exchangeRates',
  rate: 'rates',
  capacity: 'capacities',
  opportunity: 'opportunities',
  lineItem: 'lineItems',
  quota: 'quotas',
  target: 'targets',
  project: 'projects',
  proposal: 'proposals',
  proposalRole: 'proposalRoles',
  commitment: 'commitments',
  budget: 'budgets',
  milestone: 'milestones',
  allocation: 'allocations',
  changeRequest: 'changeRequests',
  workItem: 'workItems',
  timeEntry: 'timeEntries',
  risk: 'risks',
  obstacle: 'obstacles',
  closeNeed: 'closeNeeds',
};

test('after the first sync there is as much of every kind as the truth file says', async () => {
  const data = await ask<Record<string, { totalCount: number }>>(
    `{ ${Object.entries(lists)
      .map(([kind, list]) => `${kind}: ${list}(first: 0) { totalCount }`)
      .join(' ')} }`,
  );
  expect(Object.fromEntries(Object.entries(data).map(([kind, list]) => [kind, list.totalCount]))).toEqual(
    sandbox.truth.counts,
  );
});

test('records of several systems that are one entity are one, each time', async () => {
  const byKind = new Map<KindName, Map<Key, string>>();
  for (const kind of new Set(sandbox.truth.same.map((each) => each.kind))) byKind.set(kind, await identities(kind));
  const apart = sandbox.truth.same.filter(
    ({ kind, keys }) => new Set(keys.map((key) => byKind.get(kind)?.get(key))).size !== 1,
  );
  expect(apart).toEqual([]);
  expect(sandbox.truth.same.length).toBeGreaterThan(100);
});

test('every planted pair of opportunity and project is linked, and the likely ones are suggested', async () => {
  const [deals, projects] = [await identities('opportunity'), await identities('project')];
  const links = async (status: string): Promise<Set<string>> => {
    const found = await hub.database.rows.executeQuery<{ pair: string }>({
      sql: `select opportunity_id || ' ' || project_id as pair from project_link where status = $1`,
      parameters: [status],
      query: { kind: 'RawNode', sqlFragments: [], parameters: [] },
      queryId: { queryId: status },
    });
    return new Set(found.rows.map((row) => row.pair));
  };
  const linked = await links('LINKED');
  const planted = sandbox.truth.links.map((link) => `${deals.get(link.opportunity)} ${projects.get(link.project)}`);
  expect(planted.filter((pair) => !linked.has(pair))).toEqual([]);
  expect(linked.size).toBe(new Set(planted).size);
  const suggested = await links('SUGGESTED');
  const likely = sandbox.truth.likely.filter(({ kinds }) => kinds.join() === 'opportunity,project');
  expect(likely.length).toBeGreaterThan(0);
  expect(
    likely.filter(({ keys: [deal, project] }) => !suggested.has(`${deals.get(deal)} ${projects.get(project)}`)),
  ).toEqual([]);
});

test('every value of a sampled entity says where it comes from', async () => {
  for (const [kind, list] of Object.entries(lists)) {
    const fields = Object.entries(hub.rules.kinds[kind as KindName].fields).filter(
      ([, field]) => field.type !== 'refs',
    );
    const selection = fields
      .map(([name, field]) =>
        field.type === 'money' ? `${name} { amount }` : field.type === 'ref' ? `${name} { id }` : name,
      )
      .join(' ');
    const data = await ask<
      Record<
        string,
        { nodes: (Record<string, unknown> & { provenance: { field: string; source: string; claims: unknown[] }[] })[] }
      >
    >(
      `{ ${list}(first: 5) { nodes { ${selection} provenance { field source claims { source value recordId seenAt } } } } }`,
    );
    const nodes = data[list]?.nodes ?? [];
    expect(nodes.length).toBe(Math.min(5, sandbox.truth.counts[kind as KindName]));
    for (const node of nodes) {
      const explained = new Set(
        node.provenance.filter((each) => each.source && each.claims.length > 0).map((each) => each.field),
      );
      const bare = fields.flatMap(([name]) => (node[name] === null || explained.has(name) ? [] : [`${kind}.${name}`]));
      expect(bare).toEqual([]);
    }
  }
});

test('small changes add up where the truth file says so, and nowhere else', async () => {
  const [projects, requests] = [await identities('project'), await identities('changeRequest')];
  const { projects: list } = await ask<{
    projects: {
      nodes: {
        id: string;
        smallChanges: { sum: { amount: string; currency: string }; changeRequests: { id: string }[] }[];
      }[];
    };
  }>('{ projects(first: 100) { nodes { id smallChanges { sum { amount currency } changeRequests { id } } } } }');
  const ownId = (id: string): string => Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';
  const found = list.nodes.flatMap(({ id, smallChanges }) =>
    smallChanges.map(({ sum, changeRequests }) => ({
      project: ownId(id),
      sum,
      requests: changeRequests.map((request) => ownId(request.id)).toSorted(),
    })),
  );
  const planted = sandbox.truth.anomalies
    .filter(({ rule }) => rule === 'R35')
    .map(({ subject, others, figures }) => ({
      project: projects.get(subject.key),
      sum: { amount: String(figures['sum']), currency: String(figures['currency']) },
      requests: others.map(({ key }) => requests.get(key)).toSorted(),
    }));
  expect(planted.length).toBeGreaterThan(0);
  const byProject = (one: { project?: string }, other: { project?: string }): number =>
    String(one.project).localeCompare(String(other.project));
  expect(found.toSorted(byProject)).toEqual(planted.toSorted(byProject));
});

test('each malformed record is in quarantine with a sentence, and nothing else is', async () => {
  const { quarantine } = await ask<{
    quarantine: { nodes: { sourceId: string; stream: string; externalId: string; error: string }[] };
  }>('{ quarantine(first: 100) { nodes { sourceId stream externalId error } } }');
  const names = (records: readonly { source: string; stream: string; id: string }[]): string[] =>
    records.map((each) => `${each.source} ${each.stream} ${each.id}`).toSorted();
  expect(
    names(quarantine.nodes.map((each) => ({ source: each.sourceId, stream: each.stream, id: each.externalId }))),
  ).toEqual(names(sandbox.truth.quarantine));
  expect(quarantine.nodes.filter((each) => each.error.length < 15)).toEqual([]);
});

test('the README’s first query gives the answer that stands below it', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [query, answer] = [/```graphql\n([\s\S]*?)```/, /```json\n([\s\S]*?)```/].map(
    (pattern) => pattern.exec(readme)?.[1] ?? '',
  );
  expect(JSON.parse(answer ?? '')).toEqual({ data: JSON.parse(JSON.stringify(await ask(query ?? ''))) });
});
