import { defineEntity, p } from '@mikro-orm/core';

/** One member of a `refs` field: every source's references together. */
export const ManyReference = defineEntity({
  name: 'ManyReference',
  tableName: 'many_reference',
  properties: {
    kind: p.text().primary(),
    entity_id: p.uuid().primary(),
    field: p.text().primary(),
    target_id: p.uuid().primary(),
  },
  indexes: [
    { name: 'many_reference_entity_idx', properties: ['entity_id'] },
    { name: 'many_reference_target_idx', properties: ['target_id', 'field'] },
  ],
});
