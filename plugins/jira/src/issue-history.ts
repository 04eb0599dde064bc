import type { JsonValue, Key, PastValue } from '@plumbline/connector';
import type { Change, IssueRaw } from './issue-raw.ts';
import { accountKey } from './jira-keys.ts';
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

/** When something happened in UTC, as text and as epoch milliseconds, and who did it; null where Jira does not say. */
interface Moment {
  at: string;
  atMs: number;
  by: Key | null;
}

/** A change with when it was made, and by whom. */
export type TimedChange = Change & Moment;

interface TimedValue {
  atMs: number;
  past: Omit<PastValue, 'value'> & { value: JsonValue | undefined };
}

/** Every value each tracked field had, from the issue's creation on, oldest first. */
export function pastValues(
  { createdAt, creator, changes }: { createdAt: string; creator: Key | null; changes: readonly TimedChange[] },
  tracked: readonly Tracked[],
): PastValue[] {
  // Nothing is older than the creation, whatever clocks say.
  const creation = { at: createdAt, atMs: -Infinity, by: creator };
  return tracked
    .flatMap((each) => pastOf(each, changes, creation))
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ past }) => past as PastValue);
}

function pastOf(
  { field, fieldId, current, read }: Tracked,
  changes: readonly TimedChange[],
  creation: Moment,
): TimedValue[] {
  const own = changes.filter((change) => changedField(change) === fieldId);
  const first = own[0];
  const timed = ({ at, atMs, by }: Moment, value: JsonValue | undefined): TimedValue => ({
    atMs,
    past: { field, at, value, ...(by === null ? {} : { by }) },
  });
  if (!first) return current === null ? [] : [timed(creation, current)];
  const past = [
    timed(creation, read({ id: first.from, text: first.fromText, account: first.tmpFromAccountId })),
    ...own.map((change) => timed(change, read({ id: change.to, text: change.toText, account: change.tmpToAccountId }))),
  ];
  return past.every((each) => each.past.value !== undefined) ? past : [];
}

/** Id of the field that a change is of: old entries have but its English name, which for these is the same. */
export function changedField({ field, fieldId }: Pick<Change, 'field' | 'fieldId'>): string {
  return fieldId ?? field.toLowerCase();
}

/** All changes of the changelog with when and by whom, oldest first whatever order they came in. */
export function timedChanges({ changelog }: IssueRaw): TimedChange[] {
  return changelog
    .map((entry) => ({ ...entry, instant: wantInstant(entry.created, 'changelog.created') }))
    .sort((a, b) => Temporal.Instant.compare(a.instant, b.instant))
    .flatMap(({ instant, authorAccountId: author, items }) => {
      const by = author ? accountKey(author) : null;
      const moment: Moment = { at: instant.toString(), atMs: instant.epochMilliseconds, by };
      return items.map((item) => ({ ...item, ...moment }));
    });
}
