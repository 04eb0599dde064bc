import {
  createTransport,
  HubError,
  withAccess,
  type Clock,
  type JsonValue,
  type Logger,
  type Page,
  type PollContext,
  type Stream,
  type TransportStats,
} from '@plumbline/connector';
import { randomUUIDv7 } from 'node:crypto';
import { canonical } from '../kernel/columns.ts';
import type { Database, Rows } from '../kernel/database.ts';
import { refreshAgreements } from '../change-requests/agreement.store.ts';
import { refreshKeyLinks } from '../projects/project-link.store.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import type { Applied, MergeRules } from './apply.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import type { Intake } from './map-records.ts';
import { noCounts, type RunCounts, type RunStatus, type RunTask } from './run.ts';
import { listenForCancel } from './run-cancel.ts';
import { startRun, updateRun } from './run-store.ts';

/** What a run needs beside the source and the stream. */
export interface Engine {
  database: Database;
  rules: MergeRules;
  clock: Clock;
  logger: Logger;
  /** Set when an opportunity or project changed: what looks alike may have changed with it. */
  likenessStale: boolean;
  /** Told as a run goes on. */
  onProgress(progress: RunProgress): void;
}

export interface RunProgress {
  runId: string;
  sourceId: string;
  stream: string;
  task: RunTask;
  status: RunStatus;
  counts: RunCounts;
  /** How many records there are in all, where the vendor tells. */
  expected: number | null;
}

export interface RunReport extends RunProgress {
  warnings: readonly string[];
  error: string | null;
}

/** A run under way: its counts and warnings, and how to write them down. */
export interface OpenRun {
  readonly id: string;
  readonly counts: RunCounts;
  readonly context: PollContext;
  warn(sentences: readonly string[]): void;
  /** Takes note of when the oldest change of a page was made at the vendor; null where it does not say. */
  noteChange(at: string | null): void;
  /** Nothing could be read of what could be read before: what is known stays, and grows older. */
  leaveUnread(why: string): void;
  /** Writes the counts so far, in the transaction of what they count. */
  save(rows: Rows): Promise<void>;
  tell(): void;
}

const MOST_WARNINGS = 100;

/** What a connector's code is given: a transport over the account's shared budget, and its own configuration. */
export function openVendor(
  engine: Pick<Engine, 'clock' | 'logger'>,
  source: InstalledSource,
  how: Pick<PollContext, 'signal'> & Partial<Pick<PollContext, 'since' | 'expect'>> & { tries?: number },
): PollContext {
  const { config, secrets } = source.connector;
  const { clock, logger } = engine;
  const { signal, tries, since = null, expect = () => undefined } = how;
  const plain = createTransport({
    source: source.id,
    budget: source.budget,
    diagnose: (answer) => source.connector.diagnose(answer),
    clock,
    logger,
    redact: source.redact,
    signal,
    ...(tries === undefined ? {} : { tries }),
  });
  const http = source.access ? withAccess(plain, source.access, signal) : plain;
  return { config, secrets, http, clock, logger, signal, since, expect };
}

/** Opens a run, does the work, and closes it with what it came to; errors end up in the report, never thrown. */
export async function runTask(
  engine: Engine,
  input: {
    source: InstalledSource;
    stream: Stream;
    task: RunTask;
    signal: AbortSignal;
    since?: Temporal.Instant | null;
  },
  work: (run: OpenRun) => Promise<void>,
): Promise<RunReport> {
  const { source, stream, task, signal } = input;
  const { rows } = engine.database;
  const id = randomUUIDv7();
  const counts: RunCounts = { ...noCounts };
  const warnings: string[] = [];
  let expected: number | null = null;
  let lag: number | null = null;
  let unread = false;
  const cancel = new AbortController();

  const progress = (status: RunStatus): RunProgress => ({
    runId: id,
    sourceId: source.id,
    stream: stream.name,
    task,
    status,
    counts: { ...counts },
    expected,
  });
  const tell = (status: RunStatus): void => engine.onProgress(progress(status));
  const context = openVendor(engine, source, {
    signal: AbortSignal.any([signal, cancel.signal]),
    since: input.since ?? null,
    expect(total) {
      expected = total;
      tell('RUNNING');
    },
  });
  const run: OpenRun = {
    id,
    counts,
    context,
    warn(sentences) {
      for (const sentence of sentences) {
        if (warnings.length < MOST_WARNINGS) warnings.push(source.redact(sentence));
        else if (warnings.length === MOST_WARNINGS) warnings.push('… and more; see the quarantine.');
      }
    },
    save: (within) =>
      updateRun(within, {
        id,
        status: 'RUNNING',
        endedAt: null,
        counts: addStats(counts, context.http.stats),
        warnings,
        error: null,
        lag,
        unread,
      }),
    tell: () => tell('RUNNING'),
    noteChange(at) {
      if (at !== null) lag = Math.max(lag ?? 0, secondsSince(at, engine.clock.now()));
    },
    leaveUnread(why) {
      unread = true;
      run.warn([why]);
    },
  };
  await startRun(rows, {
    id,
    sourceId: source.id,
    stream: stream.name,
    task,
    now: engine.clock.now().toString(),
    counts,
  });
  tell('RUNNING');
  const stopListening = listenForCancel(engine, { runId: id, cancel });
  let status: RunStatus = 'SUCCEEDED';
  let error: string | null = null;
  try {
    await work(run);
    if (warnings.length > 0) status = 'PARTIAL';
  } catch (thrown) {
    status = isDueTo(cancel.signal, thrown) ? 'CANCELLED' : isDueTo(signal, thrown) ? 'INTERRUPTED' : 'FAILED';
    error = source.redact(sentenceOf(status === 'CANCELLED' ? cancel.signal.reason : thrown));
    if (status === 'FAILED')
      engine.logger.error(
        {
          source: source.id,
          stream: stream.name,
          task,
          stack:
            thrown instanceof Error && !(thrown instanceof HubError) ? source.redact(thrown.stack ?? '') : undefined,
        },
        error,
      );
  }
  await stopListening();
  addStats(counts, context.http.stats);
  await updateRun(rows, { id, status, endedAt: engine.clock.now().toString(), counts, warnings, error, lag, unread });
  tell(status);
  return { ...progress(status), warnings, error };
}

/** Whether an error says no more than that the signal was heard: what went wrong besides is not to be hidden by it. */
function isDueTo(signal: AbortSignal, error: unknown): boolean {
  if (!signal.aborted) return false;
  if (error === signal.reason) return true;
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || isDueTo(signal, error.cause);
}

function secondsSince(at: string, now: Temporal.Instant): number {
  return Math.max(0, Math.floor(now.since(Temporal.Instant.from(at)).total('seconds')));
}

function addStats(counts: RunCounts, stats: TransportStats): RunCounts {
  counts.requests = stats.requests;
  counts.bytes = stats.bytes;
  counts.throttledMs = stats.throttledMs;
  return counts;
}

function sentenceOf(error: unknown): string {
  if (error instanceof HubError) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}

export function intakeOf(source: InstalledSource, stream: Stream): Intake {
  return {
    sourceId: source.id,
    stream: stream.name,
    mapper: stream,
    mapping: source.mapping,
    keySchemes: source.connector.keySchemes,
    realm: source.realm,
  };
}

export function addCounts(counts: RunCounts, more: Partial<RunCounts>): void {
  for (const name of Object.keys(more) as (keyof RunCounts)[]) counts[name] += more[name] ?? 0;
}

/** What follows from changed entities within the same transaction. */
export async function followUp(engine: Engine, rows: Rows, applied: Applied): Promise<void> {
  const opportunities = applied.changed.get('opportunity') ?? [];
  const projects = applied.changed.get('project') ?? [];
  if (opportunities.length + projects.length > 0) engine.likenessStale = true;
  await refreshKeyLinks(rows, { opportunities, projects });
  await refreshAgreements(rows, { changeRequests: applied.touched.get('changeRequest') ?? [], projects });
}

/** Where to start reading: the cursor's `since` less what the vendor's index may still hold back. */
export function readSince(stream: Stream, cursor: JsonValue | null): Temporal.Instant | null {
  if (cursor === null || typeof cursor !== 'object' || !('since' in cursor) || typeof cursor.since !== 'string')
    return null;
  return Temporal.Instant.from(cursor.since).subtract({
    milliseconds: stream.worth.granularityMs + stream.worth.lagMs,
  });
}

export function sameCursor(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** Fingerprint of what a stream asks of the vendor. */
export function fetchesOf(stream: Stream): string {
  return fingerprint(stream.fetches);
}

export function hasNews(page: Page, counts: { created: number; changed: number; deleted: number }): boolean {
  return counts.created + counts.changed + counts.deleted > 0 || (page.skipped?.length ?? 0) > 0;
}
