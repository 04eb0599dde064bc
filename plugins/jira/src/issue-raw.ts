import { z } from 'zod';

const nullable = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? null);

const person = z.object({ accountId: z.string().min(1) });
const named = z.object({ id: z.string(), name: z.string() });
const status = named.extend({ statusCategory: z.object({ key: z.string() }) });
const linked = z.object({
  id: z.string(),
  fields: z.object({ issuetype: named.optional() }).optional(),
});
const link = z.object({
  type: z.object({ inward: z.string(), outward: z.string() }),
  inwardIssue: linked.optional(),
  outwardIssue: linked.optional(),
});

/** A change of one field. Jira calls the last member `toString`, which breaks every attempt to print the object. */
const change = z.object({
  field: z.string(),
  fieldId: z.string().nullish(),
  from: nullable(z.string()),
  fromText: nullable(z.string()),
  to: nullable(z.string()),
  toText: nullable(z.string()),
  /** Where `from` and `to` are names that people had before they had account ids. */
  tmpFromAccountId: nullable(z.string()),
  tmpToAccountId: nullable(z.string()),
});

/** Open, for the custom fields; everything else is read by its known members only, which is faster. */
const issueFields = z.looseObject({
  summary: z.string(),
  issuetype: named,
  project: z.object({ id: z.string() }),
  status,
  created: z.string(),
  updated: z.string(),
  description: z.unknown().optional(),
  reporter: nullable(person),
  /** Only told, nothing is made of it: one in another form is no reason to refuse the issue. */
  creator: nullable(person).catch(null),
  assignee: nullable(person),
  labels: z
    .array(z.string())
    .nullish()
    .transform((labels) => labels ?? []),
  duedate: nullable(z.iso.date()),
  resolutiondate: nullable(z.string()),
  timeoriginalestimate: nullable(z.number()),
  timeestimate: nullable(z.number()),
  parent: linked.nullish(),
  issuelinks: z
    .array(link)
    .nullish()
    .transform((links) => links ?? []),
});

/** What `issues` stores for one issue: the issue as Jira sent it, and what else its mapping needs. */
export const issueRawSchema = z.object({
  issue: z.object({ id: z.string().min(1), key: z.string().min(1), fields: issueFields }),
  changelog: z.array(
    z.object({
      id: z.string(),
      created: z.union([z.string(), z.number()]),
      authorAccountId: nullable(z.string()),
      items: z.array(change),
    }),
  ),
  /** Category key of each status that the changelog names, by status id. */
  statusCategories: z.record(z.string(), z.string()),
  /** Whether each configured JQL matched, by its text. */
  matched: z.record(z.string(), z.boolean()),
});
export type IssueRaw = z.output<typeof issueRawSchema>;
export type Change = z.output<typeof change>;
export type LinkedIssue = z.output<typeof linked>;

/** A changelog entry with `toString` under another name; what has another form is kept for the schema to refuse. */
export function tidyHistory(history: unknown): unknown {
  if (typeof history !== 'object' || history === null || !('items' in history) || !Array.isArray(history.items)) {
    return history;
  }
  const { author, items, ...rest } = history as { author?: { accountId?: unknown } | null; items: unknown[] };
  return { ...rest, authorAccountId: author?.accountId ?? null, items: items.map(tidyItem) };
}

function tidyItem(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const own = (name: string): unknown => (Object.hasOwn(item, name) ? (item as Record<string, unknown>)[name] : null);
  const rest = Object.fromEntries(
    Object.entries(item).filter(([name]) => name !== 'fromString' && name !== 'toString'),
  );
  return { ...rest, fromText: own('fromString'), toText: own('toString') };
}
