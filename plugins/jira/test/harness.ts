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
  type InstalledConnector,
  type ManualClock,
  type Page,
  type PollContext,
  type RawRecord,
  type Redact,
  type SecretKeeper,
  type Stream,
} from '@plumbline/connector';
import { mustBeListed } from '@plumbline/emulator';
import { startJiraEmulator, type JiraEmulator, type JiraEmulatorOptions } from '../emulator/index.ts';
import { jira, type JiraConfigInput } from '../src/index.ts';
import { operations, withoutGateway } from './operations.ts';
import { smallSite } from './site.ts';

export interface Hub {
  emulator: JiraEmulator;
  clock: ManualClock;
  connector: InstalledConnector;
  context: PollContext;
  redact: Redact;
  /** A context of its own over the same account, as another run has it. */
  another(signal?: AbortSignal): PollContext;
  stream(name: string): Stream;
  /** Reads a stream to its end, as the engine would. */
  poll(name: string, cursor?: unknown): Promise<Reading>;
  /** All pages, each with its cursor. */
  pages(name: string, cursor?: unknown, signal?: AbortSignal): AsyncGenerator<Page>;
  records(name: string): Promise<AnyRecord[]>;
  close(): Promise<void>;
}

interface Reading {
  pages: Page[];
  records: RawRecord[];
  deletes: string[];
  cursor: unknown;
  /** Requests it took. */
  requests: number;
}

export interface HubOptions {
  config?: Partial<JiraConfigInput>;
  apiToken?: string;
  /** As an app that a person has let in: where its grant is kept is given by what it begins with. */
  oauth?: (refreshToken: string, emulator: JiraEmulator) => SecretKeeper;
  emulator?: Partial<JiraEmulatorOptions>;
  start?: string;
  /** Where the connector sends its requests, when not straight to the emulator. */
  through?: (target: string) => Promise<string>;
}

/** The connector installed at an emulated site, over real HTTP, with a clock that only moves when told to. */
export async function startHub(options: HubOptions = {}): Promise<Hub> {
  const clock = manualClock(options.start ?? '2026-03-01T12:00:00Z');
  const emulator = await startJiraEmulator({ site: smallSite(), clock, ...options.emulator });
  const address = options.through ? await options.through(emulator.url) : emulator.url;
  const account = options.oauth ? appAt(address, emulator) : accountAt(address, options.apiToken);
  const connector = jira.install({
    id: 'jira-acme',
    config: { ...account.config, rateShare: 1, ...options.config },
    secrets: account.secrets,
  });
  const { redact, hide } = growingRedactor(connector.secretTexts);
  const budget = createBudget(connector.limits, clock);
  const client = connector.oauth;
  const access =
    client &&
    createAccessTokens({
      source: 'jira-acme',
      connector: 'jira',
      client,
      keeper: options.oauth?.(client.grant.text, emulator) ?? keepInMemory(client.grant.text),
      clock,
      redact,
      hide,
    });
  const another = (signal = new AbortController().signal): PollContext => {
    const http = createTransport({
      source: 'jira-acme',
      budget,
      diagnose: connector.diagnose,
      clock,
      logger: silentLogger,
      redact,
      signal,
      random: () => 0.5,
    });
    return {
      config: connector.config,
      secrets: connector.secrets,
      http: access ? withAccess(http, access, signal) : http,
      clock,
      logger: silentLogger,
      signal,
      since: null,
      expect() {},
    };
  };
  const context = another();
  const { http } = context;
  const stream = (name: string): Stream => {
    const found = connector.streams.find((each) => each.name === name);
    if (!found) throw new RangeError(`there is no stream ${name}`);
    return found;
  };
  const pages = async function* (name: string, cursor: unknown = null): AsyncGenerator<Page> {
    const { worth } = stream(name);
    const since = (cursor as { since?: string } | null)?.since;
    const from = since
      ? Temporal.Instant.from(since).subtract({ milliseconds: worth.granularityMs + worth.lagMs })
      : null;
    // What the engine stores and reads back.
    yield* stream(name).poll({ ...context, since: from }, JSON.parse(JSON.stringify(cursor)));
  };
  const poll = async (name: string, cursor: unknown = null): Promise<Reading> => {
    const before = http.stats.requests;
    const read: Page[] = [];
    for await (const page of pages(name, cursor)) read.push(page);
    return {
      pages: read,
      records: read.flatMap((page) => page.records),
      deletes: read.flatMap((page) => (page.deletes ?? []).map(({ id }) => id)),
      cursor: read.at(-1)?.cursor,
      requests: http.stats.requests - before,
    };
  };
  const records = async (name: string): Promise<AnyRecord[]> =>
    (await poll(name)).records.flatMap(({ payload }) => stream(name).map(payload).map(parseRecord));
  const close = async (): Promise<void> => {
    await emulator.close();
    mustBeListed(emulator.requests.map(withoutGateway), operations);
  };
  return { emulator, clock, connector, context, redact, another, stream, poll, pages, records, close };
}

function accountAt(site: string, apiToken = 'token-of-the-hub') {
  return { config: { site, email: 'hub@acme.example' }, secrets: { apiToken } };
}

/** Links lead to the site, requests to where Atlassian answers apps. */
function appAt(address: string, { oauth }: JiraEmulator) {
  const { clientId, clientSecret } = oauth;
  return {
    config: { site: 'https://acme.atlassian.net', oauth: { api: address, login: address } },
    secrets: { clientId, clientSecret, refreshToken: oauth.consent() },
  };
}
