import { defineEntity, p } from '@mikro-orm/core';

/** One source's view of one entity: its mapped fields, references still as keys. Nothing in it is ever lost to a merge. */
export const Facet = defineEntity({
  name: 'Facet',
  tableName: 'facet',
  properties: {
    id: p.uuid().primary(),
    record_id: p.uuid(),
    source_id: p.text(),
    kind: p.text(),
    /** The record's id within its payload. */
    local_id: p.text(),
    entity_id: p.uuid(),
    keys: p.json().columnType('json'),
    fields: p.json().columnType('json'),
    custom_fields: p.json().columnType('json'),
    /** Values the source itself remembers, oldest first. */
    history: p.json().columnType('json'),
    changed_at: p.string().columnType('timestamptz').nullable(),
    seen_at: p.string().columnType('timestamptz'),
    /** Set when the source no longer has it; its values stop counting. */
    deleted_at: p.string().columnType('timestamptz').nullable(),
  },
  uniques: [{ name: 'facet_record_key', properties: ['record_id', 'kind', 'local_id'] }],
  indexes: [{ name: 'facet_entity_idx', properties: ['entity_id'] }],
});

/**
 * Which entity a key means. A reference to a key nobody has brought yet reserves an id, so that what arrives later
 * takes it and every reference is right already.
 */
export const Identity = defineEntity({
  name: 'Identity',
  tableName: 'identity',
  properties: { kind: p.text().primary(), key: p.text().primary(), entity_id: p.uuid() },
  indexes: [{ name: 'identity_entity_idx', properties: ['entity_id'] }],
});

/** An entity that turned out to be another one; its id goes on working. */
export const MergedEntity = defineEntity({
  name: 'MergedEntity',
  tableName: 'merged_entity',
  properties: {
    id: p.uuid().primary(),
    kind: p.text(),
    survivor_id: p.uuid(),
    merged_at: p.string().columnType('timestamptz'),
  },
  indexes: [{ name: 'merged_entity_survivor_idx', properties: ['survivor_id'] }],
});
