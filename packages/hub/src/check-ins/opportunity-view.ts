import { defineEntity, p } from '@mikro-orm/core';

export const perspectives = ['SELLER', 'CLIENT', 'OPERATIONS'] as const;
export type Perspective = (typeof perspectives)[number];

/** Who may read a view beside its author: nobody, the leadership, everybody here, the client too. */
export type Audience = 'PRIVATE' | 'LEADERSHIP' | 'TEAM' | 'CLIENT';

/** How somebody sees an opportunity, or a project they deliver: append-only, a later one stands beside the one before. */
export const OpportunityView = defineEntity({
  name: 'OpportunityView',
  tableName: 'opportunity_view',
  properties: {
    id: p.uuid().primary(),
    /** `opportunity` or `project`. */
    subject_kind: p.text(),
    subject_id: p.uuid(),
    /** The client it was about then, who alone may be shown what is meant for the client. Null where there was none, or nobody noted it. */
    client_id: p.uuid().nullable(),
    perspective: p.text(),
    text: p.text(),
    /** 0 to 1. */
    confidence: p.string().columnType('numeric').nullable(),
    next_step: p.text().nullable(),
    next_step_date: p.string().columnType('date').nullable(),
    help_wanted: p.text().nullable(),
    audience: p.text(),
    /** Of when it speaks; it may have been written down later. */
    as_of: p.string().columnType('timestamptz'),
    recorded_at: p.string().columnType('timestamptz'),
    /** The key that wrote it down. */
    actor: p.text(),
    /** Whose view it is, where somebody says. */
    author_id: p.uuid().nullable(),
    /** Obstacles and needs that were raised with it, by their ids. */
    obstacle_ids: p.json(),
    close_need_ids: p.json(),
  },
  indexes: [{ name: 'opportunity_view_subject_idx', properties: ['subject_id', 'as_of'] }],
});
