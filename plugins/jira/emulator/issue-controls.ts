import { changedItems, type ChangeNames } from './changes.ts';
import type { IssueDraft } from './inputs.ts';
import type { JiraHistory, JiraIssue, JiraProject } from './seed.ts';
import { wanted, type JiraControls, type JiraState } from './state.ts';

type IssueControls = Pick<
  JiraControls,
  'createIssue' | 'updateIssue' | 'moveIssue' | 'deleteIssue' | 'breakIssue' | 'repairIssue' | 'hideIssue' | 'showIssue'
>;

export function createIssueControls(state: JiraState): IssueControls {
  const { site, projects, issues, worklogs, links, counters, broken, hidden, now, save, touch, announce, tell } = state;
  const issueOf = (id: string): JiraIssue => wanted(issues.get(id), 'issue', id);
  const projectOf = (id: string): JiraProject => wanted(projects.get(id), 'project', id);
  const names: ChangeNames = {
    site,
    versionName: (id) =>
      [...projects.values()].flatMap(({ versions }) => versions ?? []).find((each) => each.id === id)?.name ?? id,
    keyOf: (id) => issues.get(id)?.key ?? id,
  };
  const extended = (issue: JiraIssue, items: JiraHistory['items'], authorAccountId: string): JiraHistory[] => [
    ...issue.history,
    { id: counters.nextHistoryId(), at: now(), authorAccountId, items },
  ];

  const tellUpdated = (issue: JiraIssue): void => {
    const history = issue.history.at(-1);
    tell('jira:issue_updated', { issue, ...(history ? { history } : {}) });
  };

  return {
    createIssue(draft) {
      const issue = save(newIssue({ state, draft, key: counters.nextKey(projectOf(draft.projectId)) }));
      tell('jira:issue_created', { issue });
      return issue;
    },
    updateIssue(id, patch, authorAccountId = site.caller.accountId) {
      const before = issueOf(id);
      const items = changedItems(before, patch, names);
      if (items.length === 0) return before;
      if (patch.links) links.forget(before);
      const saved = save({
        ...before,
        ...(patch as Partial<JiraIssue>),
        custom: { ...before.custom, ...patch.custom },
        updated: now(),
        resolved: isDone(state, patch.statusId ?? before.statusId) ? (before.resolved ?? now()) : null,
        history: extended(before, items, authorAccountId),
      });
      // Jira moves both ends of a link.
      for (const { id: linkId, outwardIssueId } of patch.links ?? []) {
        const isNew = !before.links?.some((link) => link.id === linkId);
        if (isNew && issues.get(outwardIssueId)) touch(outwardIssueId);
      }
      tellUpdated(saved);
      return saved;
    },
    moveIssue(id, projectId) {
      const before = issueOf(id);
      const to = projectOf(projectId);
      const key = counters.nextKey(to);
      const items = movedItems({ from: projectOf(before.projectId), to, oldKey: before.key, newKey: key });
      const moved = save({
        ...before,
        key,
        projectId,
        updated: now(),
        history: extended(before, items, site.caller.accountId),
      });
      tellUpdated(moved);
      return moved;
    },
    deleteIssue(id) {
      const issue = issueOf(id);
      links.forget(issue);
      issues.delete(id);
      for (const worklog of worklogs.ofIssue(id)) worklogs.delete(worklog.id, null);
      announce(id);
      tell('jira:issue_deleted', { issue });
    },
    breakIssue(id, payloadPatch) {
      issueOf(id);
      broken.set(id, payloadPatch);
      touch(id);
      tellUpdated(issueOf(id));
    },
    repairIssue(id) {
      broken.delete(id);
      touch(id);
      tellUpdated(issueOf(id));
    },
    hideIssue(id) {
      issueOf(id);
      hidden.add(id);
      announce(id);
    },
    showIssue(id) {
      hidden.delete(id);
      announce(id);
    },
  };
}

function isDone({ site }: JiraState, statusId: string): boolean {
  return site.statuses.some(({ id, category }) => id === statusId && category === 'done');
}

function newIssue({ state, draft, key }: { state: JiraState; draft: IssueDraft; key: string }): JiraIssue {
  const { site, counters } = state;
  const at = state.now();
  return {
    id: counters.nextIssueId(),
    key,
    statusId: site.statuses[0]?.id ?? '1',
    description: null,
    reporterAccountId: site.caller.accountId,
    assigneeAccountId: null,
    parentId: null,
    labels: [],
    fixVersionIds: [],
    dueDate: null,
    originalEstimateSeconds: null,
    remainingEstimateSeconds: draft.originalEstimateSeconds ?? null,
    custom: {},
    links: [],
    ...(draft as Pick<IssueDraft, 'projectId' | 'typeId' | 'summary'>),
    created: at,
    updated: at,
    resolved: null,
    history: [],
  };
}

function movedItems(move: {
  from: JiraProject;
  to: JiraProject;
  oldKey: string;
  newKey: string;
}): JiraHistory['items'] {
  const { from, to, oldKey, newKey } = move;
  return [
    {
      field: 'project',
      fieldtype: 'jira',
      fieldId: 'project',
      from: from.id,
      fromString: from.name,
      to: to.id,
      toString: to.name,
    },
    { field: 'Key', fieldtype: 'jira', from: null, fromString: oldKey, to: null, toString: newKey },
  ];
}
