import type { Random } from '@plumbline/emulator';
import { utcTime } from './days.ts';
import type { WorkNature } from './figure-types.ts';
import type { IssueDraft } from './issue-draft.ts';
import { jiraStatuses } from './vocabulary.ts';
import type { Window } from './worklogs.ts';

/** Why work on an issue was no progress, all the time or for a while. */
export interface Hindrance {
  label: 'client-wait' | 'rework' | null;
  /** While it stood in the status that waits for the customer: epoch milliseconds, no end while it still does. */
  waits: { from: number; to: number | null } | null;
}

const labelledShare = 0.04;
const waitingShare = 0.12;

/** What is planted on an issue; null on most. One that is under way may still wait. */
export function planHindrance(
  random: Random,
  { window, underWay }: { window: Window; underWay: boolean },
): Hindrance | null {
  if (random.chance(labelledShare)) return { label: 'client-wait', waits: null };
  const label = random.chance(labelledShare) ? 'rework' : null;
  if (!random.chance(waitingShare)) return label ? { label, waits: null } : null;
  const begun = random.integer(window.from, window.to);
  const ended = random.integer(begun, window.to);
  const from = begun === ended ? utcTime(begun, 9, 30) : utcTime(begun, 11, 30);
  const to = begun === ended ? utcTime(ended, 13, 45) : utcTime(ended, 10, 15);
  return { label, waits: { from, to: underWay && random.chance(0.5) ? null : to } };
}

/** Writes the waiting into the issue's life. */
export function waitForCustomer(draft: IssueDraft, hindrance: Hindrance | null, author: string): void {
  if (!hindrance?.waits) return;
  const { from, to } = hindrance.waits;
  const [, doing, , , waiting] = jiraStatuses.work;
  draft.toStatus(waiting, from, author);
  if (to !== null) draft.toStatus(doing, to, author);
}

/** What work that began at a moment was; waiting comes before rework. */
export function natureAt(hindrance: Hindrance | null, started: number): WorkNature {
  if (!hindrance) return 'WORK';
  const { label, waits } = hindrance;
  const waited = waits !== null && waits.from <= started && started < (waits.to ?? Infinity);
  if (waited || label === 'client-wait') return 'CLIENT_WAIT';
  return label === 'rework' ? 'REWORK' : 'WORK';
}
