import { defineEntity, p } from '@mikro-orm/core';

export const changeOrderStates = ['DRAFT', 'SENT', 'EXECUTED', 'DECLINED', 'VOID'] as const;
export type ChangeOrderState = (typeof changeOrderStates)[number];

/** What the client signs: one price for one or several change requests of a project; negative when it gives money back. */
export const ChangeOrder = defineEntity({
  name: 'ChangeOrder',
  tableName: 'change_order',
  properties: {
    id: p.uuid().primary(),
    project_id: p.uuid(),
    name: p.text(),
    state: p.text(),
    amount: p.string().columnType('numeric'),
    currency: p.text(),
    signed_on: p.string().columnType('date').nullable(),
    evidence: p.json().nullable(),
    created_at: p.string().columnType('timestamptz'),
    created_by: p.text(),
  },
  indexes: [{ name: 'change_order_project_idx', properties: ['project_id', 'id'] }],
});

/** Which requests a change order prices. */
export const ChangeOrderRequest = defineEntity({
  name: 'ChangeOrderRequest',
  tableName: 'change_order_request',
  properties: {
    change_order_id: p.uuid().primary(),
    change_request_id: p.uuid().primary(),
  },
  indexes: [{ name: 'change_order_request_idx', properties: ['change_request_id'] }],
});
