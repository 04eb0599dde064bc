import { defineEntity, p } from '@mikro-orm/core';

/** That a report was sent to its client, as somebody says: append-only. */
export const ReportSending = defineEntity({
  name: 'ReportSending',
  tableName: 'report_sending',
  properties: {
    id: p.uuid().primary(),
    /** The snapshot that was sent. */
    snapshot_id: p.uuid(),
    sent_at: p.string().columnType('timestamptz'),
    /** To whom and how, in their words. */
    sent_to: p.text(),
    recorded_at: p.string().columnType('timestamptz'),
    /** The key that says so. */
    actor: p.text(),
  },
  indexes: [{ name: 'report_sending_snapshot_idx', properties: ['snapshot_id', 'sent_at'] }],
});
