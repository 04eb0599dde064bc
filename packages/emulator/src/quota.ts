import type { Clock } from '@plumbline/connector';

export interface Quota {
  /** Counts one request; true when it is within the limit, else the milliseconds until one would be. */
  spend(): { allowed: true; remaining: number } | { allowed: false; retryAfterMs: number };
}

/** A rolling window, as vendors enforce it: at most `calls` within any `perMs`. */
export function createQuota(limit: { calls: number; perMs: number }, clock: Pick<Clock, 'now'>): Quota {
  let spent: number[] = [];
  return {
    spend() {
      const now = clock.now().epochMilliseconds;
      spent = spent.filter((at) => at > now - limit.perMs);
      const oldest = spent[0];
      if (spent.length >= limit.calls && oldest !== undefined)
        return { allowed: false, retryAfterMs: oldest + limit.perMs - now };
      spent.push(now);
      return { allowed: true, remaining: limit.calls - spent.length };
    },
  };
}

/** A token bucket, as other vendors enforce it: full at first, and refilled with `calls` tokens in every `perMs`. */
export function createBucket(limit: { calls: number; perMs: number }, clock: Pick<Clock, 'now'>): Quota {
  const perToken = limit.perMs / limit.calls;
  let tokens = limit.calls;
  let at = clock.now().epochMilliseconds;
  return {
    spend() {
      const now = clock.now().epochMilliseconds;
      tokens = Math.min(limit.calls, tokens + Math.max(0, now - at) / perToken);
      at = now;
      if (tokens < 1) return { allowed: false, retryAfterMs: (1 - tokens) * perToken };
      tokens -= 1;
      return { allowed: true, remaining: Math.floor(tokens) };
    },
  };
}
