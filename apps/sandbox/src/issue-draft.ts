import type { JiraHistory, JiraIssue } from '@plumbline/jira/emulator';
import { instantAt, type Day } from './days.ts';

type Item = JiraHistory['items'][number];
interface Status {
  id: string;
  name: string;
  category: string;
}

export interface IssueDraftInput {
  id: string;
  key: string;
  projectId: string;
  typeId: string;
  summary: string;
  description: string | null;
  reporterAccountId: string;
  parentId?: string | null;
  labels?: readonly string[];
  fixVersionIds?: readonly string[];
  dueDate?: string | null;
  estimateSeconds?: number | null;
  custom: Readonly<Record<string, unknown>>;
  links?: JiraIssue['links'];
  /** The status it is created in. */
  status: Status;
  /** Epoch milliseconds. */
  created: number;
}

/** An issue while its life is being written: each change goes into its history and becomes its present value. */
export interface IssueDraft {
  readonly id: string;
  readonly key: string;
  /** Moves it to a status; one that is done resolves it, any other reopens it. */
  toStatus(status: Status, at: number, author: string): void;
  toAssignee(account: { accountId: string; name: string } | null, at: number, author: string): void;
  /** Nothing happens when it is the estimate already. */
  toEstimate(seconds: number, at: number, author: string): void;
  /** A custom field got a value; `shown` is what the history says. */
  toCustom(
    field: { id: string; name: string },
    change: { from: string | null; to: string },
    at: number,
    author: string,
  ): void;
  setRemaining(seconds: number): void;
  /** Something happened on it that its history does not tell, such as logged work. */
  touch(at: number): void;
  /** The issue as it stands; nothing on it is later than the beginning of `today`. */
  finish(today: Day): JiraIssue;
}

/** Opens an issue. Changes are written in the order they happened. */
export function draftIssue(input: IssueDraftInput): IssueDraft {
  const history: { at: number; author: string; item: Item }[] = [];
  let { status } = input;
  let assignee: { accountId: string; name: string } | null = null;
  let estimate = input.estimateSeconds ?? null;
  let remaining: number | null = estimate;
  let resolved: number | null = null;
  let updated = input.created;

  const write = (at: number, author: string, item: Item): void => {
    history.push({ at, author, item });
    updated = Math.max(updated, at);
  };
  return {
    id: input.id,
    key: input.key,
    toStatus(next, at, author) {
      write(at, author, change('status', 'status', [status.id, status.name], [next.id, next.name]));
      if (next.category === 'done' && resolved === null) {
        write(at, author, change('resolution', 'resolution', [null, null], ['10000', 'Done']));
        resolved = at;
      } else if (next.category !== 'done' && resolved !== null) {
        write(at, author, change('resolution', 'resolution', ['10000', 'Done'], [null, null]));
        resolved = null;
      }
      status = next;
    },
    toAssignee(next, at, author) {
      write(
        at,
        author,
        change(
          'assignee',
          'assignee',
          [assignee?.accountId ?? null, assignee?.name ?? null],
          [next?.accountId ?? null, next?.name ?? null],
        ),
      );
      assignee = next;
    },
    toEstimate(seconds, at, author) {
      if (seconds === estimate) return;
      const before = estimate === null ? null : String(estimate);
      write(
        at,
        author,
        change('timeoriginalestimate', 'timeoriginalestimate', [before, before], [String(seconds), String(seconds)]),
      );
      estimate = seconds;
      remaining = seconds;
    },
    toCustom(field, { from, to }, at, author) {
      write(at, author, {
        field: field.name,
        fieldId: field.id,
        fieldtype: 'custom',
        from: null,
        fromString: from,
        to: null,
        toString: to,
      });
    },
    setRemaining(seconds) {
      remaining = seconds;
    },
    touch(at) {
      updated = Math.max(updated, at);
    },
    finish(today) {
      const latest = instantAt(today, 0, 'UTC');
      return {
        ...standing(input),
        statusId: status.id,
        assigneeAccountId: assignee?.accountId ?? null,
        originalEstimateSeconds: estimate,
        remainingEstimateSeconds: remaining,
        updated: Math.min(updated, latest),
        resolved,
        history: grouped(input.id, history),
      };
    },
  };
}

type Changing =
  | 'statusId'
  | 'assigneeAccountId'
  | 'originalEstimateSeconds'
  | 'remainingEstimateSeconds'
  | 'updated'
  | 'resolved'
  | 'history';

/** What an issue keeps from its creation on. */
function standing(input: IssueDraftInput): Omit<JiraIssue, Changing> {
  const { status: _, estimateSeconds: _estimate, links, ...kept } = input;
  return {
    ...kept,
    parentId: input.parentId ?? null,
    labels: input.labels ?? [],
    fixVersionIds: input.fixVersionIds ?? [],
    dueDate: input.dueDate ?? null,
    ...(links ? { links } : {}),
  };
}

function change(
  field: string,
  fieldId: string,
  from: [string | null, string | null],
  to: [string | null, string | null],
): Item {
  return { field, fieldId, fieldtype: 'jira', from: from[0], fromString: from[1], to: to[0], toString: to[1] };
}

/** What one person changed at one moment is one entry. */
function grouped(issueId: string, written: readonly { at: number; author: string; item: Item }[]): JiraHistory[] {
  const entries: { id: string; at: number; authorAccountId: string; items: Item[] }[] = [];
  for (const { at, author, item } of written.toSorted((one, other) => one.at - other.at)) {
    const last = entries.at(-1);
    if (last && last.at === at && last.authorAccountId === author) last.items.push(item);
    else
      entries.push({
        id: `${issueId}${String(entries.length).padStart(2, '0')}`,
        at,
        authorAccountId: author,
        items: [item],
      });
  }
  return entries;
}
