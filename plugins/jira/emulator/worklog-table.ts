import { createSortedList } from './sorted-list.ts';
import type { JiraWorklog } from './seed.ts';

/** An entry of the changed or deleted feed. */
interface WorklogChange {
  id: number;
  at: number;
}

/** Worklogs in columns: about a hundred bytes each, so that millions fit. */
export interface WorklogTable {
  readonly size: number;
  get(id: string): JiraWorklog | undefined;
  put(worklog: JiraWorklog): void;
  putAll(worklogs: readonly JiraWorklog[]): void;
  delete(id: string, at: number | null): void;
  /** Oldest first. */
  ofIssue(issueId: string): JiraWorklog[];
  secondsOf(issueId: string): number;
  /** Changes after `since` up to `until`, oldest first; never cuts between two of the same millisecond. */
  changes(feed: 'updated' | 'deleted', window: { since: number; until: number; limit: number }): WorklogChange[];
  readonly highestId: number;
}

interface Row {
  readonly id: number;
  readonly issueId: number;
  readonly author: string;
  readonly started: string;
  readonly seconds: number;
  readonly comment: string | null;
  readonly created: number;
  readonly updated: number;
}

export function createWorklogTable(): WorklogTable {
  const rows = new Map<number, Row>();
  const intern = createInterner();
  const seconds = new Map<number, number>();
  const byIssue = createSortedList<Row>((a, b) => a.issueId - b.issueId || a.id - b.id);
  const byUpdate = createSortedList<Row>((a, b) => a.updated - b.updated || a.id - b.id);
  const deleted = createSortedList<WorklogChange>((a, b) => a.at - b.at || a.id - b.id);
  let highestId = 0;

  const toRow = (worklog: JiraWorklog): Row => ({
    id: Number(worklog.id),
    issueId: Number(worklog.issueId),
    author: intern(worklog.authorAccountId),
    started: worklog.started,
    seconds: worklog.seconds,
    comment: worklog.comment === null ? null : intern(worklog.comment),
    created: worklog.created,
    updated: worklog.updated,
  });
  const account = (row: Row, sign: 1 | -1): void => {
    seconds.set(row.issueId, (seconds.get(row.issueId) ?? 0) + sign * row.seconds);
  };
  const drop = (id: number): void => {
    const row = rows.get(id);
    if (!row) return;
    rows.delete(id);
    byIssue.remove(row);
    byUpdate.remove(row);
    account(row, -1);
  };
  const remember = (row: Row): void => {
    rows.set(row.id, row);
    account(row, 1);
    highestId = Math.max(highestId, row.id);
  };

  return {
    get size() {
      return rows.size;
    },
    get highestId() {
      return highestId;
    },
    get(id) {
      const row = rows.get(Number(id));
      return row && toWorklog(row);
    },
    put(worklog) {
      drop(Number(worklog.id));
      const row = toRow(worklog);
      remember(row);
      byIssue.add(row);
      byUpdate.add(row);
    },
    putAll(worklogs) {
      for (const { id } of worklogs) drop(Number(id));
      const added = worklogs.map(toRow);
      added.forEach(remember);
      byIssue.addAll(added);
      byUpdate.addAll(added);
    },
    delete(id, at) {
      if (!rows.has(Number(id))) return;
      drop(Number(id));
      if (at !== null) deleted.add({ id: Number(id), at });
    },
    ofIssue(issueId) {
      const wanted = Number(issueId);
      const all = byIssue.items();
      const found: JiraWorklog[] = [];
      for (let at = byIssue.position((row) => row.issueId >= wanted); all[at]?.issueId === wanted; at += 1) {
        found.push(toWorklog(all[at] as Row));
      }
      return found;
    },
    secondsOf: (issueId) => seconds.get(Number(issueId)) ?? 0,
    changes: (feed, window) =>
      feed === 'deleted'
        ? windowOf({ ...window, list: deleted, timeOf: (change) => change.at })
        : windowOf({ ...window, list: byUpdate, timeOf: (row) => row.updated }),
  };
}

function windowOf<Item extends { readonly id: number }>(input: {
  list: { items(): readonly Item[]; position(reached: (item: Item) => boolean): number };
  timeOf(item: Item): number;
  since: number;
  until: number;
  limit: number;
}): WorklogChange[] {
  const { list, timeOf, since, until, limit } = input;
  const all = list.items();
  const found: WorklogChange[] = [];
  for (let at = list.position((item) => timeOf(item) > since); at < all.length; at += 1) {
    const item = all[at] as Item;
    const time = timeOf(item);
    if (time > until) break;
    if (found.length >= limit && time !== found.at(-1)?.at) break;
    found.push({ id: item.id, at: time });
  }
  return found;
}

function toWorklog(row: Row): JiraWorklog {
  const { id, issueId, author, ...rest } = row;
  return { ...rest, id: String(id), issueId: String(issueId), authorAccountId: author };
}

/** One copy of each text: authors and comments repeat a thousandfold. */
function createInterner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first !== undefined) return first;
    if (known.size < 100_000) known.set(text, text);
    return text;
  };
}
