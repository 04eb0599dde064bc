import { defineEntity, p } from '@mikro-orm/core';

/** How a source's mapping compares with what its account has, as it was looked at last. */
export const SourceDrift = defineEntity({
  name: 'SourceDrift',
  tableName: 'source_drift',
  properties: {
    source_id: p.text().primary(),
    /** Fingerprint of the mapping that was compared. */
    mapping: p.text(),
    looked_at: p.string().columnType('timestamptz'),
    /** What the mapping was made for: types of what it names, and items of the lists that it maps. */
    accepted: p.json(),
    findings: p.json(),
  },
});
