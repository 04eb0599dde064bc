import type { Random } from '@plumbline/emulator';
import { dateText, utcTime } from './days.ts';
import { draftIssue, type IssueDraft } from './issue-draft.ts';
import { amountText, quoted, quotedSmall } from './money.ts';
import type { ChangeRequest } from './plan.ts';
import { issueTypes, jiraFields, jiraStatuses } from './vocabulary.ts';
import { risks } from './words.ts';
import type { ProjectSetting } from './work.ts';

/** The issues with which a project is steered. */
export interface GovernanceIssues {
  changeRequests: ReadonlyMap<ChangeRequest, IssueDraft>;
  epics: readonly IssueDraft[];
  /** Risks, milestones and epics. */
  others: readonly IssueDraft[];
}

export function governanceIssues(setting: ProjectSetting, random: Random): GovernanceIssues {
  const changeRequests = new Map(setting.requests.map((request) => [request, changeRequestIssue(setting, request)]));
  const forClient = setting.project.client !== null;
  const risksAndMilestones = forClient
    ? [riskIssue(setting, random, 0), riskIssue(setting, random, 1), milestoneIssue(setting, random)]
    : [];
  const epics = Array.from({ length: forClient ? 3 : 1 }, (_, at) => epicIssue(setting, random, at));
  return { changeRequests, epics, others: [...risksAndMilestones, ...epics] };
}

/** The option of a select field, as Jira shows it. */
function option(id: number, value: string): { id: string; value: string } {
  return { id: String(id), value };
}

function changeRequestIssue({ project }: ProjectSetting, request: ChangeRequest): IssueDraft {
  const [submitted, ...later] = request.path;
  const statusOf = (state: string) =>
    jiraStatuses.changeRequest.find((status) => status.state === state) ?? jiraStatuses.changeRequest[0];
  const { id, key } = request.issue ?? { id: '', key: '' };
  const requester = request.requester.accountId ?? '';
  const manager = project.manager.accountId ?? '';
  const draft = draftIssue({
    id,
    key,
    projectId: project.jiraId ?? '',
    typeId: issueTypes.changeRequest.id,
    summary: request.title,
    description: `${request.title}.\n\nOrigin: ${request.origin}. Requested for ${project.name}.`,
    reporterAccountId: requester,
    labels: request.registerKey ? ['in-register'] : [],
    custom: {
      [jiraFields.price]: request.price,
      [jiraFields.currency]: option(10_500 + project.currency.codePointAt(0)!, project.currency),
      [jiraFields.cost]: request.cost,
      [jiraFields.effortHours]: request.effortHours,
      [jiraFields.days]: request.days,
      [jiraFields.origin]: option(10_600 + request.origin.length, request.origin),
    },
    status: statusOf('CAPTURED'),
    created: utcTime(submitted?.on ?? project.start, 9),
  });
  for (const { state, on } of later) {
    draft.toStatus(statusOf(state), utcTime(on, 10, 30), manager);
    if (state === 'COMMERCIAL_REVIEW' && request.price !== null) {
      draft.toCustom(
        { id: jiraFields.price, name: 'Price delta' },
        { from: null, to: amountText(request.price, project.currency) },
        utcTime(on, 11),
        manager,
      );
    }
  }
  return draft;
}

function riskIssue({ project, opened, closed, nextName }: ProjectSetting, random: Random, index: number): IssueDraft {
  const created = random.integer(opened, Math.max(opened, closed - 10));
  const owner = random.pick(project.team);
  const statuses = jiraStatuses.risk;
  const status =
    project.status === 'CLOSED' || project.status === 'DELIVERED'
      ? statuses[3]
      : (statuses[random.integer(0, 3)] ?? statuses[0]);
  const draft = draftIssue({
    ...nextName(),
    projectId: project.jiraId ?? '',
    typeId: issueTypes.risk.id,
    summary: risks[(project.index + index * 3) % risks.length] ?? 'Risk',
    description: null,
    reporterAccountId: project.manager.accountId ?? '',
    dueDate: dateText(created + 30),
    custom: {
      [jiraFields.riskProbability]: random.pick([10, 25, 40, 60, 80]),
      [jiraFields.riskImpact]: random.chance(0.85) ? quoted(random.integer(4, 60) * 1_000, project.currency) : null,
      [jiraFields.currency]: option(10_500 + project.currency.codePointAt(0)!, project.currency),
      [jiraFields.riskResponse]: random.pick(['Mitigate: second key user', 'Accept', 'Transfer to client', null]),
    },
    status: statuses[0],
    created: utcTime(created, 8),
  });
  draft.toAssignee(
    { accountId: owner.accountId ?? '', name: owner.name },
    utcTime(created, 8, 30),
    project.manager.accountId ?? '',
  );
  if (status !== statuses[0])
    draft.toStatus(status, utcTime(Math.min(closed, created + random.integer(1, 9)), 9), owner.accountId ?? '');
  return draft;
}

function milestoneIssue({ project, opened, closed, nextName }: ProjectSetting, random: Random): IssueDraft {
  const due = project.end - random.integer(5, 20);
  const reached = due <= closed;
  const draft = draftIssue({
    ...nextName(),
    projectId: project.jiraId ?? '',
    typeId: issueTypes.milestone.id,
    summary: random.pick(['Acceptance test passed', 'Abnahme Stufe 2', 'Go-live', '検収']),
    description: null,
    reporterAccountId: project.manager.accountId ?? '',
    dueDate: dateText(due),
    custom: {
      [jiraFields.milestoneForecast]: dateText(due + (reached ? 0 : random.pick([0, 0, 7, 14]))),
      [jiraFields.milestoneAmount]: quotedSmall(random.integer(10, 40) * 1_000, project.currency),
      [jiraFields.currency]: option(10_500 + project.currency.codePointAt(0)!, project.currency),
    },
    status: jiraStatuses.milestone[0],
    created: utcTime(opened, 8),
  });
  if (reached) draft.toStatus(jiraStatuses.milestone[1], utcTime(due, 15), project.manager.accountId ?? '');
  return draft;
}

function epicIssue({ project, opened, closed, nextName }: ProjectSetting, random: Random, index: number): IssueDraft {
  const over = project.status === 'CLOSED' || project.status === 'DELIVERED';
  const draft = draftIssue({
    ...nextName(),
    projectId: project.jiraId ?? '',
    typeId: issueTypes.epic.id,
    summary: `${project.service} – ${['Foundation', 'Core', 'Rollout'][index] ?? 'Rest'}`,
    description: 'Scope as agreed in the statement of work.\n\n<b>No HTML here</b> & no surprises.',
    reporterAccountId: project.manager.accountId ?? '',
    custom: { [jiraFields.commitment]: project.client ? `D${index + 1}` : null },
    status: jiraStatuses.work[0],
    created: utcTime(opened, 7, random.integer(0, 30)),
  });
  if (project.status === 'PLANNED') return draft;
  draft.toStatus(jiraStatuses.work[1], utcTime(Math.min(closed, opened + 1), 9), project.manager.accountId ?? '');
  if (over) draft.toStatus(jiraStatuses.work[3], utcTime(closed, 15, 30), project.manager.accountId ?? '');
  return draft;
}
