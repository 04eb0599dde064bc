import { sql } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';

/** Orders as the decisions of by then had left them; what an order is about and its price never change. */
export const pastChangeOrders: readonly PastTable[] = [
  {
    name: 'change_order',
    rows: (at) => sql`
      select present.id, project_id, name, moved.to_state as state, amount, currency, (moved.details ->> 'signedOn')::date as signed_on,
        coalesce(moved.details -> 'evidence', 'null') as evidence, created_at, created_by
      from change_order as present cross join lateral (
        select to_state, details from decision where subject_id = present.id and at <= ${at} order by version desc limit 1
      ) as moved`,
  },
  {
    name: 'change_order_request',
    of: ['change_order'],
    rows: () => sql`
      select change_order_id, change_request_id from change_order_request as present
      where change_order_id in (select id from change_order)`,
  },
];
