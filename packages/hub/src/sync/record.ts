import { defineEntity, p } from '@mikro-orm/core';

/** ERASED: nothing is left of it but a hash of its id, by which it is known if it comes again. */
const recordStates = ['PRESENT', 'MISSING', 'INVISIBLE', 'DELETED', 'ERASED'] as const;
export type RecordState = (typeof recordStates)[number];

/** What is known of one payload without opening it. Narrow, so that a page is compared without reading payloads. */
export const SourceRecord = defineEntity({
  name: 'SourceRecord',
  tableName: 'record',
  properties: {
    id: p.uuid().primary(),
    source_id: p.text(),
    stream: p.text(),
    external_id: p.text(),
    hash: p.text(),
    /** The vendor's time of the last change; null where it does not say. */
    changed_at: p.string().columnType('timestamptz').nullable(),
    /** As the stream gives it; null where it gives none. */
    surroundings: p.text().nullable(),
    seen_at: p.string().columnType('timestamptz'),
    /** Fingerprint of the mapping that was applied last; another one means `remap`. */
    mapping: p.text(),
    state: p.text(),
  },
  uniques: [{ name: 'record_external_key', properties: ['source_id', 'stream', 'external_id'] }],
});

/** The payload as the vendor sent it: text that nobody asks into, so its members keep their order and digits. */
export const RecordPayload = defineEntity({
  name: 'RecordPayload',
  tableName: 'record_payload',
  properties: { record_id: p.uuid().primary(), payload: p.json().columnType('json') },
});

/** A record that could not be parsed or mapped, for as long as it cannot. */
export const Quarantine = defineEntity({
  name: 'Quarantine',
  tableName: 'quarantine',
  properties: {
    /** The record's id. */
    id: p.uuid().primary(),
    source_id: p.text(),
    stream: p.text(),
    external_id: p.text(),
    error: p.text(),
    since: p.string().columnType('timestamptz'),
    last_seen_at: p.string().columnType('timestamptz'),
  },
  indexes: [{ name: 'quarantine_source_idx', properties: ['source_id', 'stream'] }],
});
