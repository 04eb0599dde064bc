import {
  createBudget,
  createTransport,
  HubError,
  manualClock,
  parseRecord,
  redactor,
  silentLogger,
  type AnyRecord,
  type Check,
  type InstalledConnector,
  type ManualClock,
  type Page,
  type PollContext,
  type Stream,
} from '@plumbline/connector';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { files, type FilesConfigInput } from '../src/index.ts';

export type TableInput = FilesConfigInput['tables'][number];

/** One poll to its end: what came, mapped as the engine would, and what would go to quarantine. */
interface Polled {
  pages: Page[];
  payloads: Record<string, unknown>;
  records: AnyRecord[];
  quarantine: Record<string, string>;
  cursor: unknown;
  allIds: readonly string[] | undefined;
  /** Why something was left out. */
  skipped: string[];
}

/** A folder on disk with a connector pointed at it, on a clock that stands still. */
export interface Shelf {
  folder: string;
  clock: ManualClock;
  connector: InstalledConnector;
  context: PollContext;
  /** Writes a file that was last changed some hours ago, so that its time tells it apart. */
  write(path: string, content: string | Buffer, hoursAgo?: number): Promise<void>;
  stream(name?: string): Stream;
  poll(cursor?: unknown, name?: string): Promise<Polled>;
  check(): Promise<Check[]>;
  /** Ends every poll, as the engine does when a run is stopped. */
  abort(reason: Error): void;
  remove(): Promise<void>;
}

const rates: TableInput = {
  name: 'rates',
  files: 'rates.csv',
  kind: 'rate',
  key: { column: 'Key' },
  columns: { role: 'Role', billRate: { column: 'Bill rate', currency: 'EUR' }, validFrom: 'From' },
};

export async function openShelf(
  tables: readonly Partial<TableInput>[] = [{}],
  limits: FilesConfigInput['limits'] = {},
): Promise<Shelf> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-files-'));
  const clock = manualClock('2026-03-02T09:00:00Z');
  const config = { folder, tables: tables.map((table) => ({ ...rates, ...table })), limits };
  const connector = files.install({ id: 'exports', config, secrets: {} });
  const controller = new AbortController();
  const context = contextOf(connector, clock, controller.signal);
  const stream = (name = connector.streams[0]?.name): Stream => {
    const found = connector.streams.find((each) => each.name === name);
    if (!found) throw new RangeError(`no stream ${name}`);
    return found;
  };
  return {
    folder,
    clock,
    connector,
    context,
    async write(path, content, hoursAgo = 1) {
      const at = join(folder, path);
      await mkdir(dirname(at), { recursive: true });
      await writeFile(at, content);
      const time = clock.now().epochMilliseconds / 1_000 - hoursAgo * 3_600;
      await utimes(at, time, time);
    },
    stream,
    poll: (cursor = null, name) => pollToEnd(stream(name), context, cursor),
    check: () => connector.check(context),
    abort: (reason) => controller.abort(reason),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function contextOf(connector: InstalledConnector, clock: ManualClock, signal: AbortSignal): PollContext {
  const http = createTransport({
    source: 'exports',
    budget: createBudget(connector.limits, clock),
    diagnose: connector.diagnose,
    clock,
    logger: silentLogger,
    redact: redactor([]),
    signal,
  });
  const { config, secrets } = connector;
  return { config, secrets, http, clock, logger: silentLogger, signal, since: null, expect: () => {} };
}

async function pollToEnd(stream: Stream, context: PollContext, cursor: unknown): Promise<Polled> {
  const pages = await Array.fromAsync(stream.poll(context, cursor));
  const last = pages.at(-1);
  const polled: Polled = {
    pages,
    payloads: {},
    records: [],
    quarantine: {},
    cursor: last?.cursor,
    allIds: last?.allIds,
    skipped: (last?.skipped ?? []).map(({ reason }) => reason),
  };
  for (const { id, payload } of pages.flatMap((page) => page.records)) {
    polled.payloads[id] = payload;
    try {
      polled.records.push(...stream.map(payload).map(parseRecord));
    } catch (error) {
      polled.quarantine[id] = error instanceof Error ? error.message : String(error);
    }
  }
  return polled;
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
