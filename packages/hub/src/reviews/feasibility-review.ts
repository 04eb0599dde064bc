import { defineEntity, p } from '@mikro-orm/core';

/**
 * Whether a proposal can be delivered, by somebody who does not sell it. It is asked for, begun and decided once; whether
 * it still counts follows from the terms as they are and from its age, and is never stored.
 */
export const FeasibilityReview = defineEntity({
  name: 'FeasibilityReview',
  tableName: 'feasibility_review',
  properties: {
    id: p.uuid().primary(),
    proposal_id: p.uuid(),
    /** Of the terms that are reviewed. */
    content_hash: p.text(),
    /** The key that asked. */
    requested_by: p.text(),
    /** Whom it asked for, where the graph knows them. */
    requester_id: p.uuid().nullable(),
    requested_at: p.string().columnType('timestamptz'),
    /** The key that said who reviews. */
    reviewed_by: p.text().nullable(),
    reviewer_id: p.uuid().nullable(),
    started_at: p.string().columnType('timestamptz').nullable(),
    decided_at: p.string().columnType('timestamptz').nullable(),
    /** The verdict on each aspect; null before. */
    findings: p.json().nullable(),
    /** What a CONDITIONAL verdict depends on. */
    conditions: p.json(),
  },
  indexes: [{ name: 'feasibility_review_proposal_idx', properties: ['proposal_id', 'id'] }],
});
