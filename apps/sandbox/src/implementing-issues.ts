import type { Random } from '@plumbline/emulator';
import { utcTime } from './days.ts';
import type { Implementation } from './implementations.ts';
import { draftIssue, type IssueDraft } from './issue-draft.ts';
import { complete, start } from './issue-life.ts';
import { issueTypes, jiraFields, jiraStatuses } from './vocabulary.ts';
import type { ProjectSetting } from './work.ts';
import { summaryWords } from './words.ts';
import { workerFor, type Timesheet } from './worklogs.ts';

export interface OwnWorkInput {
  random: Random;
  timesheet: Timesheet;
  implementation: Implementation;
  /** The change request's own. */
  issue: IssueDraft;
}

/** Time on a change request that has no other issue. */
export function logOnRequest(
  { project }: ProjectSetting,
  { random, timesheet, implementation: { request, windows, hours }, issue }: OwnWorkInput,
): void {
  for (const window of windows) {
    timesheet.log({
      random,
      issue,
      project,
      change: request,
      committed: false,
      person: workerFor(random, project, window.to),
      hours,
      ...window,
    });
  }
}

export interface ImplementingInput {
  random: Random;
  timesheet: Timesheet;
  implementation: Implementation;
  hours: number;
}

/** An issue of its own that does what a change request asks for, and says so by a link. */
export function implementingIssue(
  { project, nextName, opened }: ProjectSetting,
  { random, timesheet, implementation, hours }: ImplementingInput,
): IssueDraft {
  const { request, windows, finishedOn } = implementation;
  const first = windows[0]?.from ?? opened + 2;
  const name = nextName();
  const worker = workerFor(random, project, windows.at(-1)?.to ?? first);
  const draft = draftIssue({
    ...name,
    projectId: project.jiraId ?? '',
    typeId: issueTypes.task.id,
    summary: `${random.pick(summaryWords.verbs)} ${request.title}`,
    description: null,
    reporterAccountId: project.manager.accountId ?? '',
    estimateSeconds: hours * 3_600,
    custom: { [jiraFields.commitment]: null },
    links: [{ id: `5${name.id}`, type: 'implements', outwardIssueId: request.issue?.id ?? '' }],
    status: jiraStatuses.work[0],
    created: utcTime(first - 1, 7, 40),
  });
  if (windows.length === 0) return draft;
  start(draft, worker, utcTime(first - 1, 14));
  let spent = 0;
  for (const window of windows) {
    spent += timesheet.log({
      random,
      issue: draft,
      project,
      change: request,
      committed: false,
      person: worker,
      hours: implementation.hours,
      ...window,
    });
  }
  draft.setRemaining(finishedOn === null ? Math.max(0, hours * 3_600 - spent) : 0);
  if (finishedOn !== null) complete(draft, worker, { random, on: finishedOn });
  return draft;
}
