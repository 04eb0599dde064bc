/** Turns to be booked on a class's schedule. Times are epoch milliseconds. */
export interface Booking {
  endpointClass: string;
  /** 0 for who only wants to know what is paused. */
  turns: number;
  intervalMs: number;
  /** How far ahead of `at` the class's schedule may stand; what is an hour farther was written by a clock that was wrong. */
  reachMs: number;
  at: number;
}

/** Milliseconds and epoch milliseconds, as in a booking. */
export type Pause = Pick<Booking, 'endpointClass' | 'reachMs' | 'at'> & { until: number; next: number };

export interface Booked {
  /** Where the schedule stood, never before the booking: its turns follow from here, an interval apart. */
  from: number;
  /** Until when classes are paused, as far as others have said. */
  pauses: Readonly<Record<string, number>>;
}

/** Where the schedules of an account stand: in this process, or where every process that calls for it finds them. */
export interface BudgetLedger {
  /** How long a process may hold turns, so that not every call costs a booking; 0 books each turn by itself. */
  readonly aheadMs: number;
  book(booking: Booking): Promise<Booked>;
  /** Nothing of the class leaves before `until`, and its schedule stands at `next` at least. */
  pause(pause: Pause): Promise<void>;
}

/** For one process that has the account to itself. */
export function memoryLedger(): BudgetLedger {
  const schedules = new Map<string, number>();
  return {
    aheadMs: 0,
    async book({ endpointClass, turns, intervalMs, at }) {
      const from = Math.max(schedules.get(endpointClass) ?? 0, at);
      schedules.set(endpointClass, from + turns * intervalMs);
      return { from, pauses: {} };
    },
    async pause({ endpointClass, next }) {
      schedules.set(endpointClass, Math.max(schedules.get(endpointClass) ?? 0, next));
    },
  };
}
