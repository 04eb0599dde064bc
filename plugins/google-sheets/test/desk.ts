import {
  createBudget,
  createTransport,
  HubError,
  manualClock,
  parseRecord,
  redactor,
  silentLogger,
  systemClock,
  type AnyRecord,
  type Check,
  type Clock,
  type InstalledConnector,
  type Listed,
  type ManualClock,
  type Page,
  type PollContext,
  type Presence,
  type Stream,
} from '@plumbline/connector';
import { mustBeListed } from '@plumbline/emulator';
import { generateKeyPairSync } from 'node:crypto';
import {
  startGoogleEmulator,
  type GoogleEmulator,
  type GoogleEmulatorOptions,
  type Spreadsheet,
} from '../emulator/index.ts';
import { googleSheets, type GoogleSheetsConfigInput } from '../src/index.ts';
import { operations } from './operations.ts';

export const email = 'plumbline@acme.iam.gserviceaccount.com';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
export const publicKeyPem = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string;

/** One poll to its end: what came, mapped as the engine would, and what would go to quarantine. */
interface Polled {
  pages: Page[];
  payloads: Record<string, unknown>;
  records: AnyRecord[];
  quarantine: Record<string, string>;
  cursor: unknown;
  allIds: readonly string[] | undefined;
}

/** An emulator with a connector pointed at it, over real HTTP, on a clock that does not wait. */
export interface Desk {
  emulator: GoogleEmulator;
  clock: ManualClock;
  connector: InstalledConnector;
  context: PollContext;
  stream(name: string): Stream;
  poll(name: string, cursor?: unknown): Promise<Polled>;
  census(name: string): Promise<Listed[]>;
  confirm(name: string, ids: readonly string[]): Promise<readonly Presence[]>;
  check(): Promise<Check[]>;
  /** Paths of the requests since they were last forgotten. */
  paths(): string[];
  /** Ends every poll, as the engine does when a run is stopped. */
  abort(reason: Error): void;
  close(): Promise<void>;
}

export interface DeskOptions {
  spreadsheets: readonly Spreadsheet[];
  config: Pick<GoogleSheetsConfigInput, 'spreadsheets'>;
  limits?: GoogleEmulatorOptions['limits'];
  tokenClock?: Pick<Clock, 'now'>;
  /** Another key than the registered one. */
  privateKey?: string;
  /** Puts something between the connector and the emulator. */
  through?(url: string): Promise<string>;
}

export async function openDesk(options: DeskOptions): Promise<Desk> {
  const clock = manualClock('2026-03-02T09:00:00Z');
  const emulator = await startGoogleEmulator({
    spreadsheets: options.spreadsheets,
    serviceAccounts: [{ email, publicKeyPem }],
    clock,
    // Tokens are signed by the machine's time.
    tokenClock: options.tokenClock ?? systemClock,
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const rootUrl = (await options.through?.(emulator.url)) ?? emulator.url;
  const connector = googleSheets.install({
    id: 'sheets-acme',
    config: { rootUrl, ...options.config },
    secrets: { clientEmail: email, privateKey: options.privateKey ?? privateKey },
  });
  const controller = new AbortController();
  const context = contextOf(connector, clock, controller.signal);
  const stream = (name: string): Stream => {
    const found = connector.streams.find((each) => each.name === name);
    if (!found) throw new RangeError(`no stream ${name}`);
    return found;
  };
  return {
    emulator,
    clock,
    connector,
    context,
    stream,
    poll: (name, cursor = null) => pollToEnd(stream(name), context, cursor),
    census: async (name) => (await Array.fromAsync(stream(name).census?.(context) ?? [])).flat(),
    confirm: async (name, ids) => (await stream(name).confirm?.(context, ids)) ?? [],
    check: () => connector.check(context),
    paths: () => emulator.requests.map(({ method, path }) => `${method} ${path}`),
    abort: (reason) => controller.abort(reason),
    async close() {
      await emulator.close();
      mustBeListed(emulator.requests, operations);
    },
  };
}

function contextOf(connector: InstalledConnector, clock: Clock, signal: AbortSignal): PollContext {
  const http = createTransport({
    source: 'sheets-acme',
    budget: createBudget(connector.limits, clock),
    diagnose: connector.diagnose,
    clock,
    logger: silentLogger,
    redact: redactor(connector.secretTexts),
    signal,
    random: () => 0.5,
  });
  const { config, secrets } = connector;
  return { config, secrets, http, clock, logger: silentLogger, signal, since: null, expect: () => {} };
}

async function pollToEnd(stream: Stream, context: PollContext, cursor: unknown): Promise<Polled> {
  const pages = await Array.fromAsync(stream.poll(context, cursor));
  const polled: Polled = { pages, payloads: {}, records: [], quarantine: {}, cursor, allIds: undefined };
  for (const { id, payload } of pages.flatMap((page) => page.records)) {
    polled.payloads[id] = payload;
    try {
      polled.records.push(...stream.map(payload).map(parseRecord));
    } catch (error) {
      polled.quarantine[id] = error instanceof Error ? error.message : String(error);
    }
  }
  return { ...polled, cursor: pages.at(-1)?.cursor, allIds: pages.at(-1)?.allIds };
}

/** The HubError a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<HubError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('the promise was not rejected');
}
