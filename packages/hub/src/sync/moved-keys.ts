import type { KindName } from '@plumbline/connector';
import { sql } from 'kysely';
import { columnOf } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import type { Kind } from '../kernel/kind.ts';
import { otherLiveFacets, type StoredFacet } from './facet-store.ts';

/** An entity that lost one of its keys to another one, and lives on. */
export interface KeyLoss {
  kind: KindName;
  entityId: string;
}

/**
 * The live facets of everything that refers to these entities: some of it may refer by a key that means another one now.
 * Rare, so a statement for each place is fine.
 */
export async function facetsThatRefer(
  rows: Rows,
  { losses, allKinds }: { losses: readonly KeyLoss[]; allKinds: readonly Kind[] },
): Promise<StoredFacet[]> {
  const referring = new Set<string>();
  for (const [target, group] of Map.groupBy(losses, ({ kind }) => kind)) {
    const ids = [...new Set(group.map(({ entityId }) => entityId))];
    for (const kind of allKinds) {
      for (const [name, field] of Object.entries(kind.fields)) {
        if (field.target !== target) continue;
        const { rows: found } =
          field.type === 'refs'
            ? await sql<{ id: string }>`
                select entity_id as id from many_reference
                where kind = ${kind.name} and field = ${name} and target_id = any(${ids}::uuid[])`.execute(rows)
            : await sql<{ id: string }>`
                select id from ${sql.table(kind.table)} where ${sql.ref(columnOf(name, field))} = any(${ids}::uuid[])`.execute(
                rows,
              );
        for (const { id } of found) referring.add(id);
      }
    }
  }
  return otherLiveFacets(rows, { entityIds: [...referring], facetIds: [] });
}
