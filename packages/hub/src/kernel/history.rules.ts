import type { Field, PastValue } from '@plumbline/connector';
import { sameValue } from './columns.ts';
import type { FieldPast, PastFields } from './history.ts';
import type { Kind } from './kind.ts';
import { ranked, winner, type FacetView, type Rank } from './merge.ts';

/** A facet with what its source remembers, oldest first. */
export interface RememberingFacet extends FacetView {
  history: readonly PastValue[];
}

/**
 * What an entity's fields were by the word of the source that counts for each now; where none has a value now, of the
 * best one that remembers any. A field whose winner keeps no history is left out, whatever others remember.
 */
export function pastOf(
  kind: Kind,
  facets: readonly RememberingFacet[],
  by: { rank: Rank; idOf(target: string, key: string): string | null },
): PastFields {
  const told = facets.filter((facet) => facet.history.length > 0);
  const names = new Set(told.flatMap((facet) => facet.history.map((past) => past.field)));
  const past: Record<string, FieldPast> = {};
  for (const name of names) {
    const field = kind.fields[name];
    if (!field || field.type === 'refs') continue;
    const remembers = (facet: RememberingFacet): boolean => facet.history.some((each) => each.field === name);
    const teller =
      winner(kind, name, facets, by.rank) ??
      (ranked(kind, name, told.filter(remembers), by.rank)[0] as RememberingFacet);
    if (!remembers(teller)) continue;
    const own = teller.history.filter((each) => each.field === name);
    past[name] = { source: teller.sourceId, values: collapse(field, own, by.idOf) };
  }
  return past;
}

/** Values with references as ids; what follows its equal is left out. */
function collapse(
  field: Field,
  history: readonly PastValue[],
  idOf: (target: string, key: string) => string | null,
): FieldPast['values'] {
  const values: FieldPast['values'] = [];
  for (const { at, value, by } of history) {
    const known = field.type === 'ref' && value !== null ? idOf(field.target ?? '', value as string) : value;
    const before = values.at(-1);
    if (!before || !sameValue(field, before[1], known)) values.push(by === undefined ? [at, known] : [at, known, by]);
  }
  return values;
}

/** The first instant and the last at which any of the values began. */
export function spanOf(past: PastFields): { since: string; until: string } | null {
  const fields = Object.values(past);
  const begins = fields.flatMap(({ values }) => values.slice(0, 1)).map(([at]) => at);
  const [first, ...others] = begins;
  if (first === undefined) return null;
  const ends = fields.flatMap(({ values }) => values.slice(-1)).map(([at]) => at);
  return {
    since: others.reduce((a, b) => (Temporal.Instant.compare(a, b) <= 0 ? a : b), first),
    until: ends.reduce((a, b) => (Temporal.Instant.compare(a, b) >= 0 ? a : b), first),
  };
}
