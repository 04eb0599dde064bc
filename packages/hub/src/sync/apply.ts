import type { KindName } from '@plumbline/connector';
import { randomUUIDv7 } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Rows } from '../kernel/database.ts';
import type { Kind } from '../kernel/kind.ts';
import { together } from '../kernel/together.ts';
import { readEntities, writeEntities } from './entity-store.ts';
import { otherLiveFacets, storeFacets, type StoredFacet } from './facet-store.ts';
import { lookUp, mergeEntities, remember, storeIdentity, type IdentityMap, type KindKey } from './identity-store.ts';
import type { Rank } from '../kernel/merge.ts';
import { changesOf, pastsOf, type Touched } from './changes.ts';
import { facetsThatRefer, type KeyLoss } from './moved-keys.ts';
import { writePasts } from './past-store.ts';
import { resolve } from './resolve.ts';

/** What the hub knows that a page does not bring. */
export interface MergeRules {
  kinds: Readonly<Record<KindName, Kind>>;
  rank: Rank;
}

export interface ApplyInput {
  rules: MergeRules;
  /** Facets that are new, changed or gone; their `entityId` is what it was, or empty for a new one. */
  facets: readonly StoredFacet[];
  now: string;
  runId: string | null;
}

export interface Applied {
  /** Kinds whose entities changed, with the ids. */
  changed: Map<KindName, string[]>;
  /** Those and others a facet of which was written, such as for a history that arrived late. */
  touched: Map<KindName, string[]>;
}

/** Facets in, entities out: identity, merge, versions, all in a fixed number of statements for each kind. */
export async function applyFacets(rows: Rows, input: ApplyInput): Promise<Applied> {
  const { facets, rules } = input;
  const identity: IdentityMap = new Map();
  const live = facets.filter((facet) => !facet.deleted);
  for (const facet of live)
    if (facet.settled) for (const key of facet.keys) remember(identity, facet.kind, key, facet.entityId);
  await lookUp(
    rows,
    identity,
    live.flatMap((facet) => [...ownKeys(facet), ...referredKeys(rules, facet)]),
  );

  const others = await otherFacets(rows, facets, identity);
  const touched = new Map<KindName, Set<string>>();
  const touch = (kind: KindName, id: string): void =>
    void (touched.get(kind)?.add(id) ?? touched.set(kind, new Set([id])));
  const losers = new Set<string>();
  const losses: KeyLoss[] = [];
  const fresh: (KindKey & { entityId: string })[] = [];

  for (const facet of facets) if (facet.entityId !== '') touch(facet.kind, facet.entityId);
  const placed: StoredFacet[] = facets.filter((facet) => facet.deleted);
  for (const [kind, group] of Map.groupBy(live, (facet) => facet.kind)) {
    const resolution = resolve(
      group.map((facet) => ({
        facetId: facet.id,
        keys: facet.keys,
        before: facet.entityId === '' ? null : facet.entityId,
      })),
      {
        identity: identity.get(kind) ?? new Map(),
        facets: Map.groupBy(
          [...others, ...group]
            .filter((each) => each.kind === kind)
            .map((each) => ({ facetId: each.id, keys: each.keys, entityId: each.entityId })),
          (each) => each.entityId,
        ),
      },
      randomUUIDv7,
    );
    if (resolution.merged.size > 0) {
      await mergeEntities(rows, {
        kind: rules.kinds[kind],
        merged: resolution.merged,
        allKinds: Object.values(rules.kinds),
        now: input.now,
      });
      for (const facet of [...others, ...placed])
        if (facet.kind === kind) facet.entityId = resolution.merged.get(facet.entityId) ?? facet.entityId;
      for (const [loser, survivor] of resolution.merged) {
        losers.add(loser);
        touch(kind, loser);
        touch(kind, survivor);
      }
      repoint(identity, kind, resolution.merged);
    }
    for (const [key, entityId] of resolution.identity) {
      const before = identity.get(kind)?.get(key);
      if (before !== undefined && before !== entityId) losses.push({ kind, entityId: before });
      remember(identity, kind, key, entityId);
      fresh.push({ kind, key, entityId });
    }
    for (const facet of group) {
      const entityId = resolution.entityOf.get(facet.id) ?? facet.entityId;
      touch(kind, entityId);
      placed.push({ ...facet, entityId });
    }
  }
  fresh.push(...reserve(rules, live, identity));
  await lookUp(
    rows,
    identity,
    others.flatMap((facet) => referredKeys(rules, facet)),
  );
  const standing = Map.groupBy(
    [...others, ...placed].filter((facet) => !facet.deleted),
    (facet) => facet.entityId,
  );
  // The entities are worked out while the facets are stored; neither needs what the other writes.
  const [changed] = await together([
    writeTouched(rows, { ...input, touched, standing, identity, losers }),
    storeFacets(rows, placed, input.now).then(() => storeIdentity(rows, fresh)),
  ]);
  const applied = { changed, touched: new Map([...touched].map(([kind, ids]) => [kind, [...ids]])) };
  if (losses.length === 0) return applied;
  // Nothing of them has changed but what a key in them means, so this goes no further.
  const referring = await facetsThatRefer(rows, { losses, allKinds: Object.values(rules.kinds) });
  return referring.length === 0 ? applied : both(applied, await applyFacets(rows, { ...input, facets: referring }));
}

function both(first: Applied, second: Applied): Applied {
  const union = (a: Map<KindName, string[]>, b: Map<KindName, string[]>): Map<KindName, string[]> =>
    new Map([...a, ...b].map(([kind]) => [kind, [...new Set([...(a.get(kind) ?? []), ...(b.get(kind) ?? [])])]]));
  return { changed: union(first.changed, second.changed), touched: union(first.touched, second.touched) };
}

/** Every touched entity that is another one now, its version, and what its sources remember of it. */
async function writeTouched(
  rows: Rows,
  input: ApplyInput &
    Pick<Touched, 'standing' | 'identity' | 'losers'> & { touched: ReadonlyMap<KindName, Set<string>> },
): Promise<Map<KindName, string[]>> {
  const changed = new Map<KindName, string[]>();
  for (const [name, ids] of input.touched) {
    const kind = input.rules.kinds[name];
    const before = await readEntities(rows, kind, [...ids]);
    await turn();
    const of = { ...input, kind, ids: [...ids], before, rank: input.rules.rank };
    const changes = changesOf(of);
    await writeEntities(rows, { kind, changes, now: input.now, runId: input.runId });
    await writePasts(rows, kind, pastsOf(of));
    if (changes.length > 0)
      changed.set(
        name,
        changes.map((change) => change.id),
      );
  }
  return changed;
}

/** The live facets, beside the given ones, of every entity that may be concerned. */
async function otherFacets(rows: Rows, facets: readonly StoredFacet[], identity: IdentityMap): Promise<StoredFacet[]> {
  const concerned = new Set<string>();
  for (const facet of facets) {
    if (facet.entityId !== '') concerned.add(facet.entityId);
    for (const key of facet.keys) {
      const id = identity.get(facet.kind)?.get(key);
      if (id !== undefined) concerned.add(id);
    }
  }
  return otherLiveFacets(rows, { entityIds: [...concerned], facetIds: facets.map((facet) => facet.id) });
}

function ownKeys(facet: StoredFacet): KindKey[] {
  return facet.keys.map((key) => ({ kind: facet.kind, key }));
}

/** What a facet refers to, or did. */
function referredKeys(rules: MergeRules, facet: StoredFacet): KindKey[] {
  const { fields } = rules.kinds[facet.kind];
  const past = facet.history.flatMap(({ field: name, value }) => {
    const field = fields[name];
    return field?.type === 'ref' && value !== null ? [{ kind: field.target as KindName, key: value as string }] : [];
  });
  const present = Object.entries(fields).flatMap(([name, field]) => {
    const value = facet.fields[name];
    if (value === null || value === undefined || field.target === undefined) return [];
    const kind = field.target as KindName;
    return (field.type === 'refs' ? (value as readonly string[]) : [value as string]).map((key) => ({ kind, key }));
  });
  return [...present, ...past];
}

/** A reference to what nobody has brought yet reserves an id for it. */
function reserve(
  rules: MergeRules,
  facets: readonly StoredFacet[],
  identity: IdentityMap,
): (KindKey & { entityId: string })[] {
  const reserved: (KindKey & { entityId: string })[] = [];
  for (const { kind, key } of facets.flatMap((facet) => referredKeys(rules, facet))) {
    if (identity.get(kind)?.has(key)) continue;
    const entityId = randomUUIDv7();
    remember(identity, kind, key, entityId);
    reserved.push({ kind, key, entityId });
  }
  return reserved;
}

function repoint(identity: IdentityMap, kind: KindName, merged: ReadonlyMap<string, string>): void {
  for (const [key, id] of identity.get(kind) ?? []) {
    const survivor = merged.get(id);
    if (survivor !== undefined) remember(identity, kind, key, survivor);
  }
}
