import { HubError, type Check, type Stream } from '@plumbline/connector';
import { sql } from 'kysely';
import { wasThere, type DriftFinding } from '../sources/drift.rules.ts';
import { readDrift } from '../sources/drift.store.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import { takeCensus } from './census.ts';
import { driftOf } from './drift.ts';
import { openVendor, type Engine, type RunReport } from './engine.ts';
import { pollStream } from './poll.ts';
import { lastCompletions } from './run-store.ts';

export interface SyncRequest {
  /** All sources when absent. */
  sourceId?: string;
  /** All streams of the source when absent. */
  stream?: string;
  signal?: AbortSignal;
}

export interface PollRequest extends SyncRequest {
  /** Also look for what is gone without a trace. */
  census?: boolean;
  /** Read everything from the beginning: for what a vendor changes without telling that it did. */
  again?: boolean;
  /** Take a census at its word even when it misses much of a stream. */
  believe?: boolean;
}

/** The streams that are asked for; throws HubError BAD_INPUT when there is none of that name. */
export function streamsOf(source: InstalledSource, name: string | undefined): readonly Stream[] {
  return name === undefined ? source.connector.streams : [source.stream(name)];
}

/** After so many new records the database's idea of its tables is another; embedded, nothing else would tell it. */
const MANY = 1_000;

/** Polls the streams of a source in their order; those that change seldom only when it is time, or when named. */
export async function syncSource(
  engine: Engine,
  input: PollRequest & { source: InstalledSource; signal: AbortSignal },
): Promise<RunReport[]> {
  const { source, signal, again = false } = input;
  const reports: RunReport[] = [];
  const seldom = source.connector.streams.filter((stream) => stream.everyMinutes > 0).map((stream) => stream.name);
  const completed = await lastCompletions(engine.database.rows, { sourceId: source.id, streams: seldom });
  const drift = await driftOf(engine, source, signal);
  for (const stream of streamsOf(source, input.stream)) {
    if (signal.aborted) break;
    const last = completed.get(stream.name);
    const due = !last || engine.clock.now().since(last).total('minutes') >= stream.everyMinutes;
    if (due || again || input.stream !== undefined) {
      const warnings = warningsOf(drift, stream.name);
      reports.push(await pollStream(engine, { source, stream, signal, again, warnings }));
    }
    if (input.census && stream.census) {
      reports.push(await takeCensus(engine, { source, stream, signal, believe: input.believe ?? false }));
    }
  }
  const created = reports.reduce((sum, { counts }) => sum + counts.created, 0);
  if (created >= MANY && !signal.aborted) await sql`analyze`.execute(engine.database.rows);
  return reports;
}

function warningsOf(drift: readonly DriftFinding[], stream: string): string[] {
  return drift.filter((each) => each.stream === stream).map(({ message, remedy }) => `${message} ${remedy}`);
}

/** Asks the vendor about credentials, scopes and mapping; what goes wrong is a failed check. */
export async function checkSource(engine: Engine, source: InstalledSource, signal: AbortSignal): Promise<Check[]> {
  try {
    const checks = await source.connector.check(openVendor(engine, source, { signal, tries: 2 }));
    return await withoutBlocking(engine, source, checks);
  } catch (error) {
    const { message, remedy } =
      error instanceof HubError
        ? error
        : {
            message: error instanceof Error ? error.message : String(error),
            remedy: 'Report this with the command that led here.',
          };
    return [{ subject: 'connection', ok: false, message: source.redact(message), remedy }];
  }
}

/** What went missing since the mapping was made for it is told by the runs, and no reason not to read the rest. */
async function withoutBlocking(engine: Engine, source: InstalledSource, checks: Check[]): Promise<Check[]> {
  const { inventory } = source.connector;
  if (!inventory || checks.every(({ ok }) => ok)) return checks;
  const { accepted = {} } = (await readDrift(engine.database.rows, source.id)) ?? {};
  return checks.map((check) =>
    !check.ok && wasThere(inventory, check.subject, accepted) ? { ...check, blocks: false } : check,
  );
}
