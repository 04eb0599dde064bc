import type { EmulatorApp } from '@plumbline/emulator';
import { offsetPage, refuse } from './http.ts';
import { linkTypeList } from './link-types.ts';
import type { Json } from './json.ts';
import type { Renderer } from './render.ts';
import type { JiraStore } from './store.ts';

export function addSiteRoutes(app: EmulatorApp, store: JiraStore, renderer: Renderer): void {
  const { site } = store;
  const base = `https://${site.host}/rest/api/3`;
  const projectOf = (idOrKey: string) =>
    store.projects.values().find(({ id, key }) => id === idOrKey || key === idOrKey);

  app.get('/rest/api/3/myself', () =>
    Response.json({
      ...renderer.user(site.caller.accountId),
      emailAddress: site.caller.email,
      timeZone: site.caller.timeZone,
      locale: 'en_US',
      expand: 'groups,applicationRoles',
    }),
  );
  app.get('/rest/api/3/serverInfo', () =>
    Response.json({
      baseUrl: `https://${site.host}`,
      version: '1001.0.0-SNAPSHOT',
      versionNumbers: [1001, 0, 0],
      deploymentType: 'Cloud',
      buildNumber: 100_276,
      serverTime: store.zone.stamp(store.now()),
      serverTitle: 'Jira',
    }),
  );
  app.get('/rest/api/3/field', () =>
    Response.json([...systemFields, ...site.fields.map((field) => renderer.field(field))]),
  );
  app.get('/rest/api/3/status', () => Response.json(site.statuses.map(({ id }) => renderer.status(id))));
  app.get('/rest/api/3/issuetype', () => Response.json(site.issueTypes.map(({ id }) => renderer.issueType(id))));
  app.get('/rest/api/3/issueLinkType', () => Response.json({ issueLinkTypes: linkTypeList(base) }));

  app.get('/rest/api/3/users/search', (context) => {
    const { startAt, maxResults } = offsetPage(context, 50, 1_000);
    return Response.json(
      site.users.slice(startAt, startAt + maxResults).map(({ accountId }) => renderer.user(accountId)),
    );
  });

  app.get('/rest/api/3/project/search', (context) => {
    const { startAt, maxResults } = offsetPage(context, 50, 100);
    const list = (name: string): string[] => (context.req.queries(name) ?? []).flatMap((value) => value.split(','));
    const [keys, ids] = [list('keys'), list('id')];
    const chosen = [...store.projects.values()]
      .filter(({ key, id }) => (keys.length === 0 || keys.includes(key)) && (ids.length === 0 || ids.includes(id)))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const options = { properties: list('properties'), expand: list('expand') };
    const values = chosen.slice(startAt, startAt + maxResults).map((project) => renderer.project(project, options));
    const isLast = startAt + values.length >= chosen.length;
    return Response.json({ self: `${base}/project/search`, startAt, maxResults, total: chosen.length, isLast, values });
  });
  app.get('/rest/api/3/project/:project', (context) => {
    const project = projectOf(context.req.param('project'));
    if (!project) return noProject();
    return Response.json(renderer.project(project, { properties: [], expand: ['description', 'lead'] }));
  });
  app.get('/rest/api/3/project/:project/versions', (context) => {
    const project = projectOf(context.req.param('project'));
    if (!project) return noProject();
    return Response.json((project.versions ?? []).map((version) => renderer.version(version, project)));
  });
  app.get('/rest/api/3/project/:project/properties/:name', (context) => {
    const value = projectOf(context.req.param('project'))?.properties?.[context.req.param('name')];
    if (value === undefined) return refuse(404, 'The property was not found.');
    return Response.json({ key: context.req.param('name'), value });
  });
}

const noProject = (): Response => refuse(404, 'No project could be found with that id or key.');

const systemFields: Json[] = (
  [
    ['summary', 'Summary', 'string'],
    ['description', 'Description', 'string'],
    ['issuetype', 'Issue Type', 'issuetype'],
    ['project', 'Project', 'project'],
    ['status', 'Status', 'status'],
    ['assignee', 'Assignee', 'user'],
    ['reporter', 'Reporter', 'user'],
    ['labels', 'Labels', 'array'],
    ['created', 'Created', 'datetime'],
    ['updated', 'Updated', 'datetime'],
    ['duedate', 'Due date', 'date'],
    ['resolutiondate', 'Resolved', 'datetime'],
    ['fixVersions', 'Fix versions', 'array'],
    ['parent', 'Parent', 'issuelink'],
    ['priority', 'Priority', 'priority'],
    ['timeoriginalestimate', 'Original estimate', 'number'],
    ['timeestimate', 'Remaining Estimate', 'number'],
    ['timespent', 'Time Spent', 'number'],
  ] as const
).map(([id, name, type]) => ({
  id,
  key: id,
  name,
  custom: false,
  orderable: true,
  navigable: true,
  searchable: true,
  clauseNames: [id],
  schema: { type, system: id },
}));
