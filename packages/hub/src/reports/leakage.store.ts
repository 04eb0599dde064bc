import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { exchangeOf, pricedTime, withExchange, type ScopeSettings, type WorkFilter } from '../time/worked.store.ts';

export const leakageGroups = ['PROJECT', 'CLIENT', 'MANAGER', 'SELLER', 'MONTH', 'CURRENCY'] as const;
export type LeakageGroup = (typeof leakageGroups)[number];

/** Work of one group that nobody ordered. Amounts are in the asked currency, at the rates of each day. */
export interface LeakageRow {
  /** Id of the project, client or person, first day of the month, or code of the currency; null where there is none. */
  key: string | null;
  unapproved_seconds: number;
  unlinked_seconds: number;
  at_risk: string;
  cost_leak: string;
  /** Seconds that are in no amount, for want of a bill rate, of a cost rate, or of a rate of exchange. */
  unpriced_seconds: number;
}

const keys: Readonly<Record<LeakageGroup, RawBuilder<unknown>>> = {
  PROJECT: sql`daily.project_id::text`,
  CLIENT: sql`daily.client_id::text`,
  MANAGER: sql`project.manager_id::text`,
  SELLER: sql`sold.owner_id::text`,
  MONTH: sql`date_trunc('month', daily.local_date)::date::text`,
  CURRENCY: sql`daily.currency`,
};

/** Leakage by group, the most at risk first: one statement, whatever the number of projects. */
export async function readLeakage(
  rows: Rows,
  input: { filter: WorkFilter; groupBy: LeakageGroup | null; currency: string; limit: number; settings: ScopeSettings },
): Promise<LeakageRow[]> {
  const { groupBy } = input;
  const into = sql`${input.currency}::text`;
  const [bill, cost] = [exchangeOf('bill', into), exchangeOf('cost', into)];
  const { rows: found } = await sql<LeakageRow>`
    with ${pricedTime(input.filter, input.settings)},
    daily as (
      select project_id, client_id, currency, scope, local_date, bill_rate, bill_currency, cost_rate, cost_currency, sum(seconds) as seconds
      from priced where scope in ('UNAPPROVED_CHANGE', 'UNLINKED') group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    )
    select ${groupBy ? keys[groupBy] : sql`null`} as key,
      coalesce(sum(seconds) filter (where scope = 'UNAPPROVED_CHANGE'), 0)::bigint as unapproved_seconds,
      coalesce(sum(seconds) filter (where scope = 'UNLINKED'), 0)::bigint as unlinked_seconds,
      trim_scale(coalesce(sum(seconds * bill_rate * ${bill}), 0) / 3600) as at_risk,
      trim_scale(coalesce(sum(seconds * cost_rate * ${cost}), 0) / 3600) as cost_leak,
      coalesce(sum(seconds) filter (where bill_rate * ${bill} is null or cost_rate * ${cost} is null), 0)::bigint as unpriced_seconds
    from daily ${withExchange(into)}
    ${groupBy === 'MANAGER' ? sql`left join project on project.id = daily.project_id` : sql``}
    ${groupBy === 'SELLER' ? soldBy : sql``}
    ${groupBy ? sql`group by 1` : sql``}
    order by at_risk desc, 1 limit ${input.limit}`.execute(rows);
  return found.map((row) => ({
    ...row,
    unapproved_seconds: Number(row.unapproved_seconds),
    unlinked_seconds: Number(row.unlinked_seconds),
    unpriced_seconds: Number(row.unpriced_seconds),
  }));
}

/** The seller of the first deal a project was won with; one, so that nothing counts twice. */
const soldBy = sql`left join (
  select distinct on (project_id) project_id, owner_id from project_link
  join opportunity on opportunity.id = opportunity_id and opportunity.deleted_at is null
  where status = 'LINKED' order by project_id, (state = 'WON') desc, close_date, opportunity.id
) as sold on sold.project_id = daily.project_id`;
