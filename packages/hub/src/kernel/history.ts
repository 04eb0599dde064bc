import { defineEntity, p } from '@mikro-orm/core';

const changeOperations = ['CREATED', 'UPDATED', 'DELETED', 'RESTORED', 'MERGED'] as const;
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
  indexes: [{ name: 'version_entity_idx', properties: ['entity_id', 'seq'] }],
});
