import { changedItems, type ChangeNames } from './changes.ts';
import type { IssueDraft } from './inputs.ts';
import type { JiraHistory, JiraIssue, JiraProject } from './seed.ts';
import { wanted, type JiraControls, type JiraState } from './state.ts';

type IssueControls = Pick<
  JiraControls,
  'createIssue' | 'updateIssue' | 'moveIssue' | 'deleteIssue' | 'breakIssue' | 'repairIssue'
>;

export function createIssueControls(state: JiraState): IssueControls {
  const { site, projects, issues, worklogs, links, counters, broken, now, save, touch, announce } = state;
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

  return {
    createIssue: (draft) => save(newIssue({ state, draft, key: counters.nextKey(projectOf(draft.projectId)) })),
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
      return saved;
    },
    moveIssue(id, projectId) {
      const before = issueOf(id);
      const to = projectOf(projectId);
      const key = counters.nextKey(to);
      const items = movedItems({ from: projectOf(before.projectId), to, oldKey: before.key, newKey: key });
      return save({
        ...before,
        key,
        projectId,
        updated: now(),
        history: extended(before, items, site.caller.accountId),
      });
    },
    deleteIssue(id) {
      links.forget(issueOf(id));
      issues.delete(id);
      for (const worklog of worklogs.ofIssue(id)) worklogs.delete(worklog.id, null);
      announce(id);
    },
    breakIssue(id, payloadPatch) {
      issueOf(id);
      broken.set(id, payloadPatch);
      touch(id);
    },
    repairIssue(id) {
      broken.delete(id);
      touch(id);
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
