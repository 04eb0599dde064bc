import { createRandom } from '@plumbline/emulator';
import type { JiraIssue, JiraWorklog } from '@plumbline/jira/emulator';
import { governanceIssues } from './governance-issues.ts';
import { issueId } from './change-requests.ts';
import type { Day } from './days.ts';
import type { ChangeRequest, Division, Project } from './plan.ts';
import type { Quirk } from './planted.ts';
import { workIssues } from './work-issues.ts';
import { createTimesheet, type Logged, type Timesheet } from './worklogs.ts';

/** What happened in one project, in Jira's form, and who worked when on what, to count it by. */
export interface ProjectWork {
  project: Project;
  issues: readonly JiraIssue[];
  worklogs: readonly JiraWorklog[];
  logged: readonly Logged[];
}

/** Where and when the issues of one project are made. */
export interface ProjectSetting {
  division: Division;
  project: Project;
  /** Those that have an issue. */
  requests: readonly ChangeRequest[];
  /** First and last day on which work in it is ordinary. */
  opened: Day;
  closed: Day;
  nextName(): { id: string; key: string };
}

const timeQuirks: readonly Quirk[] = ['R10', 'R11', 'R14', 'R16', 'R27'];

/** The issues and worklogs of a division, one project at a time: only one is in memory. */
export function* divisionWork(division: Division): Generator<ProjectWork> {
  const timesheet = createTimesheet(division);
  const requests = Map.groupBy(division.changeRequests, ({ project }) => project);
  // People's days fill up: time that is planted finds room before everyday work takes it.
  const [planted, everyday] = [true, false].map((first) =>
    division.projects.filter(({ quirk }) => (quirk !== null && timeQuirks.includes(quirk)) === first),
  );
  for (const project of [...(planted ?? []), ...(everyday ?? [])]) {
    if (project.jiraId === null) continue;
    yield projectWork(division, { project, requests: requests.get(project) ?? [], timesheet });
  }
}

interface ProjectInput {
  project: Project;
  requests: readonly ChangeRequest[];
  timesheet: Timesheet;
}

function projectWork(division: Division, { project, requests, timesheet }: ProjectInput): ProjectWork {
  const random = createRandom(`${division.seed}/work-${project.index}`);
  // Change requests have taken the first numbers, those that stand in a register only among them.
  let number = requests.length;
  const setting: ProjectSetting = {
    division,
    project,
    requests: requests.filter(({ issue }) => issue !== null),
    opened: openedOn(project, division.today),
    closed: Math.min(project.end, division.lastDay),
    nextName: () => {
      number += 1;
      return { id: issueId(division.number, project, number), key: `${project.key}-${number}` };
    },
  };
  const governance = governanceIssues(setting, random.fork('governance'));
  const work = workIssues(setting, { random: random.fork('items'), timesheet, governance });
  const drafts = [...governance.changeRequests.values(), ...governance.others, ...work];
  return { project, issues: drafts.map((draft) => draft.finish(division.today)), ...timesheet.take() };
}

/** The day a project's life in Jira begins: planned ones are prepared in the days before today. */
function openedOn({ start, status }: Project, today: Day): Day {
  return status === 'PLANNED' ? today - 12 : start;
}
