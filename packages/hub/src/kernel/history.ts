import { defineEntity, p } from '@mikro-orm/core';
import type { JsonValue, Key } from '@plumbline/connector';

export const changeOperations = ['CREATED', 'UPDATED', 'DELETED', 'RESTORED', 'MERGED'] as const;
export type ChangeOperation = (typeof changeOperations)[number];

/**
 * A version is the change event: what an entity was after a change, which fields changed, and whose word it was. The
 * version before it holds the values before. Every writer holds the ingest lock, so `seq` is the order of commits.
 */
export const Version = defineEntity({
  name: 'Version',
  tableName: 'version',
  properties: {
    seq: p.bigint().primary().autoincrement(),
    kind: p.text(),
    entity_id: p.uuid(),
    operation: p.text(),
    /** The source's own time of the change where it is known, else `seen_at`. */
    valid_from: p.string().columnType('timestamptz'),
    seen_at: p.string().columnType('timestamptz'),
    changed: p.json(),
    snapshot: p.json(),
    source_id: p.text().nullable(),
    run_id: p.uuid().nullable(),
  },
  indexes: [
    { name: 'version_entity_idx', properties: ['entity_id', 'seq'] },
    { name: 'version_valid_idx', properties: ['kind', 'valid_from', 'entity_id'] },
    // Work items by the statuses they came to have.
    {
      name: 'version_status_idx',
      expression: `create index "version_status_idx" on "version" (lower("snapshot" ->> 'status'), "entity_id") where "kind" = 'workItem' and "changed" @> '["status"]'`,
    },
  ],
});

/**
 * One field's values as its source remembers them, oldest first: from when, what, and by whom where the source says it.
 * References are entity ids; who it was stays a person's key, so that one who is learnt of later is found, too.
 */
export interface FieldPast {
  source: string;
  values: (readonly [at: string, value: JsonValue, by?: Key])[];
}

/** Field → its past. A field that is missing has no history in its source: for it, versions are all that is known. */
export type PastFields = Readonly<Record<string, FieldPast>>;

/**
 * What the sources themselves remember of an entity, for the fields whose winning source keeps a history: derived from
 * facets like the entity's row, and replaced with it. None for an entity whose sources remember nothing.
 */
export const Past = defineEntity({
  name: 'Past',
  tableName: 'past',
  properties: {
    entity_id: p.uuid().primary(),
    kind: p.text(),
    /** The first instant and the last at which a value began. */
    since: p.string().columnType('timestamptz'),
    until: p.string().columnType('timestamptz'),
    fields: p.json(),
  },
  indexes: [
    { name: 'past_until_idx', properties: ['kind', 'until', 'entity_id'] },
    // Work items by the statuses their source remembers.
    {
      name: 'past_status_idx',
      expression: `create index "past_status_idx" on "past" using gin ((lower(jsonb_path_query_array("fields", '$.status.values[*][1]')::text)::jsonb)) where "kind" = 'workItem'`,
    },
  ],
});
