import type { EmulatorApp } from '@plumbline/emulator';
import { z } from 'zod';
import { missing, offsetPage, readBody, refuse } from './http.ts';
import type { IssuePatch } from './inputs.ts';
import { issueFieldsSchema, patchFromFields } from './issue-fields.ts';
import type { Json } from './json.ts';
import type { Renderer } from './render.ts';
import type { JiraIssue } from './seed.ts';
import type { JiraStore } from './store.ts';

const bulkFetchBody = z.strictObject({
  issueIdsOrKeys: z.array(z.string()).min(1).max(100),
  fields: z.array(z.string()).optional(),
  expand: z.array(z.string()).optional(),
  properties: z.array(z.string()).optional(),
  fieldsByKeys: z.boolean().optional(),
});

const bulkChangelogBody = z.strictObject({
  issueIdsOrKeys: z.array(z.string()).min(1).max(1_000),
  fieldIds: z.array(z.string()).max(10).optional(),
  maxResults: z.number().int().min(1).max(10_000).default(1_000),
  nextPageToken: z.string().optional(),
});

export function addIssueRoutes(app: EmulatorApp, store: JiraStore, renderer: Renderer): void {
  const find = (idOrKey: string): JiraIssue | undefined => findIssue(store, idOrKey);

  app.post('/rest/api/3/issue/bulkfetch', async (context) => {
    const parsed = bulkFetchBody.safeParse(await readBody(context));
    if (!parsed.success) return refuse(400, parsed.error);
    const { issueIdsOrKeys, fields = ['*all'], expand = [] } = parsed.data;
    // What does not exist or is not visible is left out without a word; the order is by id.
    const found = new Map(issueIdsOrKeys.flatMap((idOrKey) => find(idOrKey) ?? []).map((issue) => [issue.id, issue]));
    const issues = [...found.values()]
      .sort((a, b) => Number(a.id) - Number(b.id))
      .map((issue) => ({
        ...renderer.issue(issue, fields),
        ...(expand.includes('changelog') ? { changelog: embeddedChangelog(issue, renderer) } : {}),
      }));
    return Response.json({ expand: 'names,schema', issues, issueErrors: [] });
  });

  app.post('/rest/api/3/changelog/bulkfetch', async (context) => {
    const parsed = bulkChangelogBody.safeParse(await readBody(context));
    if (!parsed.success) return refuse(400, parsed.error);
    return Response.json(bulkChangelog({ store, renderer, request: parsed.data }));
  });

  app.get('/rest/api/3/issue/:issue/changelog', (context) => {
    const issue = find(context.req.param('issue'));
    if (!issue) return missing();
    const { startAt, maxResults } = offsetPage(context, 100, 100);
    const total = issue.history.length;
    const values = issue.history.slice(startAt, startAt + maxResults).map((each) => renderer.history(each, 'text'));
    return Response.json({ startAt, maxResults, total, isLast: startAt + values.length >= total, values });
  });

  app.get('/rest/api/3/issue/:issue', (context) => {
    const issue = find(context.req.param('issue'));
    if (!issue) return missing();
    const fields = context.req.queries('fields')?.flatMap((value) => value.split(',')) ?? ['*all'];
    return Response.json(renderer.issue(issue, fields));
  });
  addIssueWrites(app, store, renderer);
}

function addIssueWrites(app: EmulatorApp, store: JiraStore, renderer: Renderer): void {
  const { site } = store;
  const self = (issue: JiraIssue): string => `https://${site.host}/rest/api/3/issue/${issue.id}`;

  app.post('/rest/api/3/issue', async (context) => {
    const body = z.looseObject({ fields: issueFieldsSchema }).safeParse(await readBody(context));
    if (!body.success) return refuse(400, body.error);
    const { fields } = body.data;
    const project = store.projects
      .values()
      .find(({ id, key }) => id === fields.project?.id || key === fields.project?.key);
    const type = site.issueTypes.find(({ id, name }) => id === fields.issuetype?.id || name === fields.issuetype?.name);
    if (!project || !type || !fields.summary) return refuse(400, 'project, issuetype and summary are required.');
    const patch = patchFromFields(fields, store) as IssuePatch;
    const issue = store.createIssue({ ...patch, projectId: project.id, typeId: type.id, summary: fields.summary });
    return Response.json({ id: issue.id, key: issue.key, self: self(issue) }, { status: 201 });
  });

  app.put('/rest/api/3/issue/:issue', async (context) => {
    const issue = findIssue(store, context.req.param('issue'));
    if (!issue) return missing();
    const body = z.looseObject({ fields: issueFieldsSchema.default({}) }).safeParse(await readBody(context));
    if (!body.success) return refuse(400, body.error);
    // A status among the fields is ignored: it changes by a transition only.
    const saved = store.updateIssue(issue.id, patchFromFields(body.data.fields, store));
    if (context.req.query('returnIssue') === 'true') return Response.json(renderer.issue(saved, ['*all']));
    return new Response(null, { status: 204 });
  });

  app.delete('/rest/api/3/issue/:issue', (context) => {
    const issue = findIssue(store, context.req.param('issue'));
    if (!issue) return missing();
    store.deleteIssue(issue.id);
    return new Response(null, { status: 204 });
  });

  app.get('/rest/api/3/issue/:issue/transitions', (context) => {
    const issue = findIssue(store, context.req.param('issue'));
    if (!issue) return missing();
    const possible = site.statuses.filter(({ id }) => id !== issue.statusId);
    const transitions = possible.map(({ id, name }) => ({
      id,
      name,
      to: renderer.status(id),
      hasScreen: false,
      isGlobal: true,
      isInitial: false,
      isAvailable: true,
      isConditional: false,
      isLooped: false,
    }));
    return Response.json({ expand: 'transitions', transitions });
  });

  app.post('/rest/api/3/issue/:issue/transitions', async (context) => {
    const issue = findIssue(store, context.req.param('issue'));
    if (!issue) return missing();
    const body = z.looseObject({ transition: z.looseObject({ id: z.string() }) }).safeParse(await readBody(context));
    const to = body.success ? site.statuses.find(({ id }) => id === body.data.transition.id) : undefined;
    if (!to || to.id === issue.statusId)
      return refuse(400, 'It seems that you have tried to perform an illegal workflow operation.');
    store.updateIssue(issue.id, { statusId: to.id });
    return new Response(null, { status: 204 });
  });
}

export function findIssue(store: JiraStore, idOrKey: string): JiraIssue | undefined {
  return store.visible(idOrKey) ?? store.visible(store.issues.idOfKey(idOrKey) ?? '');
}

/** At most 40 entries, newest first, as Jira embeds them. */
function embeddedChangelog(issue: JiraIssue, renderer: Renderer): Json {
  const histories = issue.history
    .slice(-40)
    .reverse()
    .map((each) => renderer.history(each, 'text'));
  return { startAt: 0, maxResults: histories.length, total: issue.history.length, histories };
}

/** Entries of all issues in a row, oldest first, cut into pages; `created` is a number here and nowhere else. */
function bulkChangelog(input: {
  store: JiraStore;
  renderer: Renderer;
  request: z.output<typeof bulkChangelogBody>;
}): Json {
  const { issueIdsOrKeys, fieldIds, maxResults, nextPageToken } = input.request;
  const from = nextPageToken ? Number(Buffer.from(nextPageToken, 'base64url').toString()) : 0;
  const ids = new Set(issueIdsOrKeys.flatMap((idOrKey) => findIssue(input.store, idOrKey)?.id ?? []));
  const issueChangeLogs: { issueId: string; changeHistories: Json[] }[] = [];
  let position = 0;
  let more = false;
  for (const issueId of [...ids].sort((a, b) => Number(a) - Number(b))) {
    const all = input.store.issues.get(issueId)?.history ?? [];
    const entries = fieldIds
      ? all.filter(({ items }) => items.some(({ fieldId }) => fieldId && fieldIds.includes(fieldId)))
      : all;
    const start = Math.max(0, from - position);
    const chosen = entries.slice(start, Math.max(start, from + maxResults - position));
    if (chosen.length > 0) {
      issueChangeLogs.push({ issueId, changeHistories: chosen.map((each) => input.renderer.history(each, 'number')) });
    }
    position += entries.length;
    if (position > from + maxResults) {
      more = true;
      break;
    }
  }
  const token = Buffer.from(String(from + maxResults)).toString('base64url');
  return { issueChangeLogs, ...(more ? { nextPageToken: token } : {}) };
}
