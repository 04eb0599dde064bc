/** Where the time comes from. Everything that waits or asks for the time takes one, so that tests need no sleep. */
export interface Clock {
  now(): Temporal.Instant;
  /** Resolves after `milliseconds` of this clock; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Aborted once `milliseconds` have passed: for what has to be complete by then. */
  timeout(milliseconds: number): AbortSignal;
}

/** No finer than the microseconds a database keeps: what was written compares as equal when it is read back. */
export const systemClock: Clock = {
  now: () => Temporal.Now.instant().round({ smallestUnit: 'microsecond', roundingMode: 'floor' }),
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
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
};

export interface ManualClock extends Clock {
  /** Lets time pass; what has a timeout that is due by then is aborted. */
  advance(milliseconds: number): void;
  /** Puts the clock right, or wrong: no time passes. */
  set(instant: Temporal.Instant): void;
  /** What was asked of `sleep` so far, in milliseconds, oldest first. */
  readonly slept: readonly number[];
}

/**
 * A clock that only moves when told to; its sleepers do not wait: each moves the time on by what it asked for. Timeouts
 * end with `advance` only, so that what one caller sleeps does not cut off what another one waits for.
 */
export function manualClock(start: string): ManualClock {
  let current = Temporal.Instant.from(start);
  const slept: number[] = [];
  let timeouts: { due: number; controller: AbortController }[] = [];
  return {
    slept,
    now: () => current,
    advance: (milliseconds) => {
      current = current.add({ milliseconds });
      const due = timeouts.filter((timeout) => timeout.due <= current.epochMilliseconds);
      timeouts = timeouts.filter((timeout) => timeout.due > current.epochMilliseconds);
      for (const { controller } of due) controller.abort(new DOMException('The time is up.', 'TimeoutError'));
    },
    set: (instant) => {
      current = instant;
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      current = current.add({ milliseconds: Math.ceil(milliseconds) });
    },
    timeout(milliseconds) {
      const controller = new AbortController();
      timeouts.push({ due: current.epochMilliseconds + milliseconds, controller });
      return controller.signal;
    },
  };
}
