import type { Random } from '@plumbline/emulator';
import { utcTime, type Day } from './days.ts';
import type { IssueDraft } from './issue-draft.ts';
import type { Person } from './plan.ts';
import { jiraStatuses } from './vocabulary.ts';

/** Somebody takes an issue and begins. */
export function start(draft: IssueDraft, worker: Person, moment: number): void {
  const account = worker.accountId ?? '';
  draft.toAssignee({ accountId: account, name: worker.name }, moment, account);
  draft.toStatus(jiraStatuses.work[1], moment, account);
}

/** Most go through review and stay done; a few come back once. */
export function complete(draft: IssueDraft, worker: Person, { random, on }: { random: Random; on: Day }): void {
  const account = worker.accountId ?? '';
  const [, doing, review, done] = jiraStatuses.work;
  draft.toStatus(review, utcTime(on, 7), account);
  if (random.chance(0.05)) {
    draft.toStatus(done, utcTime(on, 8), account);
    draft.toStatus(doing, utcTime(on, 9, 20), account);
  }
  draft.toStatus(done, utcTime(on, 10 + random.integer(0, 4), random.integer(0, 59)), account);
}
