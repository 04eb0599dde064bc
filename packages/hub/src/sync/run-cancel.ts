import { HubError } from '@plumbline/connector';
import { aborted } from '../kernel/aborted.ts';
import type { Engine } from './engine.ts';
import { showAlive } from './run-store.ts';

/** How long it takes at most until a run hears that somebody wants it to end. */
const LOOK_EVERY_MS = 1_000;

/**
 * Aborts, with a reason for people, when somebody wants the run to end; gives what stops that. It looks in the database,
 * so that it does not matter in which process somebody asked, and each look shows that the run is alive.
 */
export function listenForCancel(
  { database, clock }: Pick<Engine, 'database' | 'clock'>,
  { runId, cancel }: { runId: string; cancel: AbortController },
): () => Promise<void> {
  const stop = new AbortController();
  async function listen(): Promise<void> {
    for (;;) {
      await aborted(clock.timeout(LOOK_EVERY_MS), stop.signal);
      if (stop.signal.aborted) return;
      // A database that does not answer is met by the run itself.
      const by = await showAlive(database.rows, { id: runId, now: clock.now().toString() }).catch(() => null);
      if (by !== null) return cancel.abort(cancelled(by));
    }
  }
  const listening = listen();
  return () => {
    stop.abort();
    return listening;
  };
}

function cancelled(by: string): HubError {
  return new HubError({
    code: 'ABORTED',
    message: `The run was cancelled by ${by}.`,
    remedy: 'What it brought stays; the next run goes on from the saved cursor.',
  });
}
