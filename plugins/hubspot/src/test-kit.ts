import {
  createAccessTokens,
  createBudget,
  createTransport,
  growingRedactor,
  keepInMemory,
  manualClock,
  parseRecord,
  silentLogger,
  withAccess,
  type AnyRecord,
  type Listed,
  type ManualClock,
  type Page,
  type PollContext,
  type RawRecord,
  type Stream,
} from '@plumbline/connector';
import {
  startHubSpotEmulator,
  undatedPath,
  type HubSpotEmulator,
  type HubSpotEmulatorOptions,
  type HubSpotPortal,
  type HubSpotRecord,
} from '../emulator/index.ts';
import { mustBeListed } from '@plumbline/emulator';
import { hubspot } from './connector.ts';
import { operations } from './test-operations.ts';

export const accessToken = 'pat-na1-11111111-2222-3333-4444-555555555555';

export const portal: HubSpotPortal = {
  portalId: 24601,
  accessToken,
  timeZone: 'Europe/Berlin',
  companyCurrency: 'EUR',
  additionalCurrencies: ['USD', 'JPY'],
  owners: [
    { id: '71', userId: 901, email: 'Ada@Example.com', firstName: 'Ada', lastName: 'Berg', archived: false },
    { id: '72', userId: 902, email: 'bob@example.com', firstName: 'Bob', lastName: 'Cole', archived: true },
    { id: '73', userId: 903, email: 'ada@example.com', firstName: 'Ada', lastName: 'Berg', archived: true },
  ],
  pipelines: [
    {
      id: 'default',
      label: 'Sales',
      stages: [
        { id: 'lead', label: 'Lead', probability: 0.2, isClosed: false },
        { id: 'scoping', label: 'Scoping', probability: 0.4, isClosed: false },
        { id: 'offer', label: 'Offer', probability: 0.6, isClosed: false },
        { id: 'closedwon', label: 'Closed won', probability: 1, isClosed: true },
        { id: 'closedlost', label: 'Closed lost', probability: 0, isClosed: true },
      ],
    },
    { id: 'renewals', label: 'Renewals', stages: [{ id: '9001', label: 'Due', probability: 0.9, isClosed: false }] },
  ],
  properties: [
    { objectType: 'deals', name: 'jira_project_key', label: 'Jira project', type: 'string' },
    { objectType: 'deals', name: 'sales_region', label: 'Sales region', type: 'string' },
    { objectType: 'companies', name: 'billing_currency', label: 'Billing currency', type: 'string' },
  ],
  exchangeRates: [
    { from: 'USD', to: 'EUR', rate: 0.92, effectiveAt: Date.parse('2026-01-31T23:30:00Z') },
    { from: 'JPY', to: 'EUR', rate: 0.0000000612, effectiveAt: Date.parse('2026-03-01T00:00:00Z') },
  ],
};

/** Noon of a working day, long after everything that tests load. */
const noon = '2026-06-15T12:00:00Z';

export function deal(
  id: number | string,
  properties: HubSpotRecord['properties'] = {},
  at = '2026-03-01T09:00:00Z',
): HubSpotRecord {
  const updated = Date.parse(at);
  return {
    type: 'deals',
    id: String(id),
    properties: { dealname: `Deal ${id}`, pipeline: 'default', dealstage: 'lead', amount: '1000', ...properties },
    created: Date.parse('2026-01-05T08:00:00Z'),
    updated,
  };
}

/** HubSpot's refusal of a token that lacks a scope. */
export const missingScopes = (scope: string) => ({
  status: 'error',
  category: 'MISSING_SCOPES',
  errors: [{ message: 'x', context: { requiredGranularScopes: [scope] } }],
});

export interface Read {
  pages: Page[];
  /** The latest state of every record, by id. */
  records: Map<string, RawRecord>;
  deletes: string[];
  cursor: unknown;
}

export interface OpenPortal {
  emulator: HubSpotEmulator;
  clock: ManualClock;
  context: PollContext;
  stream(name: string): Stream;
  /** Polls as the engine does: `since` is the cursor's, less what its worth demands. */
  read(name: string, cursor?: unknown, pages?: number): Promise<Read>;
  /** Ids with what else a census lists of them. */
  census(name: string): Promise<Map<string, Listed>>;
  map(name: string, read: Read): Map<string, AnyRecord>;
  check(): ReturnType<ReturnType<typeof hubspot.install>['check']>;
  close(): Promise<void>;
}

type Setup = Partial<Omit<HubSpotEmulatorOptions, 'clock'>> & {
  config?: object;
  token?: string;
  /** As an OAuth app that somebody has let in, instead of a private app's token. */
  oauth?: boolean;
  address?: (url: string) => string | Promise<string>;
};

/** An emulator and the connector installed against it, on one clock that only tests move. */
export async function openPortal(setup: Setup = {}): Promise<OpenPortal> {
  const { config = {}, token = accessToken, oauth = false, address = (url: string) => url, ...options } = setup;
  const clock = manualClock(noon);
  const emulator = await startHubSpotEmulator({ portal, ...options, clock });
  const installed = hubspot.install({
    id: 'hubspot-acme',
    config: { address: await address(emulator.url), ...config },
    secrets: oauth ? appSecrets(emulator) : { accessToken: token },
  });
  const { redact, hide } = growingRedactor(installed.secretTexts);
  const context = (since: Temporal.Instant | null): PollContext => ({
    config: installed.config,
    secrets: installed.secrets,
    http,
    clock,
    logger: silentLogger,
    signal: new AbortController().signal,
    since,
    expect: () => {},
  });
  const plain = createTransport({
    source: 'hubspot-acme',
    budget: createBudget(installed.limits, clock),
    diagnose: (answer) => installed.diagnose(answer),
    clock,
    logger: silentLogger,
    redact,
    random: () => 0.5,
  });
  const client = installed.oauth;
  const http = client
    ? withAccess(
        plain,
        createAccessTokens({
          source: 'hubspot-acme',
          connector: 'hubspot',
          client,
          keeper: keepInMemory(client.grant.text),
          clock,
          redact,
          hide,
        }),
        new AbortController().signal,
      )
    : plain;
  const stream = (name: string): Stream => {
    const found = installed.streams.find((each) => each.name === name);
    if (!found) throw new RangeError(`no stream ${name}`);
    return found;
  };
  return {
    emulator,
    clock,
    context: context(null),
    stream,
    read: async (name, cursor = null, pages = Number.POSITIVE_INFINITY) =>
      collect(stream(name).poll(context(sinceOf(stream(name), cursor)), cursor), pages),
    async census(name) {
      const listed = new Map<string, Listed>();
      for await (const page of stream(name).census?.(context(null)) ?? [])
        for (const each of page) listed.set(typeof each === 'string' ? each : each.id, each);
      return listed;
    },
    map: (name, read) =>
      new Map(
        [...read.records.values()].flatMap(({ payload }) =>
          stream(name)
            .map(payload)
            .map((each) => [each.id, parseRecord(each)]),
        ),
      ),
    check: () => installed.check(context(null)),
    async close() {
      await emulator.close();
      mustBeListed(
        emulator.requests.map(({ method, path }) => ({ method, path: undatedPath(path) })),
        operations,
      );
    },
  };
}

function appSecrets({ oauth }: HubSpotEmulator) {
  const { clientId, clientSecret } = oauth;
  return { clientId, clientSecret, refreshToken: oauth.consent() };
}

function sinceOf(stream: Stream, cursor: unknown): Temporal.Instant | null {
  const since = (cursor as { since?: string } | null)?.since;
  if (since === undefined) return null;
  return Temporal.Instant.from(since).subtract({ milliseconds: stream.worth.granularityMs + stream.worth.lagMs });
}

async function collect(source: AsyncIterable<Page>, most: number): Promise<Read> {
  const read: Read = { pages: [], records: new Map(), deletes: [], cursor: null };
  for await (const page of source) {
    read.pages.push(page);
    for (const record of page.records) read.records.set(record.id, record);
    for (const { id } of page.deletes ?? []) {
      read.deletes.push(id);
      read.records.delete(id);
    }
    read.cursor = page.cursor;
    if (read.pages.length >= most) break;
  }
  return read;
}
