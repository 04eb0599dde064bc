import { defineStream, HubError, type Page, type Presence, type RawRecord, type Sight } from '@plumbline/connector';
import { z } from 'zod';
import type { JiraConfig, JiraSecrets } from './config.ts';
import { readDetails, type Details } from './issue-details.ts';
import { mapIssue } from './issue.map.ts';
import { issueViews } from './issue.views.ts';
import { issueRawSchema, type IssueRaw } from './issue-raw.ts';
import { jiraApi, type JiraApi, type SearchPage } from './jira-api.ts';
import type { JiraContext } from './jira-client.ts';
import { readInstant } from './jira-time.ts';
import { censusJql, changesJql, everythingJql, unambiguousMinute } from './jql.ts';
import { mostSeen, recentlySeen } from './seen.ts';

const seenSchema = z.record(z.string(), z.number().int());

/**
 * While a read goes on, its place is Jira's own page token: `updated` of a page may already be newer than the page's
 * place in the search index, and going on from it could skip what lies between. `since` moves when a read is through.
 */
const issuesCursor = z.strictObject({
  /** The newest `updated` seen by reads that came to their end. */
  since: z.string().optional(),
  /** Issues near `since` and when they had changed, so that reading the overlap again costs no details. */
  seen: seenSchema.optional(),
  /** A read that is under way. */
  reading: z
    .strictObject({ jql: z.string(), token: z.string(), newest: z.string().optional(), seen: seenSchema })
    .optional(),
});
export type IssuesCursor = z.output<typeof issuesCursor>;

const worth = {
  // JQL compares minutes.
  granularityMs: 60_000,
  // Search shows a change within seconds to minutes.
  lagMs: 5 * 60_000,
  zone: 'account',
  tieBreaker: 'id',
} as const;
const OVERLAP_MS = worth.granularityMs + worth.lagMs;

const projectSchema = z.looseObject({ fields: z.looseObject({ project: z.looseObject({ key: z.string() }) }) });

const SEARCH_PAGE = 200;
const CENSUS_PAGE = 5_000;

async function* pollIssues(context: JiraContext, cursor: IssuesCursor | null): AsyncIterable<Page> {
  const { config, since } = context;
  const api = await jiraApi(context);
  const { timeZone: zone } = await api.myself();
  const jql = changesJql({ projects: config.projects, since, zone });
  // A token belongs to its query: another zone or other projects since then, and the read starts over.
  const resumed = cursor?.reading?.jql === jql ? cursor.reading : undefined;
  if (!cursor?.since && !resumed) context.expect(await api.count(everythingJql(config.projects)));

  const progress = createProgress({ cursor, resumed, zone, jql });
  const statusCategories = once(() => categoriesOf(api));
  let next: Promise<SearchPage> | null = firstPage({ api, context, jql, token: resumed?.token });
  while (next) {
    const found: SearchPage = await next;
    const token: string | null = nextToken(found);
    // The next page is asked for while this one's details are on their way.
    next = token === null ? null : quietly(search(api, jql, token));
    const entries = found.issues.map(({ id, fields }) => ({ id, updated: updatedOf(fields) }));
    const ids = entries.filter((entry) => !progress.knows(entry)).map(({ id }) => id);
    const details = await readDetails({ api, context, ids, statusCategories });
    progress.note(entries, new Set(details.records.map(({ id }) => id)));
    yield page(details, found, progress.cursorBehind(token));
  }
}

interface Entry {
  id: string;
  /** Epoch milliseconds; null when it cannot be read. */
  updated: number | null;
}

interface Progress {
  /** Whether this very version was delivered before. */
  knows(entry: Entry): boolean;
  /** `delivered` are those whose details arrived: others will be looked at again. */
  note(entries: readonly Entry[], delivered: ReadonlySet<string>): void;
  /** A null token is the end of the read. */
  cursorBehind(token: string | null): IssuesCursor;
}

/** What a read has seen so far, on top of what the cursor it started from knew. */
function createProgress(input: {
  cursor: IssuesCursor | null;
  resumed: IssuesCursor['reading'];
  zone: string;
  jql: string;
}): Progress {
  const { cursor, resumed, zone, jql } = input;
  const known = { ...cursor?.seen, ...resumed?.seen };
  const sightings = new Map(Object.entries(known));
  let newest = latest(cursor?.since, resumed?.newest);
  const knows = ({ id, updated }: Entry): boolean => updated !== null && known[id] === updated;
  const seenUpTo = (since: string, most: number) => recentlySeen(sightings, nextStart(since, zone), most);
  return {
    knows,
    note(entries, delivered) {
      for (const entry of entries) {
        if (entry.updated === null) continue;
        newest = latest(newest, Temporal.Instant.fromEpochMilliseconds(entry.updated).toString());
        if (delivered.has(entry.id) || knows(entry)) sightings.set(entry.id, entry.updated);
      }
    },
    cursorBehind(token) {
      if (token === null) {
        return newest === undefined ? {} : { since: newest, seen: seenUpTo(newest, mostSeen.atTheEnd) };
      }
      const place = newest === undefined ? { seen: {} } : { newest, seen: seenUpTo(newest, mostSeen.betweenPages) };
      return { ...settled(cursor), reading: { jql, token, ...place } };
    },
  };
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

/** A short page is not the end; only a missing token is. */
function nextToken({ isLast, nextPageToken }: SearchPage): string | null {
  return isLast === true ? null : (nextPageToken ?? null);
}

function updatedOf(fields: unknown): number | null {
  const updated = typeof fields === 'object' && fields !== null && 'updated' in fields ? fields.updated : null;
  return readInstant(updated)?.epochMilliseconds ?? null;
}

function settled(cursor: IssuesCursor | null): IssuesCursor {
  return cursor?.since === undefined ? {} : { since: cursor.since, ...(cursor.seen ? { seen: cursor.seen } : {}) };
}

/** Where the poll after this one will start to read. */
function nextStart(newest: string, zone: string): number {
  const since = Temporal.Instant.from(newest).subtract({ milliseconds: OVERLAP_MS });
  return unambiguousMinute(since, zone).toZonedDateTime(zone).epochMilliseconds;
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Temporal.Instant.compare(a, b) < 0 ? b : a;
}

async function categoriesOf(api: JiraApi): Promise<ReadonlyMap<string, string>> {
  return new Map((await api.statuses()).map(({ id, statusCategory }) => [id, statusCategory.key]));
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

async function* issueIds(context: JiraContext): AsyncIterable<readonly string[]> {
  const api = await jiraApi(context);
  const jql = censusJql(context.config.projects);
  let token: string | undefined;
  do {
    const found: SearchPage = await api.search({ jql, fields: ['id'], maxResults: CENSUS_PAGE, token });
    yield found.issues.map(({ id }) => id);
    token = nextToken(found) ?? undefined;
  } while (token !== undefined);
}

/** What a poll would have brought of these; an issue that has moved out of the configured projects is out of sight. */
async function lookAtIssues(context: JiraContext, ids: readonly string[]): Promise<Sight> {
  const api = await jiraApi(context);
  const { projects } = context.config;
  const { records, skipped } = await readDetails({
    api,
    context,
    ids,
    statusCategories: once(() => categoriesOf(api)),
  });
  const within = ({ payload }: RawRecord): boolean => {
    const key = projectSchema.safeParse((payload as { issue: unknown }).issue).data?.fields.project.key;
    return projects.length === 0 || key === undefined || projects.includes(key);
  };
  return { records: records.filter(within), skipped };
}

/** An id that bulk fetch leaves out is deleted or hidden, Jira does not say which; one in another project is out of sight. */
async function confirmIssues(context: JiraContext, ids: readonly string[]): Promise<Presence[]> {
  const api = await jiraApi(context);
  const { projects } = context.config;
  const present = new Set<string>();
  for (let first = 0; first < ids.length; first += 100) {
    const { issues, issueErrors } = await api.issues(ids.slice(first, first + 100), ['project']);
    for (const issue of issues) {
      const key = projectSchema.safeParse(issue).data?.fields.project.key;
      if (projects.length === 0 || key === undefined || projects.includes(key)) present.add(issue.id);
    }
    // What could not be read just now is not missing.
    for (const { id } of issueErrors ?? []) if (id !== undefined) present.add(id);
  }
  return ids.map((id) => ({ id, state: present.has(id) ? 'PRESENT' : 'INVISIBLE' }));
}

export const issuesStream = defineStream<JiraConfig, JiraSecrets, IssueRaw, IssuesCursor>({
  name: 'issues',
  description: 'Issues with their whole changelog, as work items, change requests, risks or milestones.',
  kinds: ['workItem', 'changeRequest', 'risk', 'milestone'],
  raw: issueRawSchema,
  cursor: issuesCursor,
  worth,
  // Payloads hold every field, but which conditions an issue matches is asked when it is read.
  fetches: ({ projects, changeRequests, risks, milestones }) => [
    projects,
    changeRequests.jql,
    risks.jql,
    milestones.jql,
  ],
  poll: pollIssues,
  census: issueIds,
  confirm: confirmIssues,
  look: lookAtIssues,
  map: mapIssue,
  views: issueViews,
});
