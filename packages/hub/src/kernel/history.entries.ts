import type { JsonValue, Key } from '@plumbline/connector';
import { sameValue } from './columns.ts';
import type { ChangeOperation, PastFields } from './history.ts';
import type { Kind } from './kind.ts';

export interface FieldChange {
  field: string;
  before: JsonValue;
  after: JsonValue;
  /** That its source remembers it, however late the hub saw it. */
  isRemembered?: true;
  /** Who made it, where its source says so: a key of a person. */
  by?: Key;
}

/** A version as the history shows it: what changed, with the values of the version before it. */
export interface VersionChange {
  seq: number;
  validFrom: string;
  seenAt: string;
  operation: ChangeOperation;
  sourceId: string | null;
  changes: readonly FieldChange[];
}

/** One moment of an entity's history. */
export interface HistoryEntry {
  validFrom: Temporal.Instant;
  /** Null for a value that came and went between two looks at the source, or before the first one. */
  seenAt: string | null;
  operation: ChangeOperation;
  sourceId: string | null;
  /** The version's number; 0 for what only the source remembers. */
  seq: number;
  changes: readonly FieldChange[];
}

interface Remembered {
  change: FieldChange;
  at: Temporal.Instant;
  sourceId: string;
  /** When the hub saw it, where a version tells. */
  seenAt: string | null;
}

/**
 * Versions and what the source remembers as one history, newest first. A version that saw a remembered change gives it
 * up to the instant at which the source says that it happened; what the source does not remember stays where it is.
 */
export function historyOf(kind: Kind, versions: readonly VersionChange[], past: PastFields): HistoryEntry[] {
  const remembered = rememberedOf(past);
  const seen = versions.toSorted((a, b) => a.seq - b.seq).map((version) => withoutSeen(kind, version, remembered));
  const entries = seen.filter((each) => each.operation !== 'UPDATED' || each.changes.length > 0);
  const moments = Map.groupBy(remembered.values(), ({ at, sourceId }) => `${at.toString()} ${sourceId}`);
  for (const moment of moments.values()) {
    const [{ at, sourceId, seenAt }] = moment as [Remembered];
    const changes = moment.map(({ change }) => change);
    const same = entries.findIndex(
      (each) => each.sourceId === sourceId && each.seenAt === seenAt && each.validFrom.equals(at),
    );
    const entry = entries[same];
    if (entry) entries[same] = { ...entry, changes: [...entry.changes, ...changes] };
    else entries.push({ validFrom: at, seenAt, operation: 'UPDATED', sourceId, seq: 0, changes });
  }
  const place = new Map(Object.keys(kind.fields).map((name, index) => [name, index]));
  const placeOf = ({ field }: FieldChange): number => place.get(field) ?? place.size;
  return entries
    .map((entry) => ({ ...entry, changes: entry.changes.toSorted((a, b) => placeOf(a) - placeOf(b)) }))
    .toSorted(compareEntries);
}

/** Newest first; what the source remembers of an instant goes below what the hub saw of it. */
export function compareEntries(
  a: Pick<HistoryEntry, 'validFrom' | 'seq' | 'sourceId'>,
  b: Pick<HistoryEntry, 'validFrom' | 'seq' | 'sourceId'>,
): number {
  return (
    Temporal.Instant.compare(b.validFrom, a.validFrom) ||
    b.seq - a.seq ||
    (a.sourceId ?? '').localeCompare(b.sourceId ?? '', 'en')
  );
}

function rememberedOf(past: PastFields): Remembered[] {
  return Object.entries(past).flatMap(([field, { source, values }]) =>
    values.flatMap(([at, after, by], index): Remembered[] => {
      const before = values[index - 1]?.[1] ?? null;
      if (before === null && after === null) return [];
      const change = { field, before, after, isRemembered: true as const, ...(by === undefined ? {} : { by }) };
      return [{ change, at: Temporal.Instant.from(at), sourceId: source, seenAt: null }];
    }),
  );
}

/** The version without what its source remembers to have happened by then; there it is noted when it was seen. */
function withoutSeen(kind: Kind, version: VersionChange, remembered: readonly Remembered[]): HistoryEntry {
  const validFrom = Temporal.Instant.from(version.validFrom);
  const changes = version.changes.filter((change) => {
    const before = remembered.filter(
      (each) => each.change.field === change.field && Temporal.Instant.compare(each.at, validFrom) <= 0,
    );
    const last = before.at(-1);
    // Two steps of one instant are both the last.
    const seen = before.findLast(
      ({ at, change: { after } }) =>
        last?.at.equals(at) && sameValue(kind.fields[change.field] ?? null, after, change.after),
    );
    if (!seen) return true;
    seen.seenAt ??= version.seenAt;
    return false;
  });
  return { ...version, validFrom, changes };
}
