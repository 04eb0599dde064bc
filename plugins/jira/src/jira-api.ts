import { HubError } from '@plumbline/connector';
import { z } from 'zod';
import { nextToken, readerOf } from './answers.ts';
import { jiraClient, type JiraContext } from './jira-client.ts';

const entry = z.looseObject({ id: z.string() });
const named = z.looseObject({ id: z.string(), name: z.string() });

const account = z.looseObject({ accountId: z.string(), displayName: z.string(), timeZone: z.string().nullish() });
const searchPage = z.looseObject({
  issues: z.array(z.looseObject({ id: z.string(), fields: z.unknown().optional() })),
  isLast: z.boolean().optional(),
  nextPageToken: z.string().nullish(),
  warnings: z.array(z.unknown()).optional(),
});
const bulkIssues = z.looseObject({
  issues: z.array(entry),
  issueErrors: z.array(z.looseObject({ id: z.string().optional(), errorMessage: z.string().optional() })).nullish(),
});
const bulkChangelogs = z.looseObject({
  issueChangeLogs: z.array(z.looseObject({ issueId: z.string(), changeHistories: z.array(z.unknown()) })),
  nextPageToken: z.string().nullish(),
});
const worklogFeed = z.looseObject({
  values: z.array(z.looseObject({ worklogId: z.number(), updatedTime: z.number() })),
  until: z.number().optional(),
  lastPage: z.boolean(),
});
const projectPage = z.looseObject({
  values: z.array(entry),
  isLast: z.boolean().optional(),
  total: z.number().optional(),
});
const matches = z.looseObject({
  matches: z.array(z.looseObject({ matchedIssues: z.array(z.number()), errors: z.array(z.string()) })),
});
const statuses = z.array(named.extend({ statusCategory: z.looseObject({ key: z.string() }) }));
const fields = z.array(
  named.extend({
    custom: z.boolean().default(false),
    schema: z.looseObject({ type: z.string(), custom: z.string().optional() }).optional(),
    /** The team-managed project that it belongs to alone, where others have one of the same name. */
    scope: z.looseObject({ project: z.looseObject({ id: z.string() }).optional() }).nullish(),
  }),
);
const linkTypes = z.looseObject({
  issueLinkTypes: z.array(z.looseObject({ inward: z.string(), outward: z.string() })),
});

export type WorklogFeed = z.output<typeof worklogFeed>;
/** `next` is the token of the page behind it; null behind the last. */
export type SearchPage = z.output<typeof searchPage> & { next: string | null };
export type Entry = z.output<typeof entry>;

/** The calls that the streams make, with only the envelopes checked: a record's own members are the mapping's business. */
export interface JiraApi {
  /** Whose token it is, and the zone in which JQL reads dates, where the profile shows it. */
  myself(): Promise<z.output<typeof account>>;
  search(query: { jql: string; fields: string[]; maxResults: number; token?: string | undefined }): Promise<SearchPage>;
  count(jql: string): Promise<number>;
  /** Of each query, which of the issues it matches; a query that Jira cannot read throws BAD_CONFIG. */
  match(jqls: readonly string[], issueIds: readonly string[]): Promise<ReadonlySet<string>[]>;
  /** At most 100; what is hidden or gone is left out. */
  issues(ids: readonly string[], fields: readonly string[]): Promise<z.output<typeof bulkIssues>>;
  /** Whole changelogs of at most 1,000 issues, oldest entry first. */
  changelogs(ids: readonly string[]): Promise<ReadonlyMap<string, unknown[]>>;
  worklogFeed(feed: 'updated' | 'deleted', since: number): Promise<WorklogFeed>;
  /** At most 1,000; what is hidden or gone is left out. */
  worklogs(ids: readonly number[]): Promise<Entry[]>;
  users(startAt: number, maxResults: number): Promise<z.output<typeof z.unknown>[]>;
  projects(page: {
    startAt: number;
    keys: readonly string[];
    properties: readonly string[];
  }): Promise<z.output<typeof projectPage>>;
  versions(projectId: string): Promise<Entry[]>;
  statuses(): Promise<z.output<typeof statuses>>;
  /** With `schema.custom`, which tells what a custom field is made by. */
  fields(): Promise<z.output<typeof fields>>;
  issueTypes(): Promise<z.output<typeof named>[]>;
  /** The words of links, in both directions. */
  linkWords(): Promise<string[]>;
}

export async function jiraApi(context: JiraContext): Promise<JiraApi> {
  const client = await jiraClient(context);
  const read = readerOf(context.config.site);
  return {
    myself: async () => read('myself', account, await client.myself.getCurrentUser()),
    search: async ({ jql, fields, maxResults, token }) => {
      const found = await client.issueSearch.searchAndReconsileIssuesUsingJqlPost({
        jql,
        fields,
        maxResults,
        ...(token === undefined ? {} : { nextPageToken: token }),
      });
      const page = read('search/jql', searchPage, found);
      return { ...page, next: nextToken('search/jql', page, token) };
    },
    count: async (jql) =>
      read('approximate-count', z.looseObject({ count: z.number() }), await client.issueSearch.countIssues({ jql }))
        .count,
    match: async (jqls, issueIds) => {
      if (jqls.length === 0) return [];
      const answer = await client.issueSearch.matchIssues({ jqls: [...jqls], issueIds: issueIds.map(Number) });
      return read('jql/match', matches, answer).matches.map(({ matchedIssues, errors }, index) => {
        if (errors[0] !== undefined) throw unreadable(jqls[index] ?? '', errors[0]);
        return new Set(matchedIssues.map(String));
      });
    },
    issues: async (ids, fields) => {
      const answer = await client.issues.bulkFetchIssues({ issueIdsOrKeys: [...ids], fields: [...fields] });
      return read('issue/bulkfetch', bulkIssues, answer);
    },
    changelogs: async (ids) => {
      const whole = new Map<string, unknown[]>();
      for (let token: string | undefined; ;) {
        const answer = await client.issues.getBulkChangelogs({
          issueIdsOrKeys: [...ids],
          maxResults: 10_000,
          ...(token === undefined ? {} : { nextPageToken: token }),
        });
        const page = read('changelog/bulkfetch', bulkChangelogs, answer);
        for (const { issueId, changeHistories } of page.issueChangeLogs) {
          whole.set(issueId, [...(whole.get(issueId) ?? []), ...changeHistories]);
        }
        const next = nextToken('changelog/bulkfetch', page, token);
        if (next === null) return whole;
        token = next;
      }
    },
    worklogFeed: async (feed, since) => {
      const { getIdsOfWorklogsModifiedSince: updated, getIdsOfWorklogsDeletedSince: deleted } = client.issueWorklogs;
      return read(`worklog/${feed}`, worklogFeed, await (feed === 'updated' ? updated : deleted)({ since }));
    },
    worklogs: async (ids) =>
      read('worklog/list', z.array(entry), await client.issueWorklogs.getWorklogsForIds({ ids: [...ids] })),
    users: async (startAt, maxResults) =>
      read('users/search', z.array(z.unknown()), await client.users.getAllUsers({ startAt, maxResults })),
    projects: async ({ startAt, keys, properties }) => {
      const answer = await client.projects.searchProjects({
        startAt,
        maxResults: 50,
        orderBy: 'key',
        expand: 'description,lead',
        ...(keys.length === 0 ? {} : { keys: [...keys] }),
        // The vendor's schema calls a property key an empty object; it is a text.
        ...(properties.length === 0 ? {} : { properties: properties as unknown as Record<string, never>[] }),
      });
      return read('project/search', projectPage, answer);
    },
    versions: async (projectId) => {
      // jira.js puts path parameters into the address as they are.
      const projectIdOrKey = encodeURIComponent(projectId);
      return read(
        'project/versions',
        z.array(entry),
        await client.projectVersions.getProjectVersions({ projectIdOrKey }),
      );
    },
    statuses: async () => read('status', statuses, await client.workflowStatuses.getStatuses()),
    fields: async () => read('field', fields, await client.issueFields.getFields()),
    issueTypes: async () => read('issuetype', z.array(named), await client.issueTypes.getIssueAllTypes()),
    linkWords: async () => {
      const answer = read('issueLinkType', linkTypes, await client.issueLinkTypes.getIssueLinkTypes());
      return [...new Set(answer.issueLinkTypes.flatMap(({ outward, inward }) => [outward, inward]))];
    },
  };
}

function unreadable(jql: string, said: string): HubError {
  return new HubError({
    code: 'BAD_CONFIG',
    message: `Jira cannot read the configured JQL "${jql.slice(0, 200)}": ${said}`,
    remedy: 'Correct the `jql` of changeRequests, risks or milestones.',
  });
}
