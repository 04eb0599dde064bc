import { HubError } from '@plumbline/connector';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Holds a folder for this process. The lock is the operating system's own, taken through SQLite, so it ends with the
 * process however that ends and is never left behind. Returns how to let go.
 */
export function lockFolder(folder: string): () => void {
  let lock: DatabaseSync | undefined;
  try {
    accessSync(folder, constants.W_OK);
    lock = new DatabaseSync(join(folder, 'lock'));
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    lock?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === 5) throw inUse(folder, error);
    throw notWritable(folder, error);
  }
  const held = lock;
  return () => held.close();
}

function inUse(folder: string, cause: unknown): HubError {
  return new HubError(
    {
      code: 'UNAVAILABLE',
      message: `The data folder ${folder} is in use by another Plumbline process.`,
      remedy:
        'Stop that process, choose another folder with --data, or ask the hub that runs: `query` and `report` take --hub.',
    },
    { cause },
  );
}

export function notWritable(folder: string, cause: unknown): HubError {
  return new HubError(
    {
      code: 'UNAVAILABLE',
      message: `The data folder ${folder} cannot be written (${cause instanceof Error ? cause.message : String(cause)}).`,
      remedy: 'Give this user the right to write there, or choose another folder with --data.',
    },
    { cause },
  );
}
