import type { KindName } from '@plumbline/connector';
import { sql, type RawBuilder } from 'kysely';
import { isDecidedOn, moveDecisions } from '../change-requests/merge.store.ts';
import type { Rows } from '../kernel/database.ts';
import type { Kind } from '../kernel/kind.ts';
import { columnOf } from '../kernel/columns.ts';
import { unnest } from '../kernel/unnest.ts';
import { deletePasts } from './past-store.ts';

/** kind → key → entity id. */
export type IdentityMap = Map<KindName, Map<string, string>>;

export interface KindKey {
  kind: KindName;
  key: string;
}

/** Looks up what is not in the map yet and adds what is found. */
export async function lookUp(rows: Rows, map: IdentityMap, wanted: Iterable<KindKey>): Promise<void> {
  const missing = distinct([...wanted].filter(({ kind, key }) => !map.get(kind)?.has(key)));
  if (missing.length === 0) return;
  const asked = unnest('asked', missing, [
    { name: 'kind', type: 'text', value: (each) => each.kind },
    { name: 'key', type: 'text', value: (each) => each.key },
  ]);
  const { rows: found } = await sql<{ kind: KindName; key: string; entity_id: string }>`
    select known.* from ${asked} cross join lateral (
      select identity.kind, identity.key, entity_id from identity
      where identity.kind = asked.kind and identity.key = asked.key offset 0
    ) as known`.execute(rows);
  for (const row of found) remember(map, row.kind, row.key, row.entity_id);
}

export function remember(map: IdentityMap, kind: KindName, key: string, entityId: string): void {
  const known = map.get(kind);
  if (known) known.set(key, entityId);
  else map.set(kind, new Map([[key, entityId]]));
}

export async function storeIdentity(rows: Rows, entries: readonly (KindKey & { entityId: string })[]): Promise<void> {
  if (entries.length === 0) return;
  const given = unnest('given', entries, [
    { name: 'kind', type: 'text', value: (each) => each.kind },
    { name: 'key', type: 'text', value: (each) => each.key },
    { name: 'entity_id', type: 'uuid', value: (each) => each.entityId },
  ]);
  await sql`
    insert into identity (kind, key, entity_id) select kind, key, entity_id from ${given}
    on conflict (kind, key) do update set entity_id = excluded.entity_id`.execute(rows);
}

/** Everything that meant the loser means the survivor from now on. Rare, so a statement for each place is fine. */
export async function mergeEntities(
  rows: Rows,
  input: { kind: Kind; merged: ReadonlyMap<string, string>; allKinds: readonly Kind[]; now: string },
): Promise<void> {
  const { kind, now } = input;
  const pairs = unnest(
    'pair',
    [...input.merged],
    [
      { name: 'loser', type: 'uuid', value: ([loser]) => loser },
      { name: 'survivor', type: 'uuid', value: ([, survivor]) => survivor },
    ],
  );
  await sql`update identity set entity_id = survivor from ${pairs} where entity_id = loser`.execute(rows);
  await sql`update facet set entity_id = survivor from ${pairs} where entity_id = loser`.execute(rows);
  await sql`update merged_entity set survivor_id = survivor from ${pairs} where survivor_id = loser`.execute(rows);
  await sql`
    insert into merged_entity (id, kind, survivor_id, merged_at) select loser, ${kind.name}, survivor, ${now}::timestamptz from ${pairs}
    on conflict (id) do update set survivor_id = excluded.survivor_id`.execute(rows);
  await sql`
    insert into many_reference (kind, entity_id, field, target_id)
    select kind, case when entity_id = loser then survivor else entity_id end, field, case when target_id = loser then survivor else target_id end
    from ${pairs} join many_reference on entity_id = loser or target_id = loser
    on conflict do nothing`.execute(rows);
  await sql`delete from many_reference using ${pairs} where entity_id = loser or target_id = loser`.execute(rows);
  await deletePasts(rows, [...input.merged.keys()]);
  if (kind.name === 'opportunity' || kind.name === 'project') await mergeProjectLinks(rows, kind, pairs);
  if (isDecidedOn(kind.name)) await moveDecisions(rows, kind.name, pairs);
  for (const other of input.allKinds) {
    for (const [name, field] of Object.entries(other.fields)) {
      if (field.type !== 'ref' || field.target !== kind.name) continue;
      const column = sql.ref(columnOf(name, field));
      await sql`update ${sql.table(other.table)} set ${column} = survivor from ${pairs} where ${column} = loser`.execute(
        rows,
      );
    }
  }
}

/** Several links may become one, of the survivor and of each loser: a person's last word stays, else the survivor's own. */
async function mergeProjectLinks(rows: Rows, kind: Kind, pairs: RawBuilder<unknown>): Promise<void> {
  const column = sql.ref(`${kind.table}_id`);
  const other = sql.ref(kind.name === 'project' ? 'opportunity_id' : 'project_id');
  await sql`
    with pairs as materialized (select loser, survivor from ${pairs}), concerned as (
      select opportunity_id, project_id, row_number() over (
        partition by coalesce(survivor, ${column}), ${other}
        order by (origin = 'PERSON') desc, decided_at desc nulls last, (survivor is null) desc, origin, ${column}
      ) as place
      from project_link left join pairs on loser = ${column}
      where ${column} in (select loser from pairs union all select survivor from pairs)
    )
    delete from project_link as link using concerned
    where link.opportunity_id = concerned.opportunity_id and link.project_id = concerned.project_id and place > 1`.execute(
    rows,
  );
  await sql`update project_link set ${column} = survivor from ${pairs} where ${column} = loser`.execute(rows);
}

function distinct(keys: readonly KindKey[]): KindKey[] {
  return [...new Map(keys.map((each) => [`${each.kind} ${each.key}`, each])).values()];
}
