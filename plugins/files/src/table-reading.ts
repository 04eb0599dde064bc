import { HubError, type Clock, type Page, type RawRecord } from '@plumbline/connector';
import { createHash } from 'node:crypto';
import { trusted, unchangedState, type Cursor, type FileState } from './changes.ts';
import type { TableConfig } from './config.ts';
import { formOf, rowsOf, sourceOf } from './file-rows.ts';
import { assertUnchanged, findFiles, openFile, type Folder } from './folder.ts';
import { createRowIntake, type RowIntake } from './row-intake.ts';

const PAGE_SIZE = 200;

export interface TablePlace {
  folder: Folder;
  table: TableConfig;
  signal: AbortSignal;
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
 * another, but records come from those only in which something can be new. Throws when no file can be read,
 * unless the next poll may find them whole.
 */
export async function* readTable(place: TablePlace, found: Survey, before: Cursor): AsyncGenerator<Page> {
  const intake = createRowIntake(place.table);
  const problems = new Map(found.problems);
  const files: Cursor['files'] = {};
  for (const path of found.paths) {
    if (problems.has(path)) continue;
    try {
      files[path] = yield* readFile(place, { path, known: found.unchanged.get(path), intake, cursor: before });
    } catch (error) {
      problems.set(path, asProblem(error));
    }
  }
  const [first] = problems.values();
  if (first && problems.size === found.paths.length && !first.retryable) throw first;
  // A file that cannot be read counts as changed, until it can.
  yield* lastPages({ intake, cursor: { files }, before, problems: [...problems.values()], table: place.table });
}

interface FileToRead {
  path: string;
  /** What is remembered of it, when it is as before. */
  known: FileState | undefined;
  intake: RowIntake;
  cursor: Cursor;
}

/** Pages of a file; the last rows are held back until it is sure that the file was not being written. */
async function* readFile(place: TablePlace, of: FileToRead): AsyncGenerator<Page, FileState> {
  const { path, known, intake, cursor } = of;
  const { folder, table, signal, clock } = place;
  const file = await openFile(folder, path);
  try {
    const hash = createHash('sha256');
    const isNew = known === undefined || known.sharesKeys;
    let records: RawRecord[] = [];
    intake.begin(path, formOf(path, table));
    for await (const row of rowsOf(sourceOf(folder, table, file, { signal, hash }))) {
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
    return { size, modified: trusted(file, clock), hash: digest, sharesKeys };
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
