import { defineEntity, p } from '@mikro-orm/core';

/** A connector installed with its configuration. Configuration and secrets stay outside the database. */
export const Source = defineEntity({
  name: 'Source',
  tableName: 'source',
  properties: {
    id: p.text().primary(),
    connector: p.text(),
    title: p.text(),
    installed_at: p.string().columnType('timestamptz'),
  },
});
