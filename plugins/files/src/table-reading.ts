import { HubError, type Clock, type Page, type RawRecord, type TransportStats } from '@plumbline/connector';
import { headerName } from '@plumbline/table';
import { createHash } from 'node:crypto';
import { trusted, unchangedState, type Cursor, type FileState } from './changes.ts';
import type { TableConfig } from './config.ts';
import { assertColumns, columnNotes, expectedColumns } from './file-columns.ts';
import { formOf, rowsOf, sourceOf } from './file-rows.ts';
import { assertUnchanged, findFiles, openFile, type Folder } from './folder.ts';
import { createRowIntake, type RowIntake } from './row-intake.ts';

const PAGE_SIZE = 200;

export interface TablePlace {
  folder: Folder;
  table: TableConfig;
  signal: AbortSignal;
  stats: Pick<TransportStats, 'bytes'>;
  clock: Pick<Clock, 'now'>;
}

/** The files of a table: as they were when last read, to be read, or not to be read now. */
export interface Survey {
  paths: readonly string[];
  /** Of those that are as before. */
  unchanged: ReadonlyMap<string, FileState>;
  /** Why a file cannot be read. */
  problems: ReadonlyMap<string, HubError>;
  /** Whether nothing was added, changed or removed. */
  isAsBefore: boolean;
}

/** Looks at every file of the table without reading those that are as before; throws HubError when there is none. */
export async function survey(place: TablePlace, cursor: Cursor | null): Promise<Survey> {
  const { folder, table } = place;
  const paths = await findFiles(folder, table.files);
  const unchanged = new Map<string, FileState>();
  const problems = new Map<string, HubError>();
  for (const path of paths) {
    place.signal.throwIfAborted();
    try {
      const state = await unchangedState({ ...place, path, before: cursor?.files[path] });
      if (state) unchanged.set(path, state);
    } catch (error) {
      problems.set(path, asProblem(error));
    }
  }
  const known = Object.keys(cursor?.files ?? {}).length;
  return { paths, unchanged, problems, isAsBefore: unchanged.size === paths.length && known === paths.length };
}

/**
 * Reads a table whose files are not as before. Every file is gone through, since a key may have moved from one to
 * another, but records come from those only in which something can be new. When no file can be read any more because its
 * columns are not there, what was read of them stays. Throws when no file can be read for another reason, unless the next
 * poll may find them whole.
 */
export async function* readTable(place: TablePlace, found: Survey, before: Cursor): AsyncGenerator<Page> {
  const intake = createRowIntake(place.table);
  const problems = new Map(found.problems);
  const files: Cursor['files'] = {};
  const columns: Cursor['columns'] = {};
  for (const path of found.paths) {
    if (problems.has(path)) continue;
    try {
      const read = yield* readFile(place, { path, known: found.unchanged.get(path), intake, cursor: before });
      files[path] = read.state;
      columns[path] = read.columns;
    } catch (error) {
      problems.set(path, asProblem(error));
    }
  }
  const [first] = problems.values();
  if (first && problems.size === found.paths.length && !first.retryable) {
    if (first.code !== 'BAD_CONFIG' || Object.keys(before.files).length === 0) throw first;
    yield { records: [], cursor: before, complete: true, unread: `${first.message} ${first.remedy}` };
    return;
  }
  // A file that cannot be read counts as changed, until it can.
  for (const path of problems.keys()) columns[path] = expectedColumns(path, before, place.table).map(headerName);
  yield* lastPages({
    intake,
    cursor: { files, columns },
    before,
    problems: [...problems.values()],
    table: place.table,
  });
}

interface FileToRead {
  path: string;
  /** What is remembered of it, when it is as before. */
  known: FileState | undefined;
  intake: RowIntake;
  cursor: Cursor;
}

/** Pages of a file; the last rows are held back until it is sure that the file was not being written. */
async function* readFile(
  place: TablePlace,
  of: FileToRead,
): AsyncGenerator<Page, { state: FileState; columns: string[] }> {
  const { path, known, intake, cursor } = of;
  const { folder, table, signal, stats, clock } = place;
  const file = await openFile(folder, path);
  try {
    const form = formOf(path, table);
    // A file of CSV has a row of headers, which is read first anyway.
    if (form !== 'csv') {
      await assertColumns(sourceOf(folder, table, file, { signal, stats }), expectedColumns(path, cursor, table));
    }
    const notes = columnNotes(table);
    const hash = createHash('sha256');
    const isNew = known === undefined || known.sharesKeys;
    let records: RawRecord[] = [];
    intake.begin(path, form);
    for await (const row of rowsOf(sourceOf(folder, table, file, { signal, stats, hash }))) {
      notes.take(row);
      const record = intake.take(row);
      if (!record || !isNew) continue;
      if (records.length === PAGE_SIZE) {
        yield { records, cursor, complete: false };
        records = [];
      }
      records.push(record);
    }
    const digest = hash.digest('base64url');
    await assertUnchanged(file, { isExpected: known === undefined || known.hash === digest });
    if (records.length > 0) yield { records, cursor, complete: false };
    const { size } = file;
    const { sharesKeys } = intake;
    const state = { size, modified: trusted(file, clock), hash: digest, sharesKeys };
    return { state, columns: notes.seen() };
  } finally {
    await file.handle.close();
  }
}

function* lastPages(of: {
  intake: RowIntake;
  cursor: Cursor;
  before: Cursor;
  problems: readonly HubError[];
  table: TableConfig;
}): Generator<Page> {
  const { intake, cursor, before, table } = of;
  const broken = intake.broken();
  const uncounted = intake.uncounted();
  const skipped = of.problems.map((problem) => ({ id: null, reason: `${problem.message} ${problem.remedy}` }));
  if (uncounted) {
    const reason = `${uncounted.count} more rows of ${table.name} cannot be used, such as ${uncounted.example}.`;
    skipped.push({ id: null, reason });
  }
  for (let at = 0; at + PAGE_SIZE < broken.length; at += PAGE_SIZE) {
    yield { records: broken.slice(at, at + PAGE_SIZE), cursor: before, complete: false };
  }
  const rest = broken.slice(Math.floor(Math.max(0, broken.length - 1) / PAGE_SIZE) * PAGE_SIZE);
  // What was skipped may be what seems to be missing.
  if (skipped.length > 0) yield { records: rest, cursor, complete: true, skipped };
  else yield { records: rest, cursor, complete: true, allIds: intake.ids() };
}

/** What can be said of one file; anything else ends the run. */
function asProblem(error: unknown): HubError {
  if (error instanceof HubError) return error;
  throw error;
}
