import type { Day } from './days.ts';
import type { ScopeClass } from './figure-types.ts';
import type { ChangeRequest } from './plan.ts';
import type { ChangeRequestState } from './vocabulary.ts';
import type { Logged } from './worklogs.ts';

const agreeing: readonly ChangeRequestState[] = ['APPROVED', 'ABSORBED'];
const ending: readonly ChangeRequestState[] = ['REJECTED', 'WITHDRAWN', 'DEFERRED'];

/** What some time was worked on, as it stood on the day of the work. */
export function scopeClassOf({
  project,
  change,
  committed,
  day,
}: Pick<Logged, 'project' | 'change' | 'committed' | 'day'>): ScopeClass {
  if (project.client === null) return 'INTERNAL';
  if (change) return isAgreedOn(change, day) ? 'APPROVED_CHANGE' : 'UNAPPROVED_CHANGE';
  return committed ? 'BASELINE' : 'UNLINKED';
}

/** Whether somebody had decided by a day that the work is done: the client by approving, or the firm by absorbing it. */
export function isAgreedOn({ path }: Pick<ChangeRequest, 'path'>, day: Day): boolean {
  const agreed = path.findLastIndex(({ state, on }) => agreeing.includes(state) && on <= day);
  // What ends it counts from the next day on: people learn of it while they work.
  const ended = path.findLastIndex(({ state, on }) => ending.includes(state) && on < day);
  return agreed > ended;
}
