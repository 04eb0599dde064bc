import { defineEntity, p } from '@mikro-orm/core';

/** The time a commercial review may take; one row a request, for its latest review. */
export const CommercialReview = defineEntity({
  name: 'CommercialReview',
  tableName: 'commercial_review',
  properties: {
    change_request_id: p.uuid().primary(),
    opened_at: p.string().columnType('timestamptz'),
    /** Opened plus the service level, in business time. */
    due_at: p.string().columnType('timestamptz'),
    closed_at: p.string().columnType('timestamptz').nullable(),
    /** How far along the escalation path it went; 0 before the first. */
    escalations: p.integer(),
  },
  indexes: [{ name: 'commercial_review_due_idx', properties: ['due_at'] }],
});
