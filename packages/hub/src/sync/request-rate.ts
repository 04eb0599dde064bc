import type { Clock } from '@plumbline/connector';

/** Lets requests through at a rate, with a burst; unlike a budget it never waits. */
export interface RequestRate {
  /** Whether one more may pass now. */
  take(): boolean;
}

export function createRequestRate(limit: { burst: number; perSecond: number }, clock: Pick<Clock, 'now'>): RequestRate {
  let left = limit.burst;
  let at = clock.now().epochMilliseconds;
  return {
    take() {
      const now = clock.now().epochMilliseconds;
      left = Math.min(limit.burst, left + (Math.max(0, now - at) / 1_000) * limit.perSecond);
      at = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
