import { createHash } from 'node:crypto';
import { compile, dateValue, type IndexedIssue, type JqlNames } from './jql-match.ts';
import { JqlError, parseJql, type Condition } from './jql-parser.ts';
import { createSortedList, type SortedList } from './sorted-list.ts';

interface SearchPage {
  ids: string[];
  /** Null on the last page. */
  nextPageToken: string | null;
}

/** What search sees: every change reaches it only after the lag, unless it is reconciled. */
export interface SearchIndex {
  /** To be indexed at `dueMs`; what it then is asks `current`. */
  schedule(id: string, dueMs: number): void;
  /** Indexed at once, whatever was scheduled. */
  indexNow(ids: readonly string[]): void;
  addAll(issues: readonly IndexedIssue[]): void;
  page(request: { jql: string; token: string | null; limit: number }): SearchPage;
  count(jql: string): number;
  /** Which of the ids a condition matches. */
  match(jql: string, ids: readonly string[]): string[];
}

const orderFields = ['updated', 'created', 'id', 'key'] as const;
type OrderField = (typeof orderFields)[number];

const TOKEN_LIFETIME_MS = 7 * 24 * 3_600_000;

export function createSearchIndex(input: {
  names(): JqlNames;
  /** The issue as it is now; null when it is gone. */
  current(id: string): IndexedIssue | null;
}): SearchIndex {
  const documents = new Map<number, IndexedIssue>();
  const lists = Object.fromEntries(
    orderFields.map((field) => [field, createSortedList<IndexedIssue>(comparator(field))]),
  ) as Record<OrderField, SortedList<IndexedIssue>>;
  let scheduled: { id: string; dueMs: number }[] = [];

  const replace = (id: string): void => {
    const old = documents.get(Number(id));
    const issue = input.current(id);
    if (issue) documents.set(issue.id, issue);
    else if (old) documents.delete(old.id);
    for (const field of orderFields) {
      if (old && issue) lists[field].replace(old, issue);
      else if (old) lists[field].remove(old);
      else if (issue) lists[field].add(issue);
    }
  };
  let pages = 0;
  const indexDue = (): void => {
    if (scheduled.length === 0) return;
    const { nowMs } = input.names();
    const due = scheduled.filter((each) => each.dueMs <= nowMs);
    if (due.length === 0) return;
    scheduled = scheduled.filter((each) => each.dueMs > nowMs);
    for (const id of new Set(due.map((each) => each.id))) replace(id);
  };
  const plan = (jql: string): Plan => {
    indexDue();
    const names = input.names();
    const { where, orderBy } = parseJql(jql);
    if (!where)
      throw new JqlError('Unbounded JQL queries are not allowed here. Please add a search restriction to your query.');
    const first = orderBy[0] ?? { field: 'created', descending: true };
    const field = first.field === 'issuekey' ? 'key' : first.field;
    if (!isOrderField(field)) throw new JqlError(`Not able to sort using field '${first.field}'.`);
    const test = compile(where, names);
    const restricted = idsOf(where, names.idOfKey);
    const all = restricted
      ? restricted.flatMap((id) => documents.get(id) ?? []).sort(comparator(field))
      : lists[field].items();
    const low = field === 'id' || field === 'key' ? -Infinity : bound(where, field, names, 'low');
    const high = field === 'id' || field === 'key' ? Infinity : bound(where, field, names, 'high');
    const valueOf = (issue: IndexedIssue): number => (field === 'key' ? 0 : issue[field]);
    return {
      all,
      test,
      compare: comparator(field),
      descending: first.descending,
      start: firstPosition(all, (issue) => valueOf(issue) >= low),
      end: firstPosition(all, (issue) => valueOf(issue) > high),
    };
  };

  return {
    schedule: (id, dueMs) => scheduled.push({ id, dueMs }),
    indexNow(ids) {
      const chosen = new Set(ids);
      if (scheduled.length > 0) scheduled = scheduled.filter(({ id }) => !chosen.has(id));
      for (const id of chosen) replace(id);
    },
    addAll(issues) {
      for (const issue of issues) {
        const old = documents.get(issue.id);
        if (old) for (const field of orderFields) lists[field].remove(old);
        documents.set(issue.id, issue);
      }
      for (const field of orderFields) lists[field].addAll(issues);
    },
    page({ jql, token, limit }) {
      const { nowMs } = input.names();
      const after = token === null ? null : readToken(token, jql, nowMs);
      const found = walk(plan(jql), after, limit + 1);
      const shown = found.slice(0, limit);
      return {
        ids: shown.map(({ id }) => String(id)),
        nextPageToken:
          found.length > limit ? writeToken(shown.at(-1) ?? after, jql, { nowMs, page: (pages += 1) }) : null,
      };
    },
    count: (jql) => walk(plan(jql), null, Infinity).length,
    match(jql, ids) {
      indexDue();
      const { where } = parseJql(jql);
      if (!where) return [...ids];
      const test = compile(where, input.names());
      return ids.filter((id) => {
        const document = documents.get(Number(id));
        return document !== undefined && test(document);
      });
    },
  };
}

interface Plan {
  all: readonly IndexedIssue[];
  test(issue: IndexedIssue): boolean;
  compare(a: IndexedIssue, b: IndexedIssue): number;
  descending: boolean;
  /** First position within the bounds on the ordering field, and the first behind them. */
  start: number;
  end: number;
}

type Position = Pick<IndexedIssue, 'id' | 'key' | 'created' | 'updated'>;

function walk(
  { all, test, compare, descending, start, end }: Plan,
  after: Position | null,
  limit: number,
): IndexedIssue[] {
  const found: IndexedIssue[] = [];
  const step = descending ? -1 : 1;
  let at = descending ? end - 1 : start;
  if (after) {
    const position = after as IndexedIssue;
    at = descending
      ? firstPosition(all, (issue) => compare(issue, position) >= 0) - 1
      : Math.max(
          start,
          firstPosition(all, (issue) => compare(issue, position) > 0),
        );
  }
  for (; at >= start && at < end && found.length < limit; at += step) {
    const issue = all[at] as IndexedIssue;
    if (test(issue)) found.push(issue);
  }
  return found;
}

function firstPosition(all: readonly IndexedIssue[], reached: (issue: IndexedIssue) => boolean): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(all[middle] as IndexedIssue)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isOrderField(field: string): field is OrderField {
  return (orderFields as readonly string[]).includes(field);
}

/** The first field of ORDER BY decides, ties go by key: more is not needed and would need more indexes. */
function comparator(field: OrderField): (a: IndexedIssue, b: IndexedIssue) => number {
  if (field === 'id') return (a, b) => a.id - b.id;
  if (field === 'key') return compareKeys;
  return (a, b) => a[field] - b[field] || compareKeys(a, b);
}

function compareKeys(a: IndexedIssue, b: IndexedIssue): number {
  const dashA = a.key.lastIndexOf('-');
  const dashB = b.key.lastIndexOf('-');
  const prefixA = a.key.slice(0, dashA);
  const prefixB = b.key.slice(0, dashB);
  if (prefixA !== prefixB) return prefixA < prefixB ? -1 : 1;
  return Number(a.key.slice(dashA + 1)) - Number(b.key.slice(dashB + 1));
}

/** The ids that a query is confined to by `id in (…)` or `key in (…)`, so that nothing else need be looked at. */
function idsOf(where: Condition, idOfKey: (key: string) => string | undefined): number[] | null {
  for (const part of where.op === 'and' ? where.parts : [where]) {
    if (part.op !== 'in' && part.op !== '=') continue;
    if (!['id', 'issue', 'key', 'issuekey'].includes(part.field)) continue;
    return [...new Set(part.values.map((value) => Number(/^\d+$/.test(value) ? value : idOfKey(value))))];
  }
  return null;
}

function bound(where: Condition, field: string, names: JqlNames, side: 'low' | 'high'): number {
  const operators = side === 'low' ? ['>', '>='] : ['<', '<='];
  const bounds = (where.op === 'and' ? where.parts : [where]).flatMap((part) =>
    'field' in part && part.field === field && operators.includes(part.op)
      ? [dateValue(part.values[0] ?? '', names, field)]
      : [],
  );
  return side === 'low' ? Math.max(-Infinity, ...bounds) : Math.min(Infinity, ...bounds);
}

/** No two are the same, also behind a page without issues. */
function writeToken(position: Position | null, jql: string, { nowMs, page }: { nowMs: number; page: number }): string {
  const at = position && [position.id, position.key, position.created, position.updated];
  return Buffer.from(JSON.stringify([fingerprint(jql), nowMs, at, page])).toString('base64url');
}

function readToken(token: string, jql: string, nowMs: number): Position | null {
  try {
    const [print, issued, at] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [
      string,
      number,
      [number, string, number, number] | null,
    ];
    if (print === fingerprint(jql) && nowMs - issued < TOKEN_LIFETIME_MS) {
      return at && { id: at[0], key: at[1], created: at[2], updated: at[3] };
    }
  } catch {
    // Answered below, like an expired one.
  }
  throw new JqlError('The provided next page token is invalid or has expired.');
}

function fingerprint(jql: string): string {
  return createHash('sha256').update(jql).digest('base64url').slice(0, 12);
}
