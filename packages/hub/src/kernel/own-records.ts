import type { Key, KindName, PastValue, UnifiedRecord } from '@plumbline/connector';
import type { Rows } from './database.ts';

/**
 * What the hub itself says of entities: a record of its own beside those of the vendors, merged by authority, versioned
 * and shown in provenance like any other. To be used inside a transaction.
 */
export interface OwnRecords {
  /** One writer at a time, ingest included; until the transaction ends. */
  lock(rows: Rows): Promise<void>;
  /** What the hub says of an entity so far; null when it has said nothing. */
  of(rows: Rows, kind: KindName, entityId: string): Promise<UnifiedRecord | null>;
  /** Replaces what the hub says. Returns the entity's id, which is new when no key of the record is known. */
  write(rows: Rows, record: UnifiedRecord, at: string): Promise<string>;
  /** The same for several records that are new, in one page. */
  writeAll(rows: Rows, records: readonly UnifiedRecord[], at: string): Promise<void>;
  /** A key the entity is known by; null when there is no such entity. */
  keyOf(rows: Rows, kind: KindName, entityId: string): Promise<Key | null>;
  /** What the sources say a field was, oldest first; where none keeps a history, what the hub saw. */
  pastOf(rows: Rows, input: { kind: KindName; entityId: string; field: string }): Promise<PastValue[]>;
}

declare module './context.ts' {
  interface Context {
    own: OwnRecords;
  }
}
