import { openBooks } from './budget-books.ts';
import { memoryLedger, type BudgetLedger } from './budget-ledger.ts';
import { createQueue, type Queue } from './budget-queue.ts';
import { createLookout, createSchedule, type Schedule } from './budget-schedule.ts';
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
  /** Resolves with the milliseconds it took until one call of this class may be sent; callers are served in the order they came. */
  take(endpointClass: string, signal?: AbortSignal): Promise<number>;
  /** Nothing of this class (or of the whole account) is sent before `milliseconds` have passed, and nothing in a burst then. */
  pause(endpointClass: string, milliseconds: number): Promise<void>;
}

const ACCOUNT = 'account';

/**
 * One budget per account, shared by everything that calls the vendor for it. Each class is a virtual schedule: a call
 * may leave when its turn on the schedule has come, and a pause moves the schedule on. See docs/decisions/0003.
 */
export function createBudget(limits: Limits, clock: Clock, ledger: BudgetLedger = memoryLedger()): Budget {
  const books = openBooks(ledger);
  const lines = new Map<string, { queue: Queue; schedule: Schedule }>();
  const now = (): number => clock.now().epochMilliseconds;
  const line = (name: string): { queue: Queue; schedule: Schedule } => {
    const known = lines.get(name);
    if (known) return known;
    const limit = limits[name];
    const schedule = limit ? createSchedule({ name, limit, books, now }) : createLookout({ name, books, now });
    const created = { queue: createQueue(), schedule };
    lines.set(name, created);
    return created;
  };
  async function sleepUntil(time: number, signal: AbortSignal | undefined): Promise<void> {
    const wait = Math.ceil(time - now());
    if (wait > 0) await clock.sleep(wait, signal);
  }

  /** Who is at the head of a line waits for its next turn; a turn that a pause overtook has lapsed. */
  async function pass(name: string, signal: AbortSignal | undefined): Promise<void> {
    const { schedule, queue } = line(name);
    for (;;) {
      await sleepUntil(await schedule.next(queue.length), signal);
      const pausedUntil = books.pausedUntil(name);
      if (pausedUntil <= now()) return;
      schedule.forget();
      await sleepUntil(pausedUntil, signal);
    }
  }

  return {
    async take(endpointClass, signal) {
      const began = now();
      await line(endpointClass).queue.enter(signal, async () => {
        do {
          await pass(endpointClass, signal);
          // Within its own line, so that no class runs ahead of the account and then catches up in a burst.
          if (endpointClass !== ACCOUNT) await line(ACCOUNT).queue.enter(signal, () => pass(ACCOUNT, signal));
          // While it waited for the account, its class may have been paused.
        } while (books.pausedUntil(endpointClass) > now());
      });
      return now() - began;
    },
    async pause(endpointClass, milliseconds) {
      const at = now();
      const until = at + milliseconds;
      const { toleranceMs, reachMs, forget } = line(endpointClass).schedule;
      forget();
      await books.pause({ endpointClass, until, next: until + toleranceMs, reachMs, at });
    },
  };
}
