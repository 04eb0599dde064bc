import type { JsonValue, Key, KindName } from '@plumbline/connector';
import type { FieldChange, HistoryEntry } from '../kernel/history.entries.ts';
import type { ChangeOperation } from '../kernel/history.ts';
import { HUB_SOURCE } from '../kernel/hub-source.ts';
import { looksAt, type ReviewLens } from './review-scope.ts';

/** Something that happened to a record since the last review. */
export interface Movement {
  kind: MovingKind;
  id: string;
  operation: ChangeOperation;
  /** The field that changed; null where the whole record came, went or came back. */
  field: string | null;
  before: JsonValue;
  after: JsonValue;
  /** Who: the key that decided here, else the source whose word it was. */
  by: string | null;
  /** What tells which person that was: the key that decided here, or one that the source names; null where nothing does. */
  person: { actor: string } | { key: Key } | null;
  at: string;
}

/** The fields whose changes matter in a review, by the kinds that have them. */
const watchedFields = {
  opportunity: ['stage', 'state', 'amount', 'probability', 'closeDate', 'owner', 'nextStep', 'nextStepDate'],
  project: ['status', 'start', 'end', 'manager'],
  changeRequest: ['state', 'priceDelta', 'scheduleDeltaDays'],
  milestone: ['status', 'due', 'forecast', 'achievedOn'],
  risk: ['status', 'probability', 'impact'],
} as const satisfies Partial<Record<KindName, readonly string[]>>;
export type MovingKind = keyof typeof watchedFields;

/** The kinds whose movements a review through a lens looks at. Pure. */
export function movingKinds(lens: ReviewLens): MovingKind[] {
  const all = Object.keys(watchedFields) as MovingKind[];
  return all.filter((kind) => looksAt(lens, kind === 'opportunity' ? 'SALES' : 'DELIVERY'));
}

/** Within which instants, and what tells who it was. */
export interface MovementQuestion {
  /** Behind this instant, up to `now`. */
  since: string;
  now: string;
  /** Since when all of the kind is known: what was seen before did not happen then, unless its source remembers it. */
  knownSince: string | null;
  /** What was decided on the record at an instant, in the order in which it was. */
  decidedAt(at: string): readonly Decided[];
}

/** A decision: whose, and to which state it led. */
export interface Decided {
  actor: string;
  toState: string | null;
}

/** What moved of one record, newest first. Pure. */
export function movementsOf(
  { kind, id }: { kind: MovingKind; id: string },
  entries: readonly HistoryEntry[],
  { since, now, knownSince, decidedAt }: MovementQuestion,
): Movement[] {
  const watched: readonly string[] = watchedFields[kind];
  return entries.flatMap((entry): Movement[] => {
    const at = entry.validFrom.toString();
    if (Temporal.Instant.compare(at, since) <= 0 || Temporal.Instant.compare(at, now) > 0) return [];
    const { operation, seenAt, sourceId } = entry;
    const decided = sourceId === HUB_SOURCE ? decidedAt(at) : [];
    const moved = { kind, id, operation, at };
    const whoOf = (change: FieldChange | undefined): Pick<Movement, 'by' | 'person'> => {
      const actor = actorOf(decided, change?.after ?? null);
      if (actor !== null) return { by: actor, person: { actor } };
      return { by: sourceId, person: change?.by === undefined ? null : { key: change.by } };
    };
    const isNews = seenAt !== null && knownSince !== null && Temporal.Instant.compare(seenAt, knownSince) > 0;
    if (operation !== 'UPDATED') {
      const who = whoOf(operation === 'CREATED' ? firstBy(sourceId, entries) : undefined);
      return isNews ? [{ ...moved, ...who, field: null, before: null, after: null }] : [];
    }
    const fields = entry.changes.filter(
      ({ field, isRemembered }) => watched.includes(field) && (isNews || isRemembered === true),
    );
    const hasStage = fields.some(({ field }) => field === 'stage');
    return fields
      .filter(({ field }) => !(hasStage && field === 'state'))
      .map((change) => {
        const { field, before, after } = change;
        return { ...moved, ...whoOf(change), field, before, after };
      });
  });
}

/** A decision may have the hub take the next step at the same instant: a state is of whoever led to it, all else of a person. */
function actorOf(decided: readonly Decided[], after: JsonValue): string | null {
  const decision =
    decided.find(({ toState }) => toState !== null && toState === after) ??
    decided.findLast(({ actor }) => actor !== HUB_SOURCE) ??
    decided.at(-1);
  return decision?.actor ?? null;
}

/** The first of what a source remembers of a record: who made it so made the record. */
function firstBy(sourceId: string | null, entries: readonly HistoryEntry[]): FieldChange | undefined {
  const own = entries.filter((entry) => entry.sourceId === sourceId);
  return own.flatMap(({ changes }) => changes).findLast(({ isRemembered }) => isRemembered === true);
}
