import {
  createBudget,
  createTransport,
  manualClock,
  parseRecord,
  redactor,
  silentLogger,
  type AnyRecord,
  type InstalledConnector,
  type ManualClock,
  type Page,
  type PollContext,
  type RawRecord,
  type Stream,
} from '@plumbline/connector';
import { startJiraEmulator, type JiraEmulator, type JiraEmulatorOptions } from '../emulator/index.ts';
import { jira, type JiraConfigInput } from '../src/index.ts';
import { smallSite } from './site.ts';

export interface Hub {
  emulator: JiraEmulator;
  clock: ManualClock;
  connector: InstalledConnector;
  context: PollContext;
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
  emulator?: Partial<JiraEmulatorOptions>;
  start?: string;
  /** Where the connector sends its requests, when not straight to the emulator. */
  through?: (target: string) => Promise<string>;
}

/** The connector installed at an emulated site, over real HTTP, with a clock that only moves when told to. */
export async function startHub(options: HubOptions = {}): Promise<Hub> {
  const clock = manualClock(options.start ?? '2026-03-01T12:00:00Z');
  const emulator = await startJiraEmulator({ site: smallSite(), clock, ...options.emulator });
  const site = options.through ? await options.through(emulator.url) : emulator.url;
  const connector = jira.install({
    id: 'jira-acme',
    config: { site, email: 'hub@acme.example', rateShare: 1, ...options.config },
    secrets: { apiToken: options.apiToken ?? 'token-of-the-hub' },
  });
  const http = createTransport({
    source: 'jira-acme',
    budget: createBudget(connector.limits, clock),
    diagnose: connector.diagnose,
    clock,
    logger: silentLogger,
    redact: redactor(connector.secretTexts),
    random: () => 0.5,
  });
  const context: PollContext = {
    config: connector.config,
    secrets: connector.secrets,
    http,
    clock,
    logger: silentLogger,
    signal: new AbortController().signal,
    since: null,
    expect() {},
  };
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
  return { emulator, clock, connector, context, stream, poll, pages, records, close: () => emulator.close() };
}
