import type { JsonValue, Key } from '@plumbline/connector';
import { statusCategories } from '@plumbline/connector';
import { adfText } from './adf-text.ts';
import type { JiraConfig } from './config.ts';
import { plainValue, type Fields } from './field-values.ts';
import { changedField, timedChanges, type ChangeSide, type TimedChange, type Tracked } from './issue-history.ts';
import type { IssueRaw } from './issue-raw.ts';
import { accountKey, issueKey, projectKey } from './jira-keys.ts';
import { instantText } from './jira-time.ts';

type StatusCategory = (typeof statusCategories)[number];

/** Status names are translated and editable; the key of their category is neither. */
function statusCategory(key: string): StatusCategory | null {
  const categories: Readonly<Record<string, StatusCategory>> = {
    new: 'TODO',
    undefined: 'TODO',
    indeterminate: 'DOING',
    done: 'DONE',
  };
  return categories[key] ?? null;
}

/** What every kind that comes from an issue has alike. */
export interface IssueFacts {
  id: string;
  /** By id, by key, and by every key it had before it moved. */
  keys: Key[];
  key: string;
  title: string;
  description: string | null;
  type: string;
  status: string;
  category: StatusCategory | null;
  due: string | null;
  url: string;
  project: Key;
  assignee: Key | null;
  reporter: Key | null;
  createdAt: string;
  /** Who opened it, for whomever; null where Jira does not say. */
  creator: Key | null;
  /** When it last became done; null while it is not. */
  doneAt: string | null;
  customFields: Record<string, JsonValue>;
  /** The whole changelog, oldest change first. */
  changes: readonly TimedChange[];
}

export function issueFacts(raw: IssueRaw, config: JiraConfig): IssueFacts {
  const { id, key, fields } = raw.issue;
  const changes = timedChanges(raw);
  const formerKeys = changes.flatMap(({ field, fromText }) => (field === 'Key' && fromText ? [fromText] : []));
  const all: Fields = fields;
  return {
    id,
    keys: [issueKey(id), ...new Set([key, ...formerKeys].map((each): Key => `jira-issue-key:${each}`))],
    key,
    title: fields.summary,
    description: adfText(fields.description),
    type: fields.issuetype.name,
    status: fields.status.name,
    category: statusCategory(fields.status.statusCategory.key),
    due: fields.duedate,
    url: `${config.site}/browse/${key}`,
    project: projectKey(fields.project.id),
    assignee: fields.assignee && accountKey(fields.assignee.accountId),
    reporter: fields.reporter && accountKey(fields.reporter.accountId),
    createdAt: instantText(fields.created, 'created'),
    creator: fields.creator && accountKey(fields.creator.accountId),
    doneAt: doneAt(raw, changes),
    changes,
    customFields: Object.fromEntries(
      Object.entries(config.customFields).map(([name, fieldId]) => [name, plainValue(all[fieldId])]),
    ),
  };
}

function doneAt(raw: IssueRaw, changes: readonly TimedChange[]): string | null {
  const { status, resolutiondate } = raw.issue.fields;
  if (status.statusCategory.key !== 'done') return null;
  const isDone = (statusId: string | null): boolean => raw.statusCategories[statusId ?? ''] === 'done';
  const finished = changes.findLast(
    (change) => changedField(change) === 'status' && isDone(change.to) && !isDone(change.from),
  );
  if (finished) return finished.at;
  return resolutiondate === null ? null : instantText(resolutiondate, 'resolutiondate');
}

/** Past of a status field, as text or as what `read` makes of it. */
export function trackedStatus(field: string, current: JsonValue, read: Tracked['read']): Tracked {
  return { field, fieldId: 'status', current, read };
}

export function trackedCategory(field: string, facts: IssueFacts, raw: IssueRaw): Tracked {
  return trackedStatus(field, facts.category, ({ id }) => {
    const key = raw.statusCategories[id ?? ''];
    // A status that no longer exists has no category any more.
    return key === undefined ? undefined : statusCategory(key);
  });
}

export const trackedDue = (facts: IssueFacts): Tracked => ({
  field: 'due',
  fieldId: 'duedate',
  current: facts.due,
  read: ({ id }) => (id === null || id === '' ? null : id.slice(0, 10)),
});

export const trackedAssignee = (field: string, facts: IssueFacts): Tracked => ({
  field,
  fieldId: 'assignee',
  current: facts.assignee,
  read: ({ id, account }) => (account ? accountKey(account) : id ? accountKey(id) : null),
});

/** Past of a custom field: its changes carry texts, which `convert` reads as it reads the field's own value. */
export function trackedField(input: {
  field: string;
  fieldId: string | undefined;
  current: JsonValue | undefined;
  convert(text: string | null): JsonValue;
}): Tracked[] {
  const { field, fieldId, current, convert } = input;
  if (fieldId === undefined || current === undefined) return [];
  const read = ({ text }: ChangeSide): JsonValue | undefined => {
    try {
      return convert(text);
    } catch {
      return undefined;
    }
  };
  return [{ field, fieldId, current, read }];
}
