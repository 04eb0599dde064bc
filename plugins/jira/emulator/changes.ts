import { isDeepStrictEqual } from 'node:util';
import type { IssuePatch } from './inputs.ts';
import type { JiraHistory, JiraIssue, JiraSite } from './seed.ts';

type Item = JiraHistory['items'][number];
type Side = { id: string | null; text: string | null };

/** Names that a changelog entry shows beside ids. */
export interface ChangeNames {
  site: JiraSite;
  versionName(id: string): string;
  keyOf(issueId: string): string;
}

/** The changelog items of a change, in the form Jira writes each field. */
export function changedItems(before: JiraIssue, patch: IssuePatch, names: ChangeNames): Item[] {
  const items: Item[] = [];
  for (const [member, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (member === 'custom') items.push(...customItems(before, value as Record<string, unknown>, names.site));
    else if (member === 'links') items.push(...linkItems(before, patch.links ?? [], names));
    else if (member === 'fixVersionIds') items.push(...versionItems(before, patch.fixVersionIds ?? [], names));
    else {
      const old = before[member as keyof JiraIssue];
      const writer = writers[member];
      if (writer && !isDeepStrictEqual(old ?? null, value)) items.push(writer(old, value, names));
    }
  }
  return items;
}

const writers: Readonly<Record<string, (from: unknown, to: unknown, names: ChangeNames) => Item>> = {
  summary: (from, to) => item('summary', text(from), text(to)),
  description: (from, to) => item('description', text(from), text(to)),
  dueDate: (from, to) => item('duedate', date(from), date(to)),
  originalEstimateSeconds: (from, to) => item('timeoriginalestimate', same(from), same(to)),
  remainingEstimateSeconds: (from, to) => item('timeestimate', same(from), same(to)),
  labels: (from, to) => item('labels', labels(from), labels(to)),
  statusId: (from, to, { site }) => item('status', named(site.statuses, from), named(site.statuses, to)),
  typeId: (from, to, { site }) => item('issuetype', named(site.issueTypes, from), named(site.issueTypes, to)),
  assigneeAccountId: (from, to, { site }) => item('assignee', person(site, from), person(site, to)),
  reporterAccountId: (from, to, { site }) => item('reporter', person(site, from), person(site, to)),
  // Jira gives parents and links no fieldId.
  parentId: (from, to, names) => bare('IssueParentAssociation', parent(from, names), parent(to, names)),
};

function item(field: string, from: Side, to: Side): Item {
  return { ...bare(field, from, to), fieldId: field };
}

function bare(field: string, from: Side, to: Side): Item {
  return { field, fieldtype: 'jira', from: from.id, fromString: from.text, to: to.id, toString: to.text };
}

const nothing: Side = { id: null, text: null };
const text = (value: unknown): Side => (value ? { id: null, text: String(value) } : nothing);
const same = (value: unknown): Side =>
  value === null || value === undefined ? nothing : { id: String(value), text: String(value) };
const date = (value: unknown): Side => (value ? { id: String(value), text: `${String(value)} 00:00:00.0` } : nothing);
const labels = (value: unknown): Side => ({ id: null, text: (value as string[]).join(' ') });

function named(all: readonly { id: string; name: string }[], id: unknown): Side {
  return { id: String(id), text: all.find((each) => each.id === id)?.name ?? String(id) };
}

function person(site: JiraSite, accountId: unknown): Side {
  if (!accountId) return nothing;
  const user = site.users.find((each) => each.accountId === accountId);
  return { id: String(accountId), text: user?.displayName ?? String(accountId) };
}

function parent(id: unknown, { keyOf }: ChangeNames): Side {
  return id ? { id: String(id), text: keyOf(String(id)) } : nothing;
}

function customItems(before: JiraIssue, patch: Record<string, unknown>, site: JiraSite): Item[] {
  return Object.entries(patch).flatMap(([fieldId, to]) => {
    const from = before.custom[fieldId] ?? null;
    if (isDeepStrictEqual(from, to ?? null)) return [];
    const name = site.fields.find(({ id }) => id === fieldId)?.name ?? fieldId;
    const [left, right] = [customSide(from), customSide(to)];
    return [
      {
        field: name,
        fieldtype: 'custom',
        fieldId,
        from: left.id,
        fromString: left.text,
        to: right.id,
        toString: right.text,
      },
    ];
  });
}

function customSide(value: unknown): Side {
  if (value === null || value === undefined) return nothing;
  if (typeof value !== 'object') return { id: null, text: String(value) };
  const { id, accountId, value: option, name, displayName } = value as Record<string, unknown>;
  const shown = option ?? displayName ?? name;
  return {
    id: typeof id === 'string' ? id : typeof accountId === 'string' ? accountId : null,
    text: typeof shown === 'string' ? shown : JSON.stringify(value),
  };
}

function linkItems(before: JiraIssue, after: NonNullable<IssuePatch['links']>, { keyOf }: ChangeNames): Item[] {
  const side = (link: { type: string; outwardIssueId: string }): Side => ({
    id: keyOf(link.outwardIssueId),
    text: `This work item ${link.type} ${keyOf(link.outwardIssueId)}`,
  });
  const old = before.links ?? [];
  const added = after.filter(({ id }) => !old.some((link) => link.id === id));
  const removed = old.filter(({ id }) => !after.some((link) => link.id === id));
  return [
    ...added.map((link) => bare('Link', nothing, side(link))),
    ...removed.map((link) => bare('Link', side(link), nothing)),
  ];
}

function versionItems(before: JiraIssue, after: readonly string[], { versionName }: ChangeNames): Item[] {
  const side = (id: string): Side => ({ id, text: versionName(id) });
  const added = after.filter((id) => !before.fixVersionIds.includes(id));
  const removed = before.fixVersionIds.filter((id) => !after.includes(id));
  return [
    ...added.map((id) => ({ ...bare('Fix Version', nothing, side(id)), fieldId: 'fixVersions' })),
    ...removed.map((id) => ({ ...bare('Fix Version', side(id), nothing), fieldId: 'fixVersions' })),
  ];
}
