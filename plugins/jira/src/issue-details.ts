import type { RawRecord } from '@plumbline/connector';
import { z } from 'zod';
import type { JiraConfig } from './config.ts';
import { configuredJql } from './issue-kind.ts';
import { tidyHistory } from './issue-raw.ts';
import type { Entry, JiraApi } from './jira-api.ts';
import type { JiraContext } from './jira-client.ts';
import { readInstant } from './jira-time.ts';

/** Everything of an issue but what grows without bound, what depends on who looks, and what says nothing. */
const FIELDS = ['*all', '-comment', '-worklog', '-attachment', '-lastViewed', '-watches', '-votes', '-thumbnail'];

/** Issues that Jira answers in one go. */
const BULK = 100;

export interface Details {
  /** In the order asked for; what is gone, hidden or in another project by now is missing. */
  records: RawRecord[];
  skipped: { id: string | null; reason: string }[];
}

/** Reads issues whole: fields, every changelog entry, and which configured JQL they match. */
export async function readDetails(input: {
  api: JiraApi;
  context: JiraContext;
  ids: readonly string[];
  /** Category key by status id. */
  statusCategories(): Promise<ReadonlyMap<string, string>>;
}): Promise<Details> {
  const { api, ids } = input;
  if (ids.length === 0) return { records: [], skipped: [] };
  const jqls = configuredJql(input.context.config);
  const [bulks, changelogs, matches, categories] = await Promise.all([
    Promise.all(chunks(ids).map((chunk) => fetchIssues(api, chunk))),
    api.changelogs(ids),
    api.match(jqls, ids),
    input.statusCategories(),
  ]);
  const issues = new Map(bulks.flatMap((bulk) => bulk.issues).map((issue) => [issue.id, issue]));
  const records = ids.flatMap((id) => {
    const issue = issues.get(id);
    if (!issue || !isInScope(issue, input.context.config)) return [];
    const changelog = (changelogs.get(id) ?? []).map(tidyHistory);
    const matched = Object.fromEntries(jqls.map((jql, index) => [jql, matches[index]?.has(id) ?? false]));
    const payload = { issue, changelog, statusCategories: categoriesIn(changelog, categories), matched };
    return [{ id, changedAt: changedAt(issue), payload }];
  });
  return { records, skipped: bulks.flatMap((bulk) => bulk.skipped) };
}

const projectSchema = z.looseObject({ fields: z.looseObject({ project: z.looseObject({ key: z.string() }) }) });

/** Whether an issue is in the projects that are read; one that does not say where it is belongs to quarantine. */
export function isInScope(issue: Entry, { projects }: Pick<JiraConfig, 'projects'>): boolean {
  const key = projectSchema.safeParse(issue).data?.fields.project.key;
  return projects.length === 0 || key === undefined || projects.includes(key);
}

/** What Jira says may work on another try is tried once more, then reported. */
async function fetchIssues(
  api: JiraApi,
  ids: readonly string[],
): Promise<{ issues: Entry[]; skipped: Details['skipped'] }> {
  const first = await api.issues(ids, FIELDS);
  const failed = failuresOf(first, ids);
  if (failed.length === 0) return { issues: first.issues, skipped: [] };
  const failedIds = failed.map(({ id }) => id);
  const again = await api.issues(failedIds, FIELDS);
  return { issues: [...first.issues, ...again.issues], skipped: failuresOf(again, failedIds) };
}

/** An error that names no issue may be that of any one that did not come. */
function failuresOf(
  { issues, issueErrors }: Awaited<ReturnType<JiraApi['issues']>>,
  asked: readonly string[],
): { id: string; reason: string }[] {
  if (!issueErrors?.length) return [];
  const said = new Map(issueErrors.map(({ id, errorMessage }) => [id, errorMessage]));
  const given = new Set(issues.map(({ id }) => id));
  const failed = said.has(undefined)
    ? asked.filter((id) => !given.has(id))
    : [...said.keys()].flatMap((id) => id ?? []);
  return failed.map((id) => ({
    id,
    reason: `Jira could not read it: ${said.get(id) ?? said.get(undefined) ?? 'no reason given'}`,
  }));
}

function chunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / BULK) }, (_, index) =>
    ids.slice(index * BULK, (index + 1) * BULK),
  );
}

/** When an issue last changed, as text in UTC; null where it does not say. */
export function changedAt({ fields }: Entry): string | null {
  const updated = typeof fields === 'object' && fields !== null && 'updated' in fields ? fields.updated : null;
  return readInstant(updated)?.toString() ?? null;
}

/** Only what this changelog names, so that a new status somewhere does not change every payload. */
function categoriesIn(changelog: readonly unknown[], categories: ReadonlyMap<string, string>): Record<string, string> {
  const named = changelog.flatMap((history) => {
    const items = (history as { items?: unknown } | null)?.items;
    return Array.isArray(items) ? (items as Record<string, unknown>[]) : [];
  });
  const ids = named.flatMap((item) =>
    String(item?.['fieldId'] ?? item?.['field']).toLowerCase() === 'status' ? [item['from'], item['to']] : [],
  );
  return Object.fromEntries(
    [...new Set(ids)].sort().flatMap((id) => {
      const category = typeof id === 'string' ? categories.get(id) : undefined;
      return category === undefined ? [] : [[String(id), category]];
    }),
  );
}
