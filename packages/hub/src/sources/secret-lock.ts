import { HubError, systemClock } from '@plumbline/connector';
import { DatabaseSync } from 'node:sqlite';

/** Writing the file of secrets takes milliseconds. */
const AT_ONCE_MS = 5_000;
/** A vendor is asked three times at most, for half a minute each. */
const IN_TURN_MS = 180_000;
const LOOK_AGAIN_MS = 50;
const BUSY = 5;

/** Runs `work` while no other process of this machine runs what this file locks. */
export function lockedNow<Result>(file: string, work: () => Result): Result {
  const release = take(file, AT_ONCE_MS);
  if (!release) throw busy(file);
  try {
    return work();
  } finally {
    release();
  }
}

/** Waits for its turn without holding up this process, until `signal` is aborted; gives how to let go. */
export async function lockInTurn(file: string, signal?: AbortSignal): Promise<() => void> {
  for (let waited = 0; waited < IN_TURN_MS; waited += LOOK_AGAIN_MS) {
    signal?.throwIfAborted();
    const release = take(file, 0);
    if (release) return release;
    // Another process's turn takes real time, whatever clock the hub goes by.
    await systemClock.sleep(LOOK_AGAIN_MS, signal);
  }
  throw busy(file);
}

/** The operating system's own lock, taken through SQLite: it ends with the process, however that ends. */
function take(file: string, timeout: number): (() => void) | null {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout });
    lock.exec('begin exclusive');
  } catch (error) {
    lock?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return null;
    throw new HubError(
      {
        code: 'UNAVAILABLE',
        message: `The lock ${file} cannot be taken (${error instanceof Error ? error.message : String(error)}).`,
        remedy: 'Give this user the right to write there, or choose another folder with --data.',
      },
      { cause: error },
    );
  }
  const held = lock;
  return () => held.close();
}

function busy(file: string): HubError {
  return new HubError({
    code: 'UNAVAILABLE',
    retryable: true,
    message: `Another process has held ${file} for too long.`,
    remedy: 'Look for a Plumbline process that hangs, and stop it.',
  });
}
