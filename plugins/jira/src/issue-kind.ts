import { HubError } from '@plumbline/connector';
import type { JiraConfig } from './config.ts';
import type { IssueRaw, LinkedIssue } from './issue-raw.ts';

export type IssueKind = 'changeRequest' | 'risk' | 'milestone' | 'workItem';
type Matcher = Pick<JiraConfig['risks'], 'issueTypes' | 'labels' | 'jql'>;

/** Exactly one: the first of change request, risk and milestone whose condition the issue meets, else a work item. */
export function kindOf(raw: IssueRaw, config: JiraConfig): IssueKind {
  if (meets(raw, config.changeRequests)) return 'changeRequest';
  if (meets(raw, config.risks)) return 'risk';
  if (meets(raw, config.milestones)) return 'milestone';
  return 'workItem';
}

/** Every JQL condition of the configuration, once. */
export function configuredJql({ changeRequests, risks, milestones }: JiraConfig): string[] {
  return [...new Set([changeRequests, risks, milestones].flatMap(({ jql }) => jql ?? []))];
}

function meets({ issue, matched }: IssueRaw, { issueTypes, labels, jql }: Matcher): boolean {
  if (isOneOf(issue.fields.issuetype, issueTypes)) return true;
  if (labels.some((label) => issue.fields.labels.includes(label))) return true;
  if (jql === undefined) return false;
  const match = matched[jql];
  if (match !== undefined) return match;
  throw new HubError({
    code: 'BAD_RECORD',
    message: `${issue.key}: matched: it was read before the configuration had the JQL "${jql.slice(0, 100)}", so nobody knows whether it matches.`,
    remedy: 'The next poll reads all issues again and finds out.',
  });
}

/** Whether a name or id is configured; names are compared without regard to case. */
function isOneOf(entry: { id: string; name: string }, configured: readonly string[]): boolean {
  return configured.some((wanted) => wanted === entry.id || wanted.toLowerCase() === entry.name.toLowerCase());
}

/** What a name or id stands for in a configured table. */
export function lookUp<Value>(
  table: Readonly<Record<string, Value>>,
  entry: { id: string | null; name: string | null },
): Value | null {
  const name = entry.name?.toLowerCase();
  const found = Object.entries(table).find(([key]) => key === entry.id || key.toLowerCase() === name);
  return found ? found[1] : null;
}

/**
 * Whether another issue may be a change request, as far as what is embedded of it tells: its type. Where labels or
 * JQL tell change requests, its type does not say no.
 */
function mayBeChangeRequest(other: LinkedIssue, { changeRequests }: JiraConfig): boolean {
  const { issueTypes, labels, jql } = changeRequests;
  if (labels.length > 0 || jql !== undefined) return true;
  const type = other.fields?.issuetype;
  return type === undefined ? issueTypes.length > 0 : isOneOf(type, issueTypes);
}

/** The change request that an issue implements: by a configured link, else as a child. */
export function implementedBy(raw: IssueRaw, config: JiraConfig): LinkedIssue | null {
  const { linkTypes, childrenImplement } = config.changeRequests;
  for (const { type, inwardIssue, outwardIssue } of raw.issue.fields.issuelinks) {
    const other = outwardIssue ?? inwardIssue;
    const word = outwardIssue ? type.outward : type.inward;
    if (other && includesWord(linkTypes, word) && mayBeChangeRequest(other, config)) return other;
  }
  const { parent } = raw.issue.fields;
  return childrenImplement && parent && mayBeChangeRequest(parent, config) ? parent : null;
}

/** The issues that implement a change request by a configured link, seen from the change request. */
export function implementers(raw: IssueRaw, { changeRequests }: JiraConfig): LinkedIssue[] {
  return raw.issue.fields.issuelinks.flatMap(({ type, inwardIssue, outwardIssue }) => {
    const other = inwardIssue ?? outwardIssue;
    // The word as the other end shows it.
    const word = inwardIssue ? type.outward : type.inward;
    return other && includesWord(changeRequests.linkTypes, word) ? [other] : [];
  });
}

function includesWord(configured: readonly string[], word: string): boolean {
  return configured.some((each) => each.toLowerCase() === word.toLowerCase());
}
