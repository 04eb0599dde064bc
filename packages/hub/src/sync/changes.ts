import type { KindName } from '@plumbline/connector';
import { canonical, sameValue } from '../kernel/columns.ts';
import type { ChangeOperation } from '../kernel/history.ts';
import { pastOf } from '../kernel/history.rules.ts';
import type { Kind } from '../kernel/kind.ts';
import { mergeFacets, type Rank } from '../kernel/merge.ts';
import type { EntityChange, EntityState } from './entity-store.ts';
import type { StoredFacet } from './facet-store.ts';
import type { IdentityMap } from './identity-store.ts';
import type { EntityPast } from './past-store.ts';

/** The touched entities of one kind, and all there is to know of them. */
export interface Touched {
  kind: Kind;
  ids: readonly string[];
  before: ReadonlyMap<string, EntityState>;
  standing: ReadonlyMap<string, StoredFacet[]>;
  identity: IdentityMap;
  losers: ReadonlySet<string>;
  rank: Rank;
  /** The facets that are new, changed or gone. */
  facets: readonly StoredFacet[];
  now: string;
}

/** What the sources remember of each entity of which they do, or did; what is gone keeps its past. */
export function pastsOf({ kind, ids, before, standing, identity, rank, facets: touching }: Touched): EntityPast[] {
  const told = new Set(touching.filter((facet) => facet.remembered).map((facet) => facet.entityId));
  const idOf = (target: string, key: string): string | null => identity.get(target as KindName)?.get(key) ?? null;
  return ids.flatMap((id) => {
    const facets = standing.get(id) ?? [];
    const tells = told.has(id) || facets.some((facet) => facet.history.length > 0);
    if (facets.length === 0 || !tells) return [];
    return [{ id, past: pastOf(kind, facets, { rank, idOf }), known: before.has(id) }];
  });
}

/** What became of each entity that is another one now. */
export function changesOf(input: Touched): EntityChange[] {
  const { kind, ids, before, standing, identity, rank } = input;
  const latest = Map.groupBy(input.facets, (facet) => facet.id);
  const changes: EntityChange[] = [];
  for (const id of ids) {
    const facets = standing.get(id) ?? [];
    const was = before.get(id);
    if (facets.length === 0 && (was === undefined || was.deleted)) continue;
    const state = facets.length === 0 && was ? { ...was, deleted: true } : stateOf(kind, facets, rank, identity);
    const changed = was
      ? differences(kind, was, state)
      : Object.keys(state.values).filter((name) => state.values[name] !== null);
    const operation = input.losers.has(id) ? 'MERGED' : operationOf(was, state);
    if (operation === 'UPDATED' && changed.length === 0) continue;
    const cause = facets
      .filter((facet) => latest.has(facet.id))
      .toSorted((a, b) => ((a.changedAt ?? '') < (b.changedAt ?? '') ? 1 : -1))[0];
    const source = cause ?? input.facets.find((facet) => facet.entityId === id);
    changes.push({
      id,
      operation,
      state,
      changed,
      validFrom: validFrom({ operation, changedAt: cause?.changedAt ?? null, now: input.now }),
      sourceId: source?.sourceId ?? null,
    });
  }
  return changes;
}

/**
 * The source's time, but for what it does not tell: when a record came back, which may have been unchanged meanwhile. A
 * source's clock may be ahead of ours; what we have seen is true by now.
 */
function validFrom(of: { operation: ChangeOperation; changedAt: string | null; now: string }): string {
  if (of.operation === 'RESTORED' || of.changedAt === null) return of.now;
  return Date.parse(of.changedAt) > Date.parse(of.now) ? of.now : of.changedAt;
}

function stateOf(kind: Kind, facets: readonly StoredFacet[], rank: Rank, identity: IdentityMap): EntityState {
  const merged = mergeFacets(kind, facets, rank);
  for (const [name, field] of Object.entries(kind.fields)) {
    const value = merged.fields[name];
    if (value === null || value === undefined || field.target === undefined) continue;
    const idOf = (key: string): string | null => identity.get(field.target as KindName)?.get(key) ?? null;
    merged.fields[name] =
      field.type === 'refs'
        ? [...new Set((value as readonly string[]).map(idOf))].filter((id) => id !== null).toSorted()
        : idOf(value as string);
  }
  return { values: merged.fields, customFields: merged.customFields, deleted: false };
}

function differences(kind: Kind, was: EntityState, is: EntityState): string[] {
  const names = Object.entries(kind.fields).flatMap(([name, field]) =>
    sameValue(field, was.values[name] ?? null, is.values[name] ?? null) ? [] : [name],
  );
  return canonical(was.customFields) === canonical(is.customFields) ? names : [...names, 'customFields'];
}

function operationOf(was: EntityState | undefined, is: EntityState): ChangeOperation {
  if (!was) return 'CREATED';
  if (is.deleted && !was.deleted) return 'DELETED';
  if (!is.deleted && was.deleted) return 'RESTORED';
  return 'UPDATED';
}
