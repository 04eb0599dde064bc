import type { JsonValue } from '@plumbline/connector';
import type { Kind } from './kind.ts';

/** What a merge looks at in a facet. */
export interface FacetView {
  id: string;
  sourceId: string;
  fields: Readonly<Record<string, JsonValue>>;
  customFields: Readonly<Record<string, JsonValue>>;
  changedAt: string | null;
}

/** The rank of a source for a field of a kind; the lowest counts first. */
export type Rank = (kind: Kind, field: string, sourceId: string) => number;

export interface Merged {
  fields: Record<string, JsonValue>;
  customFields: Record<string, JsonValue>;
}

/**
 * One entity out of what every source says of it. For each field the best-ranked source that has a value wins; among
 * equals the one that changed last. A field that is empty at its master is filled from the next source; the facets
 * keep every value, so nothing is lost and provenance can show who said what.
 */
export function mergeFacets(kind: Kind, facets: readonly FacetView[], rank: Rank): Merged {
  const fields: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.type === 'refs') fields[name] = union(facets, name);
    else fields[name] = winner(kind, name, facets, rank)?.fields[name] ?? null;
  }
  const customFields: Record<string, JsonValue> = {};
  for (const name of new Set(facets.flatMap((facet) => Object.keys(facet.customFields))).values()) {
    const best = ranked(kind, name, facets, rank).find((facet) => (facet.customFields[name] ?? null) !== null);
    customFields[name] = best?.customFields[name] ?? null;
  }
  return { fields, customFields };
}

/** The facet whose value of a field counts; null when no source has one. */
export function winner<Facet extends FacetView>(
  kind: Kind,
  field: string,
  facets: readonly Facet[],
  rank: Rank,
): Facet | null {
  const holders = facets.filter((facet) => (facet.fields[field] ?? null) !== null);
  return (holders.length < 2 ? holders[0] : ranked(kind, field, holders, rank)[0]) ?? null;
}

/** Facets by whose word counts for a field, best first. */
export function ranked<Facet extends FacetView>(
  kind: Kind,
  field: string,
  facets: readonly Facet[],
  rank: Rank,
): Facet[] {
  return facets.toSorted(
    (a, b) =>
      rank(kind, field, a.sourceId) - rank(kind, field, b.sourceId) ||
      compare(b.changedAt ?? '', a.changedAt ?? '') ||
      compare(a.id, b.id),
  );
}

function union(facets: readonly FacetView[], name: string): JsonValue {
  const members = facets.flatMap((facet) => (facet.fields[name] ?? []) as readonly string[]);
  return [...new Set(members)].toSorted(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
