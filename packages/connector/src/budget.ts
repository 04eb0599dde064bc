import type { Clock } from './clock.ts';

/** How many calls a vendor allows: `calls` per `perMs`, of which `burst` may come at once (default: all of them). */
export interface Limit {
  calls: number;
  perMs: number;
  burst?: number;
}

/** What an account may spend, by endpoint class; a class of the name `account` counts every call. */
export type Limits = Readonly<Record<string, Limit>>;

export interface Budget {
  /** Resolves when one call of this class may be sent; callers are served in the order they came. */
  take(endpointClass: string, signal?: AbortSignal): Promise<void>;
  /** Nothing of this class (or of the whole account) is sent before `milliseconds` have passed. */
  pause(endpointClass: string, milliseconds: number): void;
  /** Milliseconds spent waiting so far. */
  readonly waitedMs: number;
}

/**
 * One budget per account, shared by everything that calls the vendor for it. Each class is a virtual schedule: a call
 * may leave when its turn on the schedule has come, and a pause moves the schedule on. See docs/decisions/0003.
 */
export function createBudget(limits: Limits, clock: Clock): Budget {
  const schedules = new Map<string, Schedule>();
  let waitedMs = 0;
  const schedule = (name: string): Schedule => {
    const known = schedules.get(name);
    if (known) return known;
    const created = createSchedule(limits[name]);
    schedules.set(name, created);
    return created;
  };
  return {
    get waitedMs() {
      return waitedMs;
    },
    async take(endpointClass, signal) {
      const concerned = [...new Set([schedule('account'), schedule(endpointClass)])];
      const reserved = Math.max(...concerned.map((each) => each.reserve(clock.now().epochMilliseconds)));
      for (let due = reserved; ;) {
        const now = clock.now().epochMilliseconds;
        due = Math.max(reserved, ...concerned.map((each) => each.pausedUntil));
        if (due <= now) return;
        waitedMs += due - now;
        await clock.sleep(due - now, signal);
      }
    },
    pause(endpointClass, milliseconds) {
      const target = schedule(endpointClass);
      target.pausedUntil = Math.max(target.pausedUntil, clock.now().epochMilliseconds + milliseconds);
    },
  };
}

interface Schedule {
  pausedUntil: number;
  /** Books the next turn at or after `now` and says when it is. */
  reserve(now: number): number;
}

function createSchedule(limit: Limit | undefined): Schedule {
  if (!limit) return { pausedUntil: 0, reserve: (now) => now };
  const interval = limit.perMs / limit.calls;
  const tolerance = ((limit.burst ?? limit.calls) - 1) * interval;
  let next = 0;
  return {
    pausedUntil: 0,
    reserve(now) {
      const turn = Math.max(now, next - tolerance);
      next = Math.max(next, turn) + interval;
      return turn;
    },
  };
}
