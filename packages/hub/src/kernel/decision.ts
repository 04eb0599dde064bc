import { defineEntity, p } from '@mikro-orm/core';

/**
 * A decision of a person, or a step the hub took by itself: append-only. The number of a subject's last decision is its
 * version, so two people who decide on the same state cannot both be right.
 */
export const Decision = defineEntity({
  name: 'Decision',
  tableName: 'decision',
  properties: {
    id: p.uuid().primary(),
    subject_kind: p.text(),
    subject_id: p.uuid(),
    version: p.integer(),
    action: p.text(),
    from_state: p.text().nullable(),
    to_state: p.text().nullable(),
    /** The key that acted; `plumbline` where the hub acts by itself. */
    actor: p.text(),
    at: p.string().columnType('timestamptz'),
    /** What was brought along: reason, approver, evidence, waiver, figures of the day. */
    details: p.json(),
    /** Given by the caller, so that asking twice decides once. */
    idempotency_key: p.text().nullable(),
    /** Fingerprint of what was asked under that key; null where the caller gave none, and for keys of before it was kept. */
    asked: p.text().nullable(),
  },
  uniques: [
    { name: 'decision_version_key', properties: ['subject_id', 'version'] },
    { name: 'decision_idempotency_key', properties: ['idempotency_key'] },
  ],
});
