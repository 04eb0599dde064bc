import { defineEntity, p } from '@mikro-orm/core';

export const linkStatuses = ['LINKED', 'SUGGESTED', 'REJECTED'] as const;
export type LinkStatus = (typeof linkStatuses)[number];

export const linkOrigins = ['KEY', 'PERSON', 'LIKENESS'] as const;
export type LinkOrigin = (typeof linkOrigins)[number];

/** What a decision about a pair is called; it is one on the opportunity, and its details name the project. */
export const linkActions = { LINKED: 'CONFIRM_LINK', REJECTED: 'REJECT_LINK' } as const;

/** That a project delivers an opportunity: known by a key on either side, suggested by likeness, or decided by a person. */
export const ProjectLink = defineEntity({
  name: 'ProjectLink',
  tableName: 'project_link',
  properties: {
    opportunity_id: p.uuid().primary(),
    project_id: p.uuid().primary(),
    status: p.text(),
    origin: p.text(),
    /** 0 to 1 for a suggestion. */
    score: p.string().columnType('numeric').nullable(),
    /** Sentences that say why. */
    reasons: p.json(),
    decided_by: p.text().nullable(),
    decided_at: p.string().columnType('timestamptz').nullable(),
  },
  indexes: [{ name: 'project_link_project_idx', properties: ['project_id'] }],
});
