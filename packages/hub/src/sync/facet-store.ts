import type { JsonValue, KindName, PastValue } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { FacetView } from '../kernel/merge.ts';

/** A facet as it stands in the database. */
export interface StoredFacet extends FacetView {
  recordId: string;
  kind: KindName;
  localId: string;
  entityId: string;
  keys: readonly string[];
  history: readonly PastValue[];
  /** Whether it stood with these very keys already, so that each of them means its entity. */
  settled: boolean;
  /** Whether its source remembered anything before what it says now. */
  remembered: boolean;
  deleted: boolean;
}

interface FacetRow {
  id: string;
  record_id: string;
  source_id: string;
  kind: KindName;
  local_id: string;
  entity_id: string;
  keys: string[];
  fields: Record<string, JsonValue>;
  custom_fields: Record<string, JsonValue>;
  history: PastValue[];
  changed_at: string | null;
  deleted_at: string | null;
}

const columns = sql.raw(
  `facet.id, facet.record_id, facet.source_id, facet.kind, facet.local_id, facet.entity_id, facet.keys, facet.fields,
   facet.custom_fields, facet.history, facet.changed_at, facet.deleted_at`,
);

export async function facetsOfRecords(rows: Rows, recordIds: readonly string[]): Promise<StoredFacet[]> {
  if (recordIds.length === 0) return [];
  const asked = unnest('asked', recordIds, [{ name: 'record_id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<FacetRow>`
    select known.* from ${asked} cross join lateral (
      select ${columns} from facet where facet.record_id = asked.record_id offset 0
    ) as known`.execute(rows);
  return found.map(toFacet);
}

/** The facets that count for these entities, but for those the caller has in hand: their documents are not read again. */
export async function otherLiveFacets(
  rows: Rows,
  of: { entityIds: readonly string[]; facetIds: readonly string[] },
): Promise<StoredFacet[]> {
  if (of.entityIds.length === 0) return [];
  const asked = unnest('asked', of.entityIds, [{ name: 'entity_id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<FacetRow>`
    select known.* from ${asked} cross join lateral (
      select ${columns} from facet where facet.entity_id = asked.entity_id and facet.deleted_at is null
        and facet.id not in (select unnest(${of.facetIds}::uuid[])) offset 0
    ) as known`.execute(rows);
  return found.map(toFacet);
}

function toFacet(row: FacetRow): StoredFacet {
  return {
    id: row.id,
    recordId: row.record_id,
    sourceId: row.source_id,
    kind: row.kind,
    localId: row.local_id,
    entityId: row.entity_id,
    keys: row.keys,
    fields: row.fields,
    customFields: row.custom_fields,
    history: row.history,
    settled: row.deleted_at === null,
    remembered: row.history.length > 0,
    changedAt: row.changed_at,
    deleted: row.deleted_at !== null,
  };
}

export async function storeFacets(rows: Rows, facets: readonly StoredFacet[], now: string): Promise<void> {
  if (facets.length === 0) return;
  const given = unnest('given', facets, [
    { name: 'id', type: 'uuid', value: (facet) => facet.id },
    { name: 'record_id', type: 'uuid', value: (facet) => facet.recordId },
    { name: 'source_id', type: 'text', value: (facet) => facet.sourceId },
    { name: 'kind', type: 'text', value: (facet) => facet.kind },
    { name: 'local_id', type: 'text', value: (facet) => facet.localId },
    { name: 'entity_id', type: 'uuid', value: (facet) => facet.entityId },
    { name: 'keys', type: 'json', value: (facet) => JSON.stringify(facet.keys) },
    { name: 'fields', type: 'json', value: (facet) => JSON.stringify(facet.fields) },
    { name: 'custom_fields', type: 'json', value: (facet) => JSON.stringify(facet.customFields) },
    { name: 'history', type: 'json', value: (facet) => JSON.stringify(facet.history) },
    { name: 'changed_at', type: 'timestamptz', value: (facet) => facet.changedAt },
    { name: 'deleted', type: 'boolean', value: (facet) => facet.deleted },
  ]);
  await sql`
    insert into facet (id, record_id, source_id, kind, local_id, entity_id, keys, fields, custom_fields, history, changed_at, seen_at, deleted_at)
    select id, record_id, source_id, kind, local_id, entity_id, keys, fields, custom_fields, history,
           changed_at, ${now}::timestamptz, case when deleted then ${now}::timestamptz end
    from ${given}
    on conflict (id) do update set
      entity_id = excluded.entity_id, keys = excluded.keys, fields = excluded.fields, custom_fields = excluded.custom_fields,
      history = excluded.history, changed_at = excluded.changed_at, seen_at = excluded.seen_at, deleted_at = excluded.deleted_at`.execute(
    rows,
  );
}
