import { adf } from './adf.ts';
import { memo, overwrite, type Json } from './json.ts';
import { linkType } from './link-types.ts';
import type { JiraField, JiraHistory, JiraIssue, JiraProject, JiraSite, JiraVersion, JiraWorklog } from './seed.ts';
import type { JiraStore } from './store.ts';
import { duration, timeReaders } from './time-fields.ts';

/** Writes what the store holds as REST v3 shows it to this account. */
export interface Renderer {
  /** `fields` as a request names them; null is every field. */
  issue(issue: JiraIssue, fields: readonly string[]): Json;
  history(history: JiraHistory, time: 'text' | 'number'): Json;
  worklog(worklog: JiraWorklog): Json;
  user(accountId: string): Json;
  project(project: JiraProject, options: { properties: readonly string[]; expand: readonly string[] }): Json;
  version(version: JiraVersion, project: JiraProject): Json;
  status(id: string): Json;
  issueType(id: string): Json;
  field(field: JiraField): Json;
}

const categories = {
  new: { id: 2, key: 'new', colorName: 'blue-gray', name: 'To Do' },
  indeterminate: { id: 4, key: 'indeterminate', colorName: 'yellow', name: 'In Progress' },
  done: { id: 3, key: 'done', colorName: 'green', name: 'Done' },
} as const;

export function createRenderer(store: JiraStore): Renderer {
  const { site, zone } = store;
  const base = `https://${site.host}/rest/api/3`;
  const users = new Map(site.users.map((user) => [user.accountId, user]));
  const avatarUrls = Object.fromEntries(
    ['48x48', '24x24', '16x16', '32x32'].map((size) => [
      size,
      `https://${site.host}/avatar/initials-${size.slice(0, 2)}.png`,
    ]),
  );

  const statusOf = memo((status: JiraSite['statuses'][number] | string) => {
    const {
      id,
      name,
      category: key,
    } = typeof status === 'string' ? ({ id: status, name: status, category: 'new' } as const) : status;
    const category = categories[key];
    return {
      self: `${base}/status/${id}`,
      description: '',
      iconUrl: `https://${site.host}/images/icons/statuses/generic.png`,
      name,
      // Recorded answers carry it, though the contract does not name it.
      untranslatedName: name,
      id,
      statusCategory: { self: `${base}/statuscategory/${category.id}`, ...category },
    };
  });

  const renderer: Renderer = {
    user: memo((accountId: string) => {
      const user = users.get(accountId);
      return {
        self: `${base}/user?accountId=${encodeURIComponent(accountId)}`,
        accountId,
        accountType: 'atlassian',
        // Profile privacy leaves members out; it does not say null.
        ...(user?.email ? { emailAddress: user.email } : {}),
        avatarUrls,
        displayName: user?.displayName ?? 'Former user',
        active: user?.active ?? false,
        ...(user?.timeZone ? { timeZone: user.timeZone } : {}),
      };
    }),
    status: (id) => statusOf(site.statuses.find((each) => each.id === id) ?? id),
    issueType: memo((id: string) => {
      const type = site.issueTypes.find((each) => each.id === id);
      return {
        self: `${base}/issuetype/${id}`,
        id,
        description: '',
        iconUrl: `https://${site.host}/images/icons/issuetypes/task.svg`,
        name: type?.name ?? id,
        subtask: type?.subtask ?? false,
        hierarchyLevel: type?.subtask ? -1 : 0,
      };
    }),
    field: ({ id, name, type, custom, projectId }) => ({
      id,
      key: id,
      name,
      untranslatedName: name,
      custom: true,
      orderable: true,
      navigable: true,
      searchable: true,
      clauseNames: [`cf[${id.slice('customfield_'.length)}]`, name],
      schema: { type, custom, customId: Number(id.slice('customfield_'.length)) },
      ...(projectId === undefined ? {} : { scope: { type: 'PROJECT', project: { id: projectId } } }),
    }),
    version: (version, project) => ({
      self: `${base}/version/${version.id}`,
      id: version.id,
      ...(version.description === undefined ? {} : { description: version.description }),
      name: version.name,
      archived: version.archived,
      released: version.released,
      ...(version.startDate === undefined ? {} : { startDate: version.startDate }),
      ...(version.releaseDate === undefined ? {} : { releaseDate: version.releaseDate }),
      projectId: Number(project.id),
    }),
    project: (project, { properties, expand }) => ({
      ...shortProject(project),
      expand: 'description,lead,issueTypes,url,projectKeys,permissions,insight',
      ...(expand.includes('description') ? { description: project.description } : {}),
      ...(expand.includes('lead') ? { lead: renderer.user(project.leadAccountId) } : {}),
      style: 'classic',
      isPrivate: false,
      properties: Object.fromEntries(
        Object.entries(project.properties ?? {}).filter(([name]) => properties.includes(name)),
      ),
    }),
    worklog(worklog) {
      const rendered = {
        self: `${base}/issue/${worklog.issueId}/worklog/${worklog.id}`,
        author: renderer.user(worklog.authorAccountId),
        updateAuthor: renderer.user(worklog.authorAccountId),
        ...(worklog.comment === null ? {} : { comment: adf(worklog.comment) }),
        created: zone.stamp(worklog.created),
        updated: zone.stamp(worklog.updated),
        started: worklog.started,
        timeSpent: duration(worklog.seconds),
        timeSpentSeconds: worklog.seconds,
        id: worklog.id,
        issueId: worklog.issueId,
      };
      const patch = store.brokenWorklogs.get(worklog.id);
      return patch ? overwrite(rendered, patch) : rendered;
    },
    history: ({ id, at, authorAccountId, items }, time) => ({
      id,
      author: renderer.user(authorAccountId),
      created: time === 'number' ? at : zone.stamp(at),
      items,
    }),
    issue(issue, fields) {
      if (fields.length === 1 && fields[0] === 'id') return { id: issue.id };
      const wanted = selector(fields);
      const rendered = {
        expand: 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations',
        id: issue.id,
        self: `${base}/issue/${issue.id}`,
        key: issue.key,
        fields: Object.fromEntries(
          Object.entries(fieldReaders).flatMap(([name, read]) => (wanted(name) ? [[name, read(issue)]] : [])),
        ),
      };
      for (const { id } of site.fields) if (wanted(id)) rendered.fields[id] = issue.custom[id] ?? null;
      const patch = store.broken.get(issue.id);
      return patch ? overwrite(rendered, patch) : rendered;
    },
  };

  const shortProject = (project: JiraProject): Json => ({
    self: `${base}/project/${project.id}`,
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: 'software',
    simplified: false,
    avatarUrls,
  });
  const linked = (issueId: string): Json => {
    const issue = store.issues.get(issueId);
    return {
      id: issueId,
      key: issue?.key ?? issueId,
      self: `${base}/issue/${issueId}`,
      ...(issue && {
        fields: {
          summary: issue.summary,
          status: renderer.status(issue.statusId),
          issuetype: renderer.issueType(issue.typeId),
        },
      }),
    };
  };
  const userOrNull = (accountId: string | null): Json | null => (accountId === null ? null : renderer.user(accountId));

  const fieldReaders: Readonly<Record<string, (issue: JiraIssue) => unknown>> = {
    summary: (issue) => issue.summary,
    issuetype: (issue) => renderer.issueType(issue.typeId),
    project: (issue) => {
      const project = store.projects.get(issue.projectId);
      return project ? shortProject(project) : { id: issue.projectId };
    },
    status: (issue) => renderer.status(issue.statusId),
    description: (issue) => (issue.description === null ? null : adf(issue.description)),
    created: (issue) => zone.stamp(issue.created),
    updated: (issue) => zone.stamp(issue.updated),
    resolutiondate: (issue) => (issue.resolved === null ? null : zone.stamp(issue.resolved)),
    resolution: (issue) =>
      issue.resolved === null ? null : { self: `${base}/resolution/10000`, id: '10000', name: 'Done', description: '' },
    creator: (issue) => renderer.user(issue.reporterAccountId),
    reporter: (issue) => renderer.user(issue.reporterAccountId),
    assignee: (issue) => userOrNull(issue.assigneeAccountId),
    labels: (issue) => issue.labels,
    duedate: (issue) => issue.dueDate,
    fixVersions: (issue) => {
      const project = store.projects.get(issue.projectId);
      const known = project?.versions ?? [];
      return known
        .filter(({ id }) => issue.fixVersionIds.includes(id))
        .map((each) => renderer.version(each, project as JiraProject));
    },
    ...timeReaders(store),
    parent: (issue) => (issue.parentId ? linked(issue.parentId) : undefined),
    issuelinks: (issue) => [
      ...(issue.links ?? []).map(({ id, type, outwardIssueId }) => ({
        id,
        self: `${base}/issueLink/${id}`,
        type: linkType(type, base),
        outwardIssue: linked(outwardIssueId),
      })),
      ...store.links.towards(issue.id).map(({ id, type, issueId }) => ({
        id,
        self: `${base}/issueLink/${id}`,
        type: linkType(type, base),
        inwardIssue: linked(issueId),
      })),
    ],
    lastViewed: () => null,
    votes: (issue) => ({ self: `${base}/issue/${issue.key}/votes`, votes: 0, hasVoted: false }),
    watches: (issue) => ({ self: `${base}/issue/${issue.key}/watchers`, watchCount: 0, isWatching: false }),
  };
  return renderer;
}

function selector(fields: readonly string[]): (name: string) => boolean {
  const all = fields.some((field) => field === '*all' || field === '*navigable');
  const chosen = new Set(fields);
  return (name) => !chosen.has(`-${name}`) && (all || chosen.has(name));
}
