import { defineEntity, p } from '@mikro-orm/core';

/**
 * Days on which work on a change request was agreed, as far as anybody knew then and knows now: derived from the
 * history of its state, and replaced with it. What falls outside is unapproved work.
 */
export const Agreement = defineEntity({
  name: 'Agreement',
  tableName: 'agreement',
  properties: {
    change_request_id: p.uuid().primary(),
    from_on: p.string().columnType('date').primary(),
    /** The last day; null while it goes on. */
    to_on: p.string().columnType('date').nullable(),
  },
});
