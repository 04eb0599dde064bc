import type { Books } from './budget-books.ts';
import type { Limit } from './budget.ts';

/** When a class's calls may leave. */
export interface Schedule {
  /** How far a burst may run ahead of the schedule. */
  readonly toleranceMs: number;
  /** How far ahead of the present it may stand; see `Booking`. */
  readonly reachMs: number;
  /** The next turn, in epoch milliseconds, for one of so many who wait. */
  next(waiting: number): Promise<number>;
  /** Turns that are held lapse. */
  forget(): void;
}

/** Most turns that are held at once, however many may be sent. */
const MOST_HELD = 100;

/** Most processes that wait for a turn of one class at the same time. */
const MOST_WAITING = 10;

export function createSchedule(input: { name: string; limit: Limit; books: Books; now(): number }): Schedule {
  const { name, limit, books, now } = input;
  const intervalMs = limit.perMs / limit.calls;
  const burstMs = ((limit.burst ?? limit.calls) - 1) * intervalMs;
  // A turn that is held may be used late. By as much the burst is smaller, so that no window ever sees more than before.
  const lateMs = Math.min(books.aheadMs, burstMs);
  const toleranceMs = burstMs - lateMs;
  const reachMs = burstMs + MOST_WAITING * intervalMs;
  const most = Math.min(MOST_HELD, Math.floor(books.aheadMs / intervalMs));
  let held: number[] = [];
  return {
    toleranceMs,
    reachMs,
    async next(waiting) {
      const at = now();
      held = held.filter((turn) => turn >= at - lateMs);
      if (held.length === 0) {
        const turns = Math.max(1, lateMs > 0 ? most : Math.min(most, waiting));
        const from = await books.book({ endpointClass: name, turns, intervalMs, reachMs, at });
        held = Array.from({ length: turns }, (_, turn) => Math.max(at, from + turn * intervalMs - toleranceMs));
      }
      return held.shift() ?? at;
    },
    forget() {
      held = [];
    },
  };
}

/** For a class without a limit: any time is its turn, once the ledger has been asked lately who is paused. */
export function createLookout({ name, books, now }: { name: string; books: Books; now(): number }): Schedule {
  return {
    toleranceMs: 0,
    reachMs: 0,
    async next() {
      const at = now();
      if (at - books.heardAt >= books.aheadMs)
        await books.book({ endpointClass: name, turns: 0, intervalMs: 0, reachMs: 0, at });
      return at;
    },
    forget() {},
  };
}
