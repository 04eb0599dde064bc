import { silentLogger, type Clock, type Logger } from '@plumbline/connector';
import { createApi } from '../src/api.ts';
import { openHub, type Hub } from '../src/hub.ts';
import type { SettingsOptions } from '../src/settings.ts';
import type { TestDatabase } from './database.ts';
import { memoryConnector, rawRecord, streamOf, type Script } from './memory-connector.ts';

/** A client, a project that Ada manages for it, and Grace, who may approve: where change control begins. */
export function officeScript(): Script {
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  return {
    people: streamOf('person', [
      rawRecord('ada', ['email:ada@x.com'], { name: 'Ada', email: 'ada@x.com' }),
      rawRecord('grace', ['email:grace@x.com'], { name: 'Grace', email: 'grace@x.com' }),
    ]),
    clients: streamOf('client', [rawRecord('acme', ['client:acme'], { name: 'Acme GmbH' })]),
    projects: streamOf('project', [
      rawRecord('1', ['project:1'], {
        name: 'Rollout',
        status: 'ACTIVE',
        currency: 'EUR',
        client: 'client:acme',
        manager: 'email:ada@x.com',
        zone: 'Europe/Berlin',
        start: '2026-01-05',
        end: '2026-06-30',
      }),
    ]),
    budgets: streamOf('budget', [
      rawRecord('1', ['budget:1'], {
        project: 'project:1',
        contractValue: eur('500000'),
        plannedCost: eur('300000'),
        plannedSeconds: 7_200_000,
        validFrom: '2026-01-01',
      }),
    ]),
    changes: streamOf('changeRequest', []),
  };
}

export interface OfficeOptions extends SettingsOptions {
  database: TestDatabase;
  clock: Clock;
  script?: Script;
  /** What a sheet says beside the tracker; there is none without it. */
  register?: Script;
  logger?: Logger;
}

/** A hub over such an office, synced, and what one asks of it by name. */
export async function openOffice(options: OfficeOptions) {
  const { database, script = officeScript(), register, logger = silentLogger, ...others } = options;
  const source = (id: string, name: string, of: Script) => ({
    id,
    connector: memoryConnector(name, of),
    config: {},
    secrets: {},
  });
  const hub = await openHub({
    ...others,
    database: database.target,
    logger,
    sources: [source('tracker', 'jira', script), ...(register ? [source('register', 'google-sheets', register)] : [])],
  });
  await hub.sync();
  const ask = askerOf(hub);
  const ids = new Map<string, string>();
  const found = await ask<Record<string, { nodes: { id: string; name?: string; title?: string }[] }>>(
    `{ projects { nodes { id name } } people { nodes { id name } } changeRequests(first: 100) { nodes { id title } } opportunities { nodes { id name } } }`,
  );
  for (const { nodes } of Object.values(found))
    for (const { id, name, title } of nodes) ids.set(name ?? title ?? '', id);
  return { hub, ask, idOf: (name: string): string => ids.get(name) ?? '' };
}

/** Asks over HTTP, as `test-key`; throws when there are errors. */
function askerOf(hub: Hub) {
  const api = createApi(hub);
  return async <Data = Record<string, unknown>>(query: string, variables: Record<string, unknown> = {}) => {
    const response = await api.fetch(
      new Request('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      }),
      'test-key',
    );
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
}

export type Ask = ReturnType<typeof askerOf>;

/** Takes a step by a mutation that gives a change request; throws when it is refused. Returns the request's id. */
export async function take(ask: Ask, mutation: string, args: string): Promise<string> {
  const success = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Success`;
  const answer = await ask<Record<string, { message?: string; data?: { id: string } }>>(
    `mutation { ${mutation}(${args}) { ... on Error { message } ... on ${success} { data { id } } } }`,
  );
  const { message, data } = answer[mutation] ?? {};
  if (!data) throw new Error(message);
  return data.id;
}

export const evidence = `evidence: { decidedBy: "Client", reference: "mail of 3 March" }`;
const fourDeltas = `priceDelta: { amount: "12000", currency: "EUR" }, costDelta: { amount: "6000", currency: "EUR" }, effortDelta: 180000, scheduleDeltaDays: 7`;

/** Accepts the project's baseline out of its budget: 500,000 at a planned cost of 300,000. */
export async function acceptBaseline(ask: Ask, project: string): Promise<void> {
  await ask(`mutation { acceptBaseline(project: "${project}", ${evidence}) { __typename } }`);
}

/** Captures, triages and assesses a request, so that it is in commercial review. Returns its id. */
export async function toReview(ask: Ask, project: string, more: { title: string; deltas?: string }): Promise<string> {
  const id = await take(ask, 'captureChangeRequest', `project: "${project}", title: ${JSON.stringify(more.title)}`);
  await take(ask, 'triageChangeRequest', `id: "${id}"`);
  return take(ask, 'assessChangeRequest', `id: "${id}", ${more.deltas ?? fourDeltas}`);
}
