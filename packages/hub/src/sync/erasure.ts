import { defineEntity, p } from '@mikro-orm/core';

/** What became of one place where the hub kept words of what was erased, and in how many rows. */
export interface ErasureCount {
  what: string;
  rows: number;
}

/** That something was erased, when, why and for whom: never what it was. */
export const Erasure = defineEntity({
  name: 'Erasure',
  tableName: 'erasure',
  properties: {
    id: p.uuid().primary(),
    /** The key that asked, or the source whose vendor did. */
    asked_by: p.text(),
    reason: p.text(),
    erased_at: p.string().columnType('timestamptz'),
    /** Source and stream of each record, without its id. */
    records: p.json(),
    counts: p.json(),
    /** Rows that people wrote here and that still say it. */
    left_alone: p.json(),
  },
  indexes: [{ name: 'erasure_erased_idx', properties: ['erased_at', 'id'] }],
});

/** What ids are hashed with once they are erased: one, from the first erasure on, and then for good. */
export const ErasureSecret = defineEntity({
  name: 'ErasureSecret',
  tableName: 'erasure_secret',
  properties: { secret: p.text().primary() },
});
