import { defineEntity, p } from '@mikro-orm/core';

/** That a view which was shared with the client is shown to it no more: append-only, the view itself stays. */
export const ViewWithdrawal = defineEntity({
  name: 'ViewWithdrawal',
  tableName: 'view_withdrawal',
  properties: {
    view_id: p.uuid().primary(),
    reason: p.text().nullable(),
    recorded_at: p.string().columnType('timestamptz'),
    /** The key that withdrew it. */
    actor: p.text(),
  },
});
