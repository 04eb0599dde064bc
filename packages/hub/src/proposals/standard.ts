import { defineEntity, p } from '@mikro-orm/core';

/** What every proposal has to say. Never changed: the next version takes its place. */
export const SowStandard = defineEntity({
  name: 'SowStandard',
  tableName: 'sow_standard',
  properties: {
    version: p.integer().primary().autoincrement(false),
    clauses: p.json(),
    published_by: p.text(),
    published_at: p.string().columnType('timestamptz'),
  },
});
