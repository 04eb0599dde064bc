import { defineStream, HubError, type Listed, type Page, type Presence, type Sight } from '@plumbline/connector';
import type { JiraConfig, JiraSecrets } from './config.ts';
import { changedAt, isInScope, readDetails, type Details } from './issue-details.ts';
import { mapIssue } from './issue.map.ts';
import { issueViews } from './issue.views.ts';
import { issueRawSchema, type IssueRaw } from './issue-raw.ts';
import { jiraApi, type JiraApi, type SearchPage } from './jira-api.ts';
import type { JiraContext } from './jira-client.ts';
import { areDue, changedStatuses, noted } from './issue-statuses.ts';
import { createProgress, issuesCursor, issuesWorth, type IssuesCursor } from './issue-progress.ts';
import { censusJql, changesJql, everythingJql, zoneOf } from './jql.ts';

const SEARCH_PAGE = 200;
const CENSUS_PAGE = 5_000;
/** As many as a query names. */
const MOST_STATUSES = 100;

async function* pollIssues(context: JiraContext, cursor: IssuesCursor | null): AsyncIterable<Page> {
  const { config, since, clock } = context;
  const api = await jiraApi(context);
  const zone = zoneOf((await api.myself()).timeZone);
  const readStatuses = once(() => api.statuses());
  const known = cursor?.statuses;
  const statuses = known && !areDue(known, clock.now()) ? known : noted(await readStatuses(), clock.now());
  const renamed = changedStatuses(known, statuses);
  const query = { projects: config.projects, since, zone };
  // So many of them are the whole site.
  const jql = changesJql(renamed.length > MOST_STATUSES ? { ...query, since: null } : { ...query, statuses: renamed });
  // A token belongs to its query: another zone or other projects since then, and the read starts over.
  const resumed = cursor?.reading?.jql === jql ? cursor.reading : undefined;
  if (!cursor?.since && !resumed) context.expect(await api.count(everythingJql(config.projects)));

  const progress = createProgress({ cursor, resumed, zone, jql, statuses, again: renamed.length > 0 });
  const statusCategories = async () => categoriesOf(await readStatuses());
  let owed = cursor?.owed ?? [];
  let next: Promise<SearchPage> | null = firstPage({ api, context, jql, token: resumed?.token });
  while (next) {
    const found: SearchPage = await next;
    const token = found.next;
    // The next page is asked for while this one's details are on their way.
    next = token === null ? null : quietly(search(api, jql, token));
    const entries = found.issues.map((issue) => ({ id: issue.id, updated: updatedOf(issue) }));
    const fresh = entries.filter((entry) => !progress.knows(entry)).map(({ id }) => id);
    const ids = [...new Set([...owed, ...fresh])];
    owed = [];
    const details = await readDetails({ api, context, ids, statusCategories });
    progress.note(entries, details);
    yield page(details, found, progress.cursorBehind(token));
  }
}

function page(details: Details, found: SearchPage, cursor: IssuesCursor): Page {
  const warnings = (found.warnings ?? []).map((warning) => ({
    id: null,
    reason: `Jira warns that the search is incomplete: ${JSON.stringify(warning).slice(0, 300)}`,
  }));
  const skipped = [...details.skipped, ...warnings];
  return {
    records: details.records,
    cursor,
    complete: cursor.reading === undefined,
    ...(skipped.length === 0 ? {} : { skipped }),
  };
}

/** The first page, from the token when there is one; a token that Jira no longer takes starts the read over. */
async function firstPage(input: {
  api: JiraApi;
  context: JiraContext;
  jql: string;
  token: string | undefined;
}): Promise<SearchPage> {
  const { api, context, jql, token } = input;
  if (token === undefined) return search(api, jql);
  try {
    return await search(api, jql, token);
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'BAD_INPUT') throw error;
    context.logger.warn({ jql }, 'Jira no longer takes the page token of an interrupted read; it starts over.');
    return search(api, jql);
  }
}

function search(api: JiraApi, jql: string, token?: string): Promise<SearchPage> {
  return api.search({ jql, fields: ['updated'], maxResults: SEARCH_PAGE, token });
}

function updatedOf(issue: SearchPage['issues'][number]): number | null {
  const at = changedAt(issue);
  return at === null ? null : Temporal.Instant.from(at).epochMilliseconds;
}

function categoriesOf(statuses: Awaited<ReturnType<JiraApi['statuses']>>): ReadonlyMap<string, string> {
  return new Map(statuses.map(({ id, statusCategory }) => [id, statusCategory.key]));
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let reading: Promise<Value> | null = null;
  return () => (reading ??= read());
}

/** A promise that nobody may come to await, when the reader stops between two pages, must not end the process. */
function quietly<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

/**
 * All ids, 5,000 a page; then with its time what changed since it may have been missed. Asked for the times of all, Jira gives
 * far fewer on a page.
 */
async function* listIssues(context: JiraContext): AsyncIterable<readonly Listed[]> {
  const api = await jiraApi(context);
  const { projects } = context.config;
  for await (const issues of pagesOf(api, { jql: censusJql(projects), fields: ['id'] }))
    yield issues.map(({ id }) => id);
  const { since } = context;
  if (since === null) return;
  const zone = zoneOf((await api.myself()).timeZone);
  for await (const issues of pagesOf(api, { jql: changesJql({ projects, since, zone }), fields: ['updated'] })) {
    yield issues.map((issue) => ({ id: issue.id, changedAt: changedAt(issue) }));
  }
}

async function* pagesOf(
  api: JiraApi,
  query: { jql: string; fields: string[] },
): AsyncIterable<readonly SearchPage['issues'][number][]> {
  let token: string | undefined;
  do {
    const page: SearchPage = await api.search({ ...query, maxResults: CENSUS_PAGE, token });
    yield page.issues;
    token = page.next ?? undefined;
  } while (token !== undefined);
}

/** What a poll would have brought of these. */
async function lookAtIssues(context: JiraContext, ids: readonly string[]): Promise<Sight> {
  const api = await jiraApi(context);
  return readDetails({ api, context, ids, statusCategories: async () => categoriesOf(await api.statuses()) });
}

/** An id that bulk fetch leaves out is deleted or hidden, Jira does not say which; so is one in a project that is not read. */
async function confirmIssues(context: JiraContext, ids: readonly string[]): Promise<Presence[]> {
  const api = await jiraApi(context);
  const present = new Set<string>();
  for (let first = 0; first < ids.length; first += 100) {
    const { issues, issueErrors } = await api.issues(ids.slice(first, first + 100), ['project']);
    for (const issue of issues) if (isInScope(issue, context.config)) present.add(issue.id);
    // What could not be read just now is not missing.
    for (const { id } of issueErrors ?? []) if (id !== undefined) present.add(id);
  }
  return ids.map((id) => ({ id, state: present.has(id) ? 'PRESENT' : 'ABSENT' }));
}

export const issuesStream = defineStream<JiraConfig, JiraSecrets, IssueRaw, IssuesCursor>({
  name: 'issues',
  description: 'Issues with their whole changelog, as work items, change requests, risks or milestones.',
  kinds: ['workItem', 'changeRequest', 'risk', 'milestone'],
  raw: issueRawSchema,
  cursor: issuesCursor,
  worth: issuesWorth,
  // Payloads hold every field, but which conditions an issue matches is asked when it is read.
  fetches: ({ projects, changeRequests, risks, milestones }) => [
    projects,
    changeRequests.jql,
    risks.jql,
    milestones.jql,
  ],
  poll: pollIssues,
  census: listIssues,
  confirm: confirmIssues,
  look: lookAtIssues,
  map: mapIssue,
  views: issueViews,
});
