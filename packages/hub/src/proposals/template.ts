import { defineEntity, p } from '@mikro-orm/core';

/** What a proposal says where nobody says otherwise. Never changed: the next version of a name takes its place. */
export const SowTemplate = defineEntity({
  name: 'SowTemplate',
  tableName: 'sow_template',
  properties: {
    name: p.text().primary(),
    version: p.integer().primary(),
    terms: p.json(),
    published_by: p.text(),
    published_at: p.string().columnType('timestamptz'),
  },
});
