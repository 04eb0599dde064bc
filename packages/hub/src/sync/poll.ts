import { HubError, type JsonValue, type Page, type Stream } from '@plumbline/connector';
import type { InstalledSource } from '../sources/installed-source.ts';
import {
  addCounts,
  fetchesOf,
  followUp,
  hasNews,
  intakeOf,
  readSince,
  runTask,
  sameCursor,
  type Engine,
  type OpenRun,
  type RunReport,
} from './engine.ts';
import { ingestPage, lockIngest } from './ingest.ts';
import type { Intake } from './map-records.ts';
import { preparePage, type PreparedPage } from './prepared-page.ts';
import { remapStream } from './remap.ts';
import { lastCompletions, readCursor, writeCursor, type SavedCursor } from './run-store.ts';

/**
 * Reads a stream from its cursor to its present end, a transaction a page. When the mapping changed since, everything
 * that is stored goes through it first; when the vendor is asked for other things than before, the stream is read from
 * the beginning. Such a reading that is cut off goes on where it was, as the first one does.
 */
export async function pollStream(
  engine: Engine,
  input: {
    source: InstalledSource;
    stream: Stream;
    signal: AbortSignal;
    /** What is known to be wrong before anything is read. */
    warnings?: readonly string[];
    /** Reads from the beginning, whatever the cursor. */
    again?: boolean;
  },
): Promise<RunReport> {
  const { source, stream } = input;
  const of = { sourceId: source.id, stream: stream.name };
  let saved = await readCursor(engine.database.rows, of);
  if (saved && saved.mapping !== source.mapping) {
    const remapped = await remapStream(engine, input);
    if (['FAILED', 'INTERRUPTED', 'CANCELLED'].includes(remapped.status)) return remapped;
    saved = { ...saved, mapping: source.mapping };
  }
  const fetches = fetchesOf(stream);
  const cursor = saved?.fetches === fetches && !input.again ? saved.cursor : null;
  const completed = await lastCompletions(engine.database.rows, { ...of, streams: [stream.name] });
  // What a first reading brings may be years old: that says nothing of how late it came.
  const isFirst = cursor === null || completed.size === 0;
  return runTask(engine, { ...input, task: 'POLL', since: readSince(stream, cursor) }, async (run) => {
    const intake = intakeOf(source, stream);
    run.warn(input.warnings ?? []);
    let complete = false;
    // The next page is fetched and hashed while this one is stored, so that nobody waits for the other.
    let taking: Promise<SavedCursor | null> = Promise.resolve(saved);
    try {
      for await (const page of stream.poll(run.context, cursor)) {
        run.context.signal.throwIfAborted();
        const prepared = preparePage(page);
        const standing = await taking;
        taking = takePage(engine, {
          run,
          intake,
          page,
          prepared,
          standing,
          isFirst,
          next: { cursor: page.cursor as JsonValue, fetches, mapping: source.mapping },
        });
        // Its failure is thrown by the `await` that comes; until then it must not count as unhandled.
        taking.catch(() => undefined);
        complete = page.complete;
      }
    } finally {
      await taking;
    }
    if (!complete) {
      run.context.signal.throwIfAborted();
      throw new HubError({
        code: 'BAD_RESPONSE',
        message: `${source.id}: the stream "${stream.name}" ended before its last page.`,
        remedy: 'The next run goes on from the saved cursor.',
      });
    }
  });
}

async function takePage(
  engine: Engine,
  input: {
    run: OpenRun;
    intake: Intake;
    page: Page;
    prepared: PreparedPage;
    standing: SavedCursor | null;
    next: SavedCursor;
    isFirst: boolean;
  },
): Promise<SavedCursor> {
  const { run, intake, page, prepared, standing, next } = input;
  await engine.database.transaction(async (rows) => {
    await lockIngest(rows);
    const { counts, warnings, applied, oldestChange } = await ingestPage(rows, {
      intake,
      rules: engine.rules,
      page: prepared,
      now: engine.clock.now().toString(),
      runId: run.id,
    });
    await followUp(engine, rows, applied);
    if (!input.isFirst) run.noteChange(oldestChange);
    addCounts(run.counts, { ...counts, pages: 1, skipped: page.skipped?.length ?? 0 });
    run.warn(warnings);
    if (page.unread !== undefined) run.leaveUnread(page.unread);
    run.warn((page.skipped ?? []).map((each) => `${each.id ?? 'A record'} was skipped: ${each.reason}`));
    const moved = standing === null || !sameCursor(standing, next);
    if (moved) await writeCursor(rows, intake, next);
    if (moved || hasNews(page, counts)) await run.save(rows);
  });
  run.tell();
  return next;
}
