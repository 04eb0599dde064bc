import { HubError } from '@plumbline/connector';

export interface Interruption {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Resolves when that happens. */
  readonly requested: Promise<void>;
  /** No longer listens. */
  release(): void;
}

/** A terminal signals the whole process group and a package manager passes the same signal on: that is one Ctrl-C. */
const ECHO_MS = 400;
const KILLED_BY_INTERRUPT = 130;

/** The first Ctrl-C asks to end cleanly, the second ends the process at once. */
export function listenForInterruption(options: {
  now(): number;
  onFirst(): void;
  exit(code: number): void;
}): Interruption {
  const controller = new AbortController();
  const requested = Promise.withResolvers<void>();
  let first: number | null = null;
  const hear = (): void => {
    if (first !== null) {
      if (options.now() - first > ECHO_MS) options.exit(KILLED_BY_INTERRUPT);
      return;
    }
    first = options.now();
    options.onFirst();
    controller.abort(
      new HubError({
        code: 'ABORTED',
        message: 'The command was interrupted.',
        remedy: 'Run it again to go on from there.',
      }),
    );
    requested.resolve();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, hear);
  return {
    signal: controller.signal,
    requested: requested.promise,
    release() {
      for (const name of signals) process.off(name, hear);
    },
  };
}
