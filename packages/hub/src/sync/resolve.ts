/** A facet on its way to an entity. */
export interface Claim {
  facetId: string;
  keys: readonly string[];
  /** The entity it belonged to before, if it is not new. */
  before: string | null;
}

/** What is already known of the entities that the claims' keys lead to. */
export interface Known {
  /** key → entity id. */
  identity: ReadonlyMap<string, string>;
  /** entity id → its live facets. An entity without any is a reservation, made by a reference. */
  facets: ReadonlyMap<string, readonly { facetId: string; keys: readonly string[] }[]>;
}

export interface Resolution {
  /** facet id → entity id. */
  entityOf: Map<string, string>;
  /** Keys whose entity is new or another one now. */
  identity: Map<string, string>;
  /** loser → survivor: entities that turned out to be one. */
  merged: Map<string, string>;
}

/**
 * Decides which entity each facet belongs to. A facet is held by an entity when another live facet there shares one of
 * its keys, when the entity is only a reservation, or when the facet is alone in it. Held by several: they are one, and
 * the oldest id survives. Held by none: the facet leaves and becomes an entity of its own. A key that no live facet
 * claims any more goes over to whoever claims it now. Pure; ids sort by age.
 */
export function resolve(claims: readonly Claim[], known: Known, newId: () => string): Resolution {
  const groups = groupByKeys(claims);
  const resolution: Resolution = { entityOf: new Map(), identity: new Map(), merged: new Map() };
  const survivorOf = (id: string): string => {
    const next = resolution.merged.get(id);
    return next === undefined ? id : survivorOf(next);
  };
  for (const group of groups) {
    const inGroup = new Set(group.map((claim) => claim.facetId));
    const keys = new Set(group.flatMap((claim) => claim.keys));
    const candidates = new Set<string>();
    for (const key of keys) {
      const id = known.identity.get(key);
      if (id !== undefined) candidates.add(id);
    }
    for (const claim of group) if (claim.before !== null) candidates.add(claim.before);
    const holders = [...candidates]
      .filter((id) => holds(known.facets.get(id) ?? [], inGroup, keys))
      .map(survivorOf)
      .toSorted();
    const survivor = holders[0] ?? newId();
    for (const loser of holders) if (loser !== survivor) resolution.merged.set(loser, survivor);
    for (const claim of group) resolution.entityOf.set(claim.facetId, survivor);
    for (const key of keys) if (known.identity.get(key) !== survivor) resolution.identity.set(key, survivor);
  }
  for (const [facetId, id] of resolution.entityOf) resolution.entityOf.set(facetId, survivorOf(id));
  for (const [key, id] of resolution.identity) resolution.identity.set(key, survivorOf(id));
  for (const loser of resolution.merged.keys()) resolution.merged.set(loser, survivorOf(loser));
  return resolution;
}

function holds(
  facets: readonly { facetId: string; keys: readonly string[] }[],
  inGroup: ReadonlySet<string>,
  keys: ReadonlySet<string>,
): boolean {
  const others = facets.filter((facet) => !inGroup.has(facet.facetId));
  return others.length === 0 || others.some((facet) => facet.keys.some((key) => keys.has(key)));
}

/** Claims that share a key, directly or through others. */
function groupByKeys(claims: readonly Claim[]): Claim[][] {
  const parent = claims.map((_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] ?? root;
    parent[index] = root;
    return root;
  };
  const firstWith = new Map<string, number>();
  claims.forEach((claim, index) => {
    for (const key of claim.keys) {
      const other = firstWith.get(key);
      if (other === undefined) firstWith.set(key, index);
      else parent[find(index)] = find(other);
    }
  });
  return [...Map.groupBy(claims.entries(), ([index]) => find(index)).values()].map((group) =>
    group.map(([, claim]) => claim),
  );
}
