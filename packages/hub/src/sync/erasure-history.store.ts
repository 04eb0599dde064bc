import type { KindName } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { Kind } from '../kernel/kind.ts';
import { snapshotColumns } from '../kernel/snapshot.ts';
import { unnest } from '../kernel/unnest.ts';
import { changedBetween, keysIn, stillSaid, withKeys, type Saying, type Snapshot } from './erasure.rules.ts';
import { facetsOfEntities } from './erasure-subject.store.ts';
import type { StoredFacet } from './facet-store.ts';
import { lookUp, type IdentityMap } from './identity-store.ts';
import { deletePasts } from './past-store.ts';

type Kinds = Readonly<Record<KindName, Kind>>;

interface VersionRow {
  seq: string;
  entity_id: string;
  snapshot: Snapshot;
}

/**
 * Takes out of versions and pasts what nobody says any more, and out of the rows of entities that nobody has any more.
 * To be called when the facets are what they are to be. Returns how many versions there are.
 */
export async function scrubHistory(
  rows: Rows,
  input: { kinds: Kinds; entities: readonly { kind: KindName; id: string }[] },
): Promise<{ versions: number; pasts: number }> {
  const { kinds, entities } = input;
  let count = 0;
  const ids = entities.map(({ id }) => id);
  const facets = Map.groupBy(await facetsOfEntities(rows, await withSurvivors(rows, ids)), ({ entityId }) => entityId);
  const survivors = await survivorsOf(rows, ids);
  for (const [name, group] of Map.groupBy(entities, ({ kind }) => kind)) {
    const kind = kinds[name];
    const sayings = await sayingsOf(rows, facets.values().toArray().flat());
    const versions = await readVersions(
      rows,
      group.map(({ id }) => id),
    );
    const scrubbed = [...Map.groupBy(versions, (version) => version.entity_id)].flatMap(([id, own]) => {
      const left = (facets.get(survivors.get(id) ?? id) ?? []).flatMap((facet) => sayings.get(facet.id) ?? []);
      let before: Snapshot | null = null;
      return own.map((version) => {
        before = stillSaid(kind, { snapshot: version.snapshot, before, sayings: left });
        return { ...version, snapshot: before };
      });
    });
    await writeVersions(rows, kind, scrubbed);
    count += scrubbed.length;
    await settleRows(rows, kind, {
      ids: group.map(({ id }) => id).filter((id) => !facets.get(id)?.some(({ deleted }) => !deleted)),
    });
  }
  const dead = ids.filter((id) => !facets.get(id)?.some(({ deleted }) => !deleted));
  if (dead.length > 0) await deletePasts(rows, dead);
  return { versions: count, pasts: dead.length };
}

const asked = (ids: readonly string[]) => unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);

async function survivorsOf(rows: Rows, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows: found } = await sql<{ id: string; survivor_id: string }>`
    select merged_entity.id, survivor_id from ${asked(ids)} join merged_entity on merged_entity.id = asked.id`.execute(
    rows,
  );
  return new Map(found.map((row) => [row.id, row.survivor_id]));
}

async function withSurvivors(rows: Rows, ids: readonly string[]): Promise<string[]> {
  return [...new Set([...ids, ...(await survivorsOf(rows, ids)).values()])];
}

/** What facets say, with references as ids, as versions have them. */
async function sayingsOf(rows: Rows, facets: readonly StoredFacet[]): Promise<Map<string, Saying>> {
  const identity: IdentityMap = new Map();
  await lookUp(
    rows,
    identity,
    facets.flatMap((facet) => keysIn(facet.kind, withoutOwn(facet))),
  );
  return new Map(
    facets.map((facet) => {
      const said = withKeys(facet.kind, withoutOwn(facet), (kind, key) => {
        const id = identity.get(kind)?.get(key) ?? key;
        return id as typeof key;
      });
      return [facet.id, { fields: said.fields, customFields: facet.customFields, history: said.history }];
    }),
  );
}

function withoutOwn({ fields, history }: StoredFacet) {
  return { keys: [], fields, history };
}

async function readVersions(rows: Rows, ids: readonly string[]): Promise<VersionRow[]> {
  const { rows: found } = await sql<VersionRow>`
    select seq, entity_id, snapshot from ${asked(ids)} join version on entity_id = asked.id order by entity_id, seq`.execute(
    rows,
  );
  return found;
}

/** Whole entities at a time, in the order of their versions: what changed is told by the one before. */
async function writeVersions(rows: Rows, kind: Kind, versions: readonly VersionRow[]): Promise<void> {
  if (versions.length === 0) return;
  const changes = versions.map((version, index) => {
    const before = versions[index - 1];
    const same = before?.entity_id === version.entity_id;
    return { ...version, changed: changedBetween(kind, same ? before.snapshot : null, version.snapshot) };
  });
  const given = unnest('given', changes, [
    { name: 'seq', type: 'bigint', value: ({ seq }) => seq },
    { name: 'snapshot', type: 'jsonb', value: ({ snapshot }) => JSON.stringify(snapshot) },
    { name: 'changed', type: 'jsonb', value: ({ changed }) => JSON.stringify(changed) },
  ]);
  await sql`
    update version set snapshot = given.snapshot, changed = given.changed from ${given} where version.seq = given.seq`.execute(
    rows,
  );
}

/** Rows as their latest versions say: all fields, or the texts only, where references may have moved on since. */
export async function settleRows(
  rows: Rows,
  kind: Kind,
  of: { ids: readonly string[]; only?: 'TEXTS' },
): Promise<void> {
  if (of.ids.length === 0) return;
  const wanted = Object.entries(kind.fields).filter(
    ([, { type }]) => of.only === undefined || type === 'text' || type === 'texts',
  );
  const columns = wanted.flatMap(([name, field]) => snapshotColumns(name, field));
  const updates = columns.map(({ name, expression }) => sql`${sql.ref(name)} = ${expression}`);
  const latest = sql`
    (select distinct on (entity_id) entity_id, snapshot from ${asked(of.ids)} join version on entity_id = asked.id
      order by entity_id, seq desc) as latest`;
  await sql`
    update ${sql.table(kind.table)} as entity set ${sql.join([...updates, sql`custom_fields = coalesce(snapshot -> 'customFields', '{}'::jsonb)`])}
    from ${latest} where entity.id = latest.entity_id`.execute(rows);
  if (of.only) return;
  await sql`
    delete from many_reference using ${latest}
    where many_reference.entity_id = latest.entity_id
      and not coalesce(jsonb_exists(snapshot -> field, target_id::text), false)`.execute(rows);
}
