/** Where the time comes from. Everything that waits or asks for the time takes one, so that tests need no sleep. */
export interface Clock {
  now(): Temporal.Instant;
  /** Resolves after `milliseconds` of this clock; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const timer = setTimeout(finish, milliseconds);
      function finish(): void {
        signal?.removeEventListener('abort', abort);
        resolve();
      }
      function abort(): void {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      }
      signal?.addEventListener('abort', abort, { once: true });
    }),
};

export interface ManualClock extends Clock {
  /** Moves the time on; a sleeper that is due by then wakes. */
  advance(milliseconds: number): void;
  set(instant: Temporal.Instant): void;
  /** What was asked of `sleep` so far, in milliseconds, oldest first. */
  readonly slept: readonly number[];
}

/** A clock that only moves when told to; its sleepers do not wait: each moves the time on by what it asked for. */
export function manualClock(start: string): ManualClock {
  let current = Temporal.Instant.from(start);
  const slept: number[] = [];
  return {
    slept,
    now: () => current,
    advance: (milliseconds) => {
      current = current.add({ milliseconds });
    },
    set: (instant) => {
      current = instant;
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      current = current.add({ milliseconds: Math.ceil(milliseconds) });
    },
  };
}
