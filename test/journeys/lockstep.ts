import type { Clock } from '../../packages/connector/src/index.ts';

/** A clock for several processes in one: time goes on to whoever sleeps the shortest, once nobody has anything to do. */
export interface LockstepClock extends Clock {
  /** Time waits for what happens outside, such as a statement of the database. */
  during<Result>(work: Promise<Result>): Promise<Result>;
}

interface Sleeper {
  due: number;
  wake(): void;
}

export function lockstepClock(start: string): LockstepClock {
  let current = Temporal.Instant.from(start).epochMilliseconds;
  let underWay = 0;
  let moved = 0;
  const sleepers = new Set<Sleeper>();

  /** What was set off by the last step has run once the event loop has been round. */
  function goOn(): void {
    const seen = (moved += 1);
    setImmediate(() =>
      setImmediate(() => {
        if (underWay > 0 || moved !== seen) return;
        const [next] = [...sleepers].toSorted((a, b) => a.due - b.due);
        if (!next) return;
        sleepers.delete(next);
        current = Math.max(current, next.due);
        next.wake();
        goOn();
      }),
    );
  }

  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(current),
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        sleepers.add({ due: current + Math.ceil(milliseconds), wake: resolve });
        goOn();
      }),
    timeout: () => new AbortController().signal,
    async during(work) {
      underWay += 1;
      try {
        return await work;
      } finally {
        underWay -= 1;
        goOn();
      }
    },
  };
}
