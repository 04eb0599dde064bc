import { localDay } from '../kernel/local-day.ts';
import type { ChangeRequestState } from './change-control.rules.ts';

/** A state, and since when. */
export interface StateSince {
  at: string;
  state: ChangeRequestState | null;
}

/** Local dates in the project's zone, both included. */
export interface AgreedDays {
  from: string;
  to: string | null;
}

const agreed: readonly ChangeRequestState[] = ['APPROVED', 'IMPLEMENTING', 'IMPLEMENTED', 'ABSORBED'];

/**
 * The days on which a request was agreed, out of its states from the oldest on: the client had approved it, or the firm
 * had decided to give it away. People log time by the day, so the day of the approval counts, and so does the day on
 * which it ended. CLOSED says nothing new: what was agreed before stays so. A zone nobody knows counts as UTC. Pure.
 */
export function agreedDays(states: readonly StateSince[], zone: string | null): AgreedDays[] {
  const days: AgreedDays[] = [];
  for (const { at, state } of states) {
    if (state === 'CLOSED') continue;
    const standing = days.at(-1);
    const goesOn = standing !== undefined && standing.to === null;
    const isAgreed = state !== null && agreed.includes(state);
    if (isAgreed && !goesOn) days.push({ from: localDay(at, zone), to: null });
    if (!isAgreed && goesOn) standing.to = localDay(at, zone);
  }
  return joined(days);
}

/** What ends and begins again on one day, or the next before it ended, is one. */
function joined(days: readonly AgreedDays[]): AgreedDays[] {
  const whole: AgreedDays[] = [];
  for (const next of days) {
    const last = whole.at(-1);
    if (last && last.to !== null && last.to >= next.from) last.to = next.to;
    else whole.push({ ...next });
  }
  return whole;
}
