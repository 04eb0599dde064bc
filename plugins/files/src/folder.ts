import { HubError, type ErrorCode } from '@plumbline/connector';
import { constants } from 'node:fs';
import { glob, open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileLimits } from './config.ts';

const MOST_NAMED = 20;

/** A folder under its real path. */
export interface Folder {
  root: string;
  limits: FileLimits;
}

/** A file that is open for reading, and what told it from its earlier and later self at that moment. */
export interface OpenFile {
  /** Within the folder, with "/". */
  path: string;
  handle: FileHandle;
  size: number;
  /** Nanoseconds since 1970, as digits. */
  modified: string;
}

/** Throws HubError when there is no such folder, or it may not be read. */
export async function openFolder(config: { folder: string; limits: FileLimits }): Promise<Folder> {
  const root = await described(realpath(config.folder), `The folder ${config.folder}`);
  if (!(await stat(root)).isDirectory()) {
    throw new HubError({
      code: 'BAD_CONFIG',
      message: `${config.folder} is not a folder.`,
      remedy: 'Name the folder in `folder`, and the file in `files` of its table.',
    });
  }
  return { root, limits: config.limits };
}

/** Paths of the files that a pattern means, in order. Throws HubError NOT_FOUND, with what there is, for none. */
export async function findFiles({ root, limits }: Folder, pattern: string): Promise<string[]> {
  const exact = await stat(join(root, pattern)).catch(() => null);
  // A file of this very name is meant, whatever its brackets and stars would match.
  const most = limits.filesPerTable;
  const found = exact?.isFile() ? [pattern] : await listed(root, pattern, most + 1);
  if (found.length > most) {
    throw new HubError({
      code: 'BAD_CONFIG',
      message: `"${pattern}" matches more than ${most} files.`,
      remedy: 'Narrow the pattern, or raise `limits.filesPerTable`.',
    });
  }
  if (found.length > 0) return found;
  throw new HubError({
    code: 'NOT_FOUND',
    message: `There is no file "${pattern}" in ${root}. ${await whatThereIs(root)}.`,
    remedy: 'Put the file there, or correct `files` of the table.',
  });
}

async function whatThereIs(root: string): Promise<string> {
  const paths = await listed(root, '**/*', MOST_NAMED + 1);
  const named = paths.slice(0, MOST_NAMED).map((path) => `"${path}"`);
  if (named.length === 0) return 'The folder holds no files';
  return `There are ${named.join(', ')}${paths.length > MOST_NAMED ? ' and more' : ''}`;
}

/** Files that match, in the order of their paths; no more are looked for than `most`. */
export async function listed(root: string, pattern: string, most: number): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of glob(pattern, { cwd: root, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    paths.push(
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll(sep, '/'),
    );
    if (paths.length === most) break;
  }
  return paths.toSorted();
}

/** Opens a regular file whose real path is within the folder and that is not too large; throws HubError otherwise. */
export async function openFile({ root, limits }: Folder, path: string): Promise<OpenFile> {
  const name = `File ${path}`;
  const real = await described(realpath(join(root, path)), name);
  if (!real.startsWith(root + sep)) {
    throw new HubError({
      code: 'REFUSED',
      message: `${name} leads out of the folder, to ${real}.`,
      remedy: 'Put the file itself into the folder; links to outside are not followed.',
    });
  }
  // Neither follows what was put in its place meanwhile, nor waits for a pipe that nobody writes to.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await described(open(real, flags), name);
  try {
    const state = await stateOf(handle);
    const most = limits.megabytesPerFile * 1_048_576;
    if (!state.isFile) throw refused(`${name} is not a regular file.`, 'Put a file there, or correct `files`.');
    if (state.size > most) {
      const size = Math.ceil(state.size / 1_048_576);
      throw refused(
        `${name} has ${size} MB, more than ${limits.megabytesPerFile}.`,
        'Split it, or raise `limits.megabytesPerFile`.',
      );
    }
    return { path, handle, size: state.size, modified: state.modified };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Throws HubError UNAVAILABLE when the file is being written, so that what was read of it may be torn, or when it is not
 * the one that was expected.
 */
export async function assertUnchanged(file: OpenFile, { isExpected }: { isExpected: boolean }): Promise<void> {
  const { size, modified } = await stateOf(file.handle);
  if (isExpected && size === file.size && modified === file.modified) return;
  throw new HubError({
    code: 'UNAVAILABLE',
    retryable: true,
    message: `File ${file.path} changed while it was read.`,
    remedy: 'The next poll reads it again; write exports under another name and rename them when they are whole.',
  });
}

async function stateOf(handle: FileHandle): Promise<{ isFile: boolean; size: number; modified: string }> {
  const found = await handle.stat({ bigint: true });
  return { isFile: found.isFile(), size: Number(found.size), modified: String(found.mtimeNs) };
}

const codes: Readonly<Record<string, { code: ErrorCode; says: string; remedy: string }>> = {
  ENOENT: { code: 'NOT_FOUND', says: 'is not there', remedy: 'Put it there, or correct the configuration.' },
  EACCES: {
    code: 'PERMISSION_DENIED',
    says: 'may not be read by this user',
    remedy: 'Grant the right to read it to the user that runs the hub.',
  },
};

/** Errors of the file system as sentences. */
export async function described<Value>(attempt: Promise<Value>, what: string): Promise<Value> {
  try {
    return await attempt;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const known = codes[code] ?? {
      code: 'UNAVAILABLE',
      says: `cannot be read (${code || String(error)})`,
      remedy: 'Check the disk and the path; the next run tries again.',
    };
    throw new HubError({ code: known.code, message: `${what} ${known.says}.`, remedy: known.remedy }, { cause: error });
  }
}

function refused(message: string, remedy: string): HubError {
  return new HubError({ code: 'REFUSED', message, remedy });
}
