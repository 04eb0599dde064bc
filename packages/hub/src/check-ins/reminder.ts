import { defineEntity, p } from '@mikro-orm/core';

/** That somebody was asked, on a day of theirs, to say how they see something: append-only. */
export const Reminder = defineEntity({
  name: 'Reminder',
  tableName: 'reminder',
  properties: {
    id: p.uuid().primary(),
    person_id: p.uuid(),
    /** The local day of the person. */
    day: p.string().columnType('date'),
    /** `opportunity` or `project`. */
    subject_kind: p.text(),
    subject_id: p.uuid(),
    /** From whose side the view is due. */
    perspective: p.text(),
    /** Of when the last view spoke; null where there never was one. */
    last_as_of: p.string().columnType('timestamptz').nullable(),
    /** Since when the view was old. */
    old_since: p.string().columnType('timestamptz'),
    /** The how-manieth of this person for want of the same view. */
    nth: p.integer(),
    recorded_at: p.string().columnType('timestamptz'),
  },
  indexes: [
    { name: 'reminder_subject_idx', properties: ['subject_id', 'person_id'] },
    { name: 'reminder_day_idx', properties: ['day', 'person_id'] },
  ],
  uniques: [{ name: 'reminder_once_a_day_key', properties: ['person_id', 'day', 'subject_id', 'perspective'] }],
});
