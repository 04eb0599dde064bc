import { z } from 'zod';
import { adfText } from '../src/adf-text.ts';
import type { IssuePatch } from './inputs.ts';
import type { JiraStore } from './store.ts';

const account = z.looseObject({ accountId: z.string().nullish(), id: z.string().nullish() }).nullable();
const named = z.looseObject({ id: z.string(), key: z.string(), name: z.string() }).partial();

/** `fields` of a create or edit request; custom fields pass through. */
export const issueFieldsSchema = z
  .looseObject({
    summary: z.string().max(255),
    // v3 refuses plain text here.
    description: z.looseObject({ type: z.literal('doc') }).nullable(),
    project: named,
    issuetype: named,
    assignee: account,
    reporter: account,
    parent: named.nullable(),
    labels: z.array(z.string().regex(/^\S+$/, 'must not contain spaces')),
    fixVersions: z.array(named),
    duedate: z.iso.date().nullable(),
    timetracking: z.looseObject({ originalEstimate: z.string(), remainingEstimate: z.string() }).partial(),
  })
  .partial();
export type IssueFields = z.output<typeof issueFieldsSchema>;

/** What the fields of a request change; a status among them is ignored. */
export function patchFromFields(fields: IssueFields, { site, issues }: JiraStore): IssuePatch {
  const { summary, description, assignee, reporter, parent, labels, fixVersions, duedate, timetracking, issuetype } =
    fields;
  const reporterId = reporter?.accountId ?? reporter?.id;
  const typeId = site.issueTypes.find(({ id, name }) => id === issuetype?.id || name === issuetype?.name)?.id;
  const custom = Object.entries(fields).filter(([name]) => site.fields.some(({ id }) => id === name));
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description: adfText(description) }),
    ...(assignee === undefined ? {} : { assigneeAccountId: assignee?.accountId ?? assignee?.id ?? null }),
    ...(reporterId ? { reporterAccountId: reporterId } : {}),
    ...(typeId === undefined ? {} : { typeId }),
    ...(parent === undefined
      ? {}
      : { parentId: parent?.id ?? (parent?.key ? (issues.idOfKey(parent.key) ?? null) : null) }),
    ...(labels === undefined ? {} : { labels }),
    ...(fixVersions === undefined ? {} : { fixVersionIds: fixVersions.flatMap(({ id }) => id ?? []) }),
    ...(duedate === undefined ? {} : { dueDate: duedate }),
    ...(timetracking?.originalEstimate === undefined
      ? {}
      : { originalEstimateSeconds: seconds(timetracking.originalEstimate) }),
    ...(timetracking?.remainingEstimate === undefined
      ? {}
      : { remainingEstimateSeconds: seconds(timetracking.remainingEstimate) }),
    ...(custom.length === 0 ? {} : { custom: Object.fromEntries(custom) }),
  };
}

/** "1w 2d 3h 4m" in Jira's default calendar: 5 days of 8 hours. */
export function seconds(text: string): number {
  const units: Record<string, number> = { w: 144_000, d: 28_800, h: 3_600, m: 60 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)\s*([wdhm])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
}
