import type { Booking, BudgetLedger, Pause } from './budget-ledger.ts';
import { HubError } from './errors.ts';

/** What this process has heard from the ledger, and what it has still to tell it. Times are epoch milliseconds. */
export interface Books {
  readonly aheadMs: number;
  /** When the ledger last said who is paused. */
  readonly heardAt: number;
  pausedUntil(endpointClass: string): number;
  /** Where the schedule stood. Throws HubError when the ledger cannot be reached. */
  book(booking: Booking): Promise<number>;
  /** Holds in this process whether or not the ledger can be reached; then it is told before the next booking. */
  pause(pause: Pause): Promise<void>;
}

export function openBooks(ledger: BudgetLedger): Books {
  const pauses = new Map<string, number>();
  const untold = new Map<string, Pause>();
  let heardAt = -Infinity;
  const pausedUntil = (name: string): number => pauses.get(name) ?? 0;
  const learn = (name: string, until: number): void => {
    pauses.set(name, Math.max(pausedUntil(name), until));
  };
  async function tell(): Promise<void> {
    for (const [name, pause] of untold) {
      await ledger.pause(pause);
      if (untold.get(name) === pause) untold.delete(name);
    }
  }
  return {
    aheadMs: ledger.aheadMs,
    get heardAt() {
      return heardAt;
    },
    pausedUntil,
    async book(booking) {
      try {
        await tell();
        const { from, pauses: told } = await ledger.book(booking);
        heardAt = booking.at;
        for (const [name, until] of Object.entries(told)) learn(name, until);
        return from;
      } catch (error) {
        throw unreachable(error);
      }
    },
    async pause(pause) {
      const { endpointClass, until, next } = pause;
      learn(endpointClass, until);
      const before = untold.get(endpointClass) ?? pause;
      untold.set(endpointClass, {
        ...pause,
        until: Math.max(until, before.until),
        next: Math.max(next, before.next),
      });
      // Whoever pauses has an answer of the vendor's to pass on, which says more than that the ledger is away.
      await tell().catch(() => undefined);
    },
  };
}

function unreachable(error: unknown): HubError {
  return new HubError(
    {
      code: 'UNAVAILABLE',
      retryable: true,
      message: `Where the account's calls are counted cannot be reached (${error instanceof Error ? error.message : String(error)}).`,
      remedy: 'Check the database; without it nothing is sent to the vendor.',
    },
    { cause: error },
  );
}
