import type { JiraBatch, Sandbox } from '../../apps/sandbox/src/index.ts';
import type { Random } from '../../packages/emulator/src/index.ts';
import { day, type Edit } from './edit.ts';

type Issue = NonNullable<JiraBatch['issues']>[number];
type Worklog = NonNullable<JiraBatch['worklogs']>[number];

/** What is there now in the projects that are read, as the site last gave it, by id. */
export interface InJira {
  issues: ReadonlyMap<string, Issue>;
  worklogs: ReadonlyMap<string, Worklog>;
}

/** What a team does in these projects, and what is left of it. */
export function jiraEdits(
  { jira, company }: Pick<Sandbox, 'jira' | 'company'>,
  of: { random: Random; next(): number; projects: readonly string[] },
): { edits: Edit[]; living: InJira } {
  const { random, next } = of;
  const issues = new Map<string, Issue>();
  const worklogs = new Map<string, Worklog>();
  /** What others name as their parent or link to: Jira tells nobody what becomes of those when it is deleted. */
  const named = new Set<string>();
  const projectIds: string[] = [];
  for (const batch of company.jira.batches()) {
    for (const { id, key } of batch.projects ?? []) if (of.projects.includes(key)) projectIds.push(id);
    for (const issue of batch.issues ?? []) {
      if (of.projects.includes(issue.key.split('-')[0] ?? '')) issues.set(issue.id, issue);
      for (const { outwardIssueId } of issue.links ?? []) named.add(outwardIssueId).add(issue.id);
      if (issue.parentId) named.add(issue.parentId);
    }
    for (const worklog of batch.worklogs ?? []) if (issues.has(worklog.issueId)) worklogs.set(worklog.id, worklog);
  }
  const { site } = company.jira;
  const oneOf = (map: ReadonlyMap<string, unknown>): string => random.pick([...map.keys()]);
  const update = (id: string, patch: Parameters<typeof jira.updateIssue>[1]): void =>
    void issues.set(id, jira.updateIssue(id, patch));
  const edits: Edit[] = [
    () => {
      const id = oneOf(issues);
      update(id, { summary: `Renamed ${next()}`, statusId: random.pick(site.statuses).id });
      return `issue ${id} renamed and moved on`;
    },
    () => {
      const id = oneOf(issues);
      update(id, { dueDate: day(random), originalEstimateSeconds: random.integer(1, 40) * 3_600 });
      return `issue ${id} estimated`;
    },
    () => {
      const id = oneOf(issues);
      update(id, { assigneeAccountId: random.chance(0.2) ? null : random.pick(site.users).accountId });
      return `issue ${id} assigned`;
    },
    () => {
      const [id, projectId] = [oneOf(issues), random.pick(projectIds)];
      issues.set(id, jira.moveIssue(id, projectId));
      return `issue ${id} moved to project ${projectId}`;
    },
    () => {
      const id = random.pick([...issues.keys()].filter((each) => !named.has(each)));
      jira.deleteIssue(id);
      issues.delete(id);
      for (const { id: worklog, issueId } of worklogs.values()) if (issueId === id) worklogs.delete(worklog);
      return `issue ${id} deleted`;
    },
    () => {
      const issue = jira.createIssue({
        projectId: random.pick(projectIds),
        typeId: random.pick(site.issueTypes.filter(({ subtask }) => !subtask)).id,
        summary: `New ${next()}`,
      });
      issues.set(issue.id, issue);
      return `issue ${issue.id} created`;
    },
    ...Array.from({ length: 3 }, (): Edit => () => {
      const worklog = jira.logWork(oneOf(issues), {
        authorAccountId: random.pick(site.users).accountId,
        started: `${day(random)}T0${random.integer(0, 9)}:30:00.000+0200`,
        seconds: random.integer(1, 30) * 900,
      });
      worklogs.set(worklog.id, worklog);
      return `worklog ${worklog.id} logged`;
    }),
    () => {
      if (worklogs.size === 0) return 'no worklog to change';
      const id = oneOf(worklogs);
      worklogs.set(id, jira.updateWorklog(id, { seconds: random.integer(1, 30) * 900 }));
      return `worklog ${id} changed`;
    },
    () => {
      if (worklogs.size === 0) return 'no worklog to delete';
      const id = oneOf(worklogs);
      jira.deleteWorklog(id);
      worklogs.delete(id);
      return `worklog ${id} deleted`;
    },
    () => {
      const id = random.pick(projectIds);
      jira.updateProject(id, { name: `Project ${next()}` });
      return `project ${id} renamed`;
    },
  ];
  return { edits, living: { issues, worklogs } };
}
