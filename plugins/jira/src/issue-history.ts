import type { JsonValue, PastValue } from '@plumbline/connector';
import type { Change, IssueRaw } from './issue-raw.ts';
import { wantInstant } from './jira-time.ts';

/** One side of a change: the id where the field has ids, and the text people saw. */
export interface ChangeSide {
  id: string | null;
  text: string | null;
  /** Whose account it is, where Jira tells that beside the id. */
  account: string | null;
}

/** A unified field whose past is read from one Jira field's changes. */
export interface Tracked {
  /** Name of the unified field. */
  field: string;
  /** Id of the Jira field; old changelog entries carry only its English name, which for these is the same. */
  fieldId: string;
  /** What the field is now; it was that from the beginning when it never changed. */
  current: JsonValue;
  /** Undefined where the text cannot be read: then the field's past is not told at all, rather than told with a gap. */
  read(side: ChangeSide): JsonValue | undefined;
}

/** A change with its time in UTC, as text and as epoch milliseconds. */
export interface TimedChange extends Change {
  at: string;
  atMs: number;
}

interface TimedValue {
  atMs: number;
  past: { field: string; at: string; value: JsonValue | undefined };
}

/** Every value each tracked field had, from the issue's creation on, oldest first. */
export function pastValues(
  { createdAt, changes }: { createdAt: string; changes: readonly TimedChange[] },
  tracked: readonly Tracked[],
): PastValue[] {
  return tracked
    .flatMap((each) => pastOf(each, changes, createdAt))
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ past }) => past as PastValue);
}

function pastOf(
  { field, fieldId, current, read }: Tracked,
  changes: readonly TimedChange[],
  created: string,
): TimedValue[] {
  const own = changes.filter((change) => changedField(change) === fieldId);
  const first = own[0];
  const timed = (atMs: number, at: string, value: JsonValue | undefined) => ({ atMs, past: { field, at, value } });
  // Nothing is older than the creation, whatever clocks say.
  if (!first) return current === null ? [] : [timed(-Infinity, created, current)];
  const past = [
    timed(-Infinity, created, read({ id: first.from, text: first.fromText, account: first.tmpFromAccountId })),
    ...own.map(({ at, atMs, to, toText, tmpToAccountId }) =>
      timed(atMs, at, read({ id: to, text: toText, account: tmpToAccountId })),
    ),
  ];
  return past.every((each) => each.past.value !== undefined) ? past : [];
}

/** Id of the field that a change is of: old entries have but its English name, which for these is the same. */
export function changedField({ field, fieldId }: Pick<Change, 'field' | 'fieldId'>): string {
  return fieldId ?? field.toLowerCase();
}

/** All changes of the changelog with their time in UTC, oldest first whatever order they came in. */
export function timedChanges({ changelog }: IssueRaw): TimedChange[] {
  return changelog
    .map(({ created, items }) => ({ instant: wantInstant(created, 'changelog.created'), items }))
    .sort((a, b) => Temporal.Instant.compare(a.instant, b.instant))
    .flatMap(({ instant, items }) => {
      const time = { at: instant.toString(), atMs: instant.epochMilliseconds };
      return items.map((item) => ({ ...item, ...time }));
    });
}
