import type { Random } from '@plumbline/emulator';
import { addBusinessDays, businessDayFrom, dateText, utcTime } from './days.ts';
import type { GovernanceIssues } from './governance-issues.ts';
import { planHindrance, waitForCustomer, type Hindrance } from './hindrances.ts';
import { implementationsOf } from './implementations.ts';
import { implementingIssue, logOnRequest } from './implementing-issues.ts';
import { draftIssue, type IssueDraft } from './issue-draft.ts';
import { complete, start } from './issue-life.ts';
import { apportion } from './money.ts';
import { issueTypes, jiraFields, jiraStatuses } from './vocabulary.ts';
import type { ProjectSetting } from './work.ts';
import { summaryWords } from './words.ts';
import { windowOf, workerFor, type Timesheet, type Window } from './worklogs.ts';

interface WorkInput {
  random: Random;
  timesheet: Timesheet;
  governance: GovernanceIssues;
}

type Progress = 'TODO' | 'DOING' | 'DONE';

/** How many issues of a project that R11 is planted in belong to neither a commitment nor a change. */
const strayIssues = 3;
/** Logged on each issue of the firm's own work. */
const internalHours = 30;

/** Stories, tasks, bugs and sub-tasks of one project, and the time that was logged on them and on its change requests. */
export function workIssues(setting: ProjectSetting, { random, timesheet, governance }: WorkInput): IssueDraft[] {
  const { project, requests } = setting;
  const implementations = implementationsOf(setting);
  const own = implementations.filter((implementation) => !implementation.separate);
  for (const implementation of own) {
    const issue = governance.changeRequests.get(implementation.request);
    if (issue) logOnRequest(setting, { random, timesheet, implementation, issue });
  }
  const separate = implementations.filter((implementation) => implementation.separate);
  const steering = requests.length + governance.others.length;
  const plain = Math.max(6, project.issueCount - steering - separate.length);
  const weights = Array.from({ length: plain + separate.length }, () => random.integer(2, 10));
  const estimates = apportion(project.estimatedHours, weights, 0.5);

  // Before everyday work, which takes the rest of people's days.
  const implementing = separate.map((implementation, at) =>
    implementingIssue(setting, { random, timesheet, implementation, hours: estimates[plain + at] ?? 0 }),
  );
  const progress = progressOf(setting, plain);
  const drafts: IssueDraft[] = [];
  let stray = project.quirk === 'R11' ? strayIssues : 0;
  for (let index = 0; index < plain; index += 1) {
    const state = progress[index] ?? 'TODO';
    const isStray = state === 'DONE' && stray > 0;
    if (isStray) stray -= 1;
    const parent =
      index > 6 && index % 10 === 9 ? drafts[index - 4] : governance.epics[index % governance.epics.length];
    drafts.push(
      plainIssue(setting, {
        random,
        timesheet,
        index,
        state,
        count: plain,
        hours: estimates[index] ?? 0,
        isStray,
        parentId: parent?.id ?? null,
        subtask: index > 6 && index % 10 === 9,
      }),
    );
  }
  if (project.quirk === 'R27') logAfterTheEnd(setting, { random, timesheet, issue: drafts.at(-1) });
  return [...drafts, ...implementing];
}

/** Work goes through the backlog in order: finished first, some under way, the rest to do. */
function progressOf({ project, opened, closed }: ProjectSetting, count: number): Progress[] {
  const { status, start, end, client } = project;
  if (status === 'PLANNED') return Array.from({ length: count }, () => 'TODO');
  if (client === null) return Array.from({ length: count }, () => 'DOING');
  const elapsed = Math.min(0.85, Math.max(0.15, (closed - opened) / (end - start)));
  const done =
    status === 'CLOSED' || status === 'DELIVERED'
      ? count
      : Math.floor(count * (status === 'CANCELLED' ? 0.6 : elapsed));
  const doing = done === count || status === 'CANCELLED' ? done : done + Math.ceil(count * 0.08);
  return Array.from({ length: count }, (_, index) => (index < done ? 'DONE' : index < doing ? 'DOING' : 'TODO'));
}

interface PlainInput {
  random: Random;
  timesheet: Timesheet;
  index: number;
  count: number;
  state: Progress;
  hours: number;
  isStray: boolean;
  parentId: string | null;
  subtask: boolean;
}

function plainIssue(setting: ProjectSetting, input: PlainInput): IssueDraft {
  const { random, state, hours, isStray } = input;
  const { project } = setting;
  const window = plainWindow(setting, input);
  const hindrance = hindranceOf(setting, input, window);
  const draft = openedIssue(setting, input, { window, hindrance });
  if (state === 'TODO') return draft;
  const worker = workerFor(random, project, window.to);
  start(draft, worker, utcTime(window.from - 1, 14));
  waitForCustomer(draft, hindrance, worker.accountId ?? '');
  const share = state === 'DONE' ? random.integer(80, 115) : random.integer(20, 60);
  const spent = input.timesheet.log({
    random,
    issue: draft,
    project,
    change: null,
    committed: !isStray,
    hindrance,
    person: worker,
    hours: project.client === null ? internalHours : (hours * share) / 100,
    ...window,
  });
  draft.setRemaining(state === 'DONE' ? 0 : Math.max(0, hours * 3_600 - spent));
  if (state === 'DONE') complete(draft, worker, { random, on: window.to + 1 });
  return draft;
}

/** When it is worked on: the backlog one after the other, the firm's own work all the time. */
function plainWindow({ project, opened, closed }: ProjectSetting, { random, index, count }: PlainInput): Window {
  if (project.client === null) return windowOf(opened + 2, closed - 1);
  const room = Math.max(4, closed - opened - 16);
  const begin = businessDayFrom(opened + 2 + Math.floor((room * index) / count));
  return windowOf(begin, Math.min(closed - 1, addBusinessDays(begin, random.integer(3, 9))));
}

/** Not on the firm's own work, and not on a project's last issue, on which people may go on when the project is closed. */
function hindranceOf({ project }: ProjectSetting, input: PlainInput, window: Window): Hindrance | null {
  const { random, index, count, state } = input;
  if (project.client === null || state === 'TODO' || index === count - 1) return null;
  return planHindrance(random.fork(`hindrance-${index}`), { window, underWay: state === 'DOING' });
}

function openedIssue(
  setting: ProjectSetting,
  input: PlainInput,
  { window, hindrance }: { window: Window; hindrance: Hindrance | null },
): IssueDraft {
  const { random, index, count, state, hours, isStray, subtask } = input;
  const { project, opened, closed } = setting;
  const waiting = state === 'TODO';
  const created = waiting ? random.integer(opened, closed - 1) : Math.max(opened, window.from - random.integer(1, 25));
  const due = waiting ? Math.max(created, closed) + random.integer(5, 30) : window.to;
  const types = [issueTypes.story, issueTypes.story, issueTypes.task, issueTypes.bug];
  const worded = wording(random, isStray);
  const draft = draftIssue({
    ...setting.nextName(),
    ...worded,
    labels: hindrance?.label ? [...worded.labels, hindrance.label] : worded.labels,
    projectId: project.jiraId ?? '',
    typeId: subtask ? issueTypes.subtask.id : random.pick(types).id,
    reporterAccountId: (random.chance(0.6) ? project.manager : random.pick(project.team)).accountId ?? '',
    parentId: input.parentId,
    fixVersionIds: project.client ? [versionId(project.jiraId ?? '', index < count / 2 ? 1 : 2)] : [],
    dueDate: random.chance(0.4) ? dateText(due) : null,
    estimateSeconds: random.chance(0.15) ? Math.round(hours * 2) * 900 : hours * 3_600,
    custom: {
      [jiraFields.points]: random.chance(0.7) ? random.pick([1, 2, 3, 5, 8]) : null,
      [jiraFields.commitment]: project.client && !isStray ? `D${1 + (index % 6)}` : null,
    },
    status: jiraStatuses.work[0],
    created: utcTime(created, 7, random.integer(31, 59)),
  });
  // An estimate that was changed later ends in what the plan adds up to.
  draft.toEstimate(hours * 3_600, utcTime(created, 9, 15), project.manager.accountId ?? '');
  return draft;
}

function wording(random: Random, isStray: boolean): { summary: string; description: string | null; labels: string[] } {
  const { verbs, things, awkward } = summaryWords;
  const plain = `${random.pick(verbs)} ${random.pick(things)}`;
  return {
    summary: random.chance(0.02) ? random.pick(awkward) : isStray ? `${plain} (asked by phone)` : plain,
    description: random.chance(0.5)
      ? null
      : `${plain}.\n\nAcceptance: ${random.pick(things)} works; ÄÖÜ, 東京 and العربية survive.`,
    labels: random.chance(0.2) ? [random.pick(['backend', 'frontend', 'ux', 'daten'])] : [],
  };
}

/** Id of a project's version; two of them in every project for a client. */
export function versionId(projectId: string, wave: 1 | 2): string {
  return `${projectId}${wave}`;
}

/** People go on for weeks in a project that is closed. */
function logAfterTheEnd(
  { project }: ProjectSetting,
  { random, timesheet, issue }: { random: Random; timesheet: Timesheet; issue: IssueDraft | undefined },
): void {
  if (!issue) return;
  const window = windowOf(project.end + 4, project.end + 32);
  const person = workerFor(random, project, window.to);
  timesheet.log({ random, issue, project, change: null, committed: true, person, hours: 14, ...window });
}
