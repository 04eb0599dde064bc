import { defineEntity, p } from '@mikro-orm/core';

/** What a review showed: immutable, so that it can be compared with any later one. */
export const ReportSnapshot = defineEntity({
  name: 'ReportSnapshot',
  tableName: 'report_snapshot',
  properties: {
    id: p.uuid().primary(),
    /** PERSON, TEAM, CLIENT or PORTFOLIO. */
    scope_kind: p.text(),
    /** The person or client; null for a team and for the portfolio. */
    scope_id: p.uuid().nullable(),
    team: p.text().nullable(),
    lens: p.text(),
    currency: p.text(),
    as_of: p.string().columnType('timestamptz'),
    taken_at: p.string().columnType('timestamptz'),
    /** The key that took it; `plumbline` where the schedule did. */
    taken_by: p.text(),
    /** The day for which the schedule took it; null where somebody asked for it. */
    due_on: p.string().columnType('date').nullable(),
    /** Fingerprint of the definitions of its figures. */
    metric_version: p.text(),
    /** Fingerprint of all that its figures were computed of. */
    inputs_hash: p.text(),
    /** When each stream had last been read to its end. */
    watermarks: p.json(),
    /** Each with its definition, its value and how it stands; what it was computed of is in the hash alone. */
    figures: p.json(),
    /** Projects that are in none of the figures, and why. */
    left_out: p.json(),
    /** The latest views that everybody here may read. */
    narratives: p.json(),
  },
  indexes: [{ name: 'report_snapshot_scope_idx', properties: ['scope_kind', 'scope_id', 'as_of'] }],
});
