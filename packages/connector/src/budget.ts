import { openBooks } from './budget-books.ts';
import { memoryLedger, type BudgetLedger } from './budget-ledger.ts';
import { createQueue, type Queue } from './budget-queue.ts';
import { createLookout, createSchedule, type Schedule } from './budget-schedule.ts';
import type { Clock } from './clock.ts';
import { HubError } from './errors.ts';

/** How many calls a vendor allows: `calls` per `perMs`, of which `burst` may come at once (default: all of them). */
export interface Limit {
  calls: number;
  perMs: number;
  burst?: number;
}

/** What an account may spend, by endpoint class; a class of the name `account` counts every call. */
export type Limits = Readonly<Record<string, Limit>>;

export interface Budget {
  /**
   * Resolves with the milliseconds it took until one call of this class may be sent; callers are served in the order they
   * came. Throws HubError RATE_LIMITED when the class or the account is paused for longer than a run waits.
   */
  take(endpointClass: string, signal?: AbortSignal): Promise<number>;
  /**
   * Nothing of this class (or of the whole account) is sent before `milliseconds` have passed, an hour at most, and
   * nothing in a burst then.
   */
  pause(endpointClass: string, milliseconds: number): Promise<void>;
}

const ACCOUNT = 'account';

/** A run that would have to wait longer ends, and a later one goes on. */
export const LONGEST_WAIT_MS = 15 * 60_000;

/** Vendors that ask for more are asked once an hour whether they still do. */
const LONGEST_PAUSE_MS = 60 * 60_000;

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

  /** A pause moves the schedule on, so the turn that comes after it is not waited for either. */
  function demandSoon(name: string): void {
    const leftMs = books.pausedUntil(name) - now();
    if (leftMs > LONGEST_WAIT_MS) throw paused(leftMs);
  }

  /** Who is at the head of a line waits for its next turn; a turn that a pause overtook has lapsed. */
  async function pass(name: string, signal: AbortSignal | undefined): Promise<void> {
    const { schedule, queue } = line(name);
    for (;;) {
      const turn = await schedule.next(queue.length);
      demandSoon(name);
      await sleepUntil(turn, signal);
      const pausedUntil = books.pausedUntil(name);
      if (pausedUntil <= now()) return;
      schedule.forget();
      demandSoon(name);
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
      const until = at + Math.min(milliseconds, LONGEST_PAUSE_MS);
      const { toleranceMs, reachMs, forget } = line(endpointClass).schedule;
      forget();
      await books.pause({ endpointClass, until, next: until + toleranceMs, reachMs, at });
    },
  };
}

function paused(milliseconds: number): HubError {
  return new HubError({
    code: 'RATE_LIMITED',
    retryAfterMs: milliseconds,
    message: `The vendor has asked to wait, and ${Math.ceil(milliseconds / 60_000)} minutes of it are left: nothing was sent.`,
    remedy: 'The next scheduled run after that goes on from the saved cursor.',
  });
}
