import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { exchangePeriods } from '../money/conversion.ts';
import { pricedTime, type ScopeSettings, type WorkFilter } from '../time/worked.store.ts';

export const leakageGroups = ['PROJECT', 'CLIENT', 'MANAGER', 'SELLER', 'PERSON', 'TEAM', 'MONTH', 'CURRENCY'] as const;
export type LeakageGroup = (typeof leakageGroups)[number];

/** Work of one group that nobody ordered. Amounts are in the asked currency, at the rates of each day. */
export interface LeakageRow {
  /** Id of the project, client or person, name of the team, first day of the month, or code of the currency; null where there is none. */
  key: string | null;
  unapproved_seconds: number;
  unlinked_seconds: number;
  at_risk: string;
  cost_leak: string;
  /** Seconds that are in no amount, for want of a bill rate, of a cost rate, or of a rate of exchange. */
  unpriced_seconds: number;
}

const keys: Readonly<Record<LeakageGroup, RawBuilder<unknown>>> = {
  PROJECT: sql`priced.project_id::text`,
  CLIENT: sql`priced.client_id::text`,
  MANAGER: sql`project.manager_id::text`,
  SELLER: sql`sold.owner_id::text`,
  PERSON: sql`priced.person_id::text`,
  TEAM: sql`worker.team`,
  MONTH: sql`date_trunc('month', priced.local_date)::date::text`,
  CURRENCY: sql`priced.currency`,
};

/** Which work, told apart how, and by what it is summed. */
export interface LeakageQuestion {
  filter: WorkFilter;
  /** One sum of everything when null. */
  groupBy: LeakageGroup | null;
  settings: ScopeSettings;
}

/** Leakage by group, the most at risk first: one statement, whatever the number of projects. */
export async function readLeakage(
  rows: Rows,
  input: LeakageQuestion & { currency: string; limit: number },
): Promise<LeakageRow[]> {
  const { groupBy } = input;
  const into = sql`${input.currency}::text`;
  const { rows: found } = await sql<LeakageRow>`
    with ${pricedTime(input.filter, input.settings)}, ${worthByDay(input.filter, into)}
    select ${groupBy ? keys[groupBy] : sql`null`} as key,
      coalesce(sum(seconds) filter (where scope = 'UNAPPROVED_CHANGE'), 0)::bigint as unapproved_seconds,
      coalesce(sum(seconds) filter (where scope = 'UNLINKED'), 0)::bigint as unlinked_seconds,
      trim_scale(coalesce(sum(seconds * bill_rate * of_bill.worth), 0) / 3600) as at_risk,
      trim_scale(coalesce(sum(seconds * cost_rate * of_cost.worth), 0) / 3600) as cost_leak,
      coalesce(sum(seconds) filter (where bill_rate * of_bill.worth is null or cost_rate * of_cost.worth is null), 0)::bigint as unpriced_seconds
    from priced
    left join worth as of_bill on of_bill.currency = bill_currency and of_bill.day = local_date
    left join worth as of_cost on of_cost.currency = cost_currency and of_cost.day = local_date
    ${joinedFor(groupBy)}
    where ${unordered}
    ${groupBy ? sql`group by 1` : sql``}
    order by at_risk desc, 1 limit ${input.limit}`.execute(rows);
  return found.map((row) => ({
    ...row,
    unapproved_seconds: Number(row.unapproved_seconds),
    unlinked_seconds: Number(row.unlinked_seconds),
    unpriced_seconds: Number(row.unpriced_seconds),
  }));
}

/** The projects that the work of each group was done in; one statement. */
export async function readLeakageProjects(
  rows: Rows,
  { filter, groupBy, settings }: LeakageQuestion,
): Promise<{ key: string | null; projectIds: string[] }[]> {
  const { rows: found } = await sql<{ key: string | null; projectIds: string[] }>`
    with ${pricedTime(filter, settings)}
    select ${groupBy ? keys[groupBy] : sql`null`} as key, array_agg(distinct priced.project_id::text) as "projectIds"
    from priced ${joinedFor(groupBy)}
    where ${unordered} and priced.project_id is not null group by 1`.execute(rows);
  return found;
}

const unordered = sql`scope not in ('BASELINE', 'APPROVED_CHANGE', 'INTERNAL')`;

/** What the key of a group is read out of, beside the work. */
function joinedFor(groupBy: LeakageGroup | null): RawBuilder<unknown> {
  if (groupBy === 'MANAGER') return sql`left join project on project.id = priced.project_id`;
  if (groupBy === 'SELLER') return soldBy;
  if (groupBy === 'TEAM') return sql`left join person as worker on worker.id = priced.person_id`;
  return sql``;
}

/** The seller of the first deal a project was won with; one, so that nothing counts twice. */
const soldBy = sql`left join (
  select distinct on (project_id) project_id, owner_id from project_link
  join opportunity on opportunity.id = opportunity_id and opportunity.deleted_at is null
  where status = 'LINKED' order by project_id, (state = 'WON') desc, close_date, opportunity.id
) as sold on sold.project_id = priced.project_id`;

/**
 * `worth`: what one unit of each currency was worth on each day of the work. A row a day, and not a period, since a join by
 * equality is hashed: over a quarter of many projects a join by period compares each of them with every rate.
 */
export function worthByDay({ from, to }: WorkFilter, into: RawBuilder<unknown>): RawBuilder<unknown> {
  const first = from === null ? sql`(select min(local_date) from time_entry)` : sql`${from}::date`;
  const last = to === null ? sql`(select max(local_date) from time_entry)` : sql`${to}::date`;
  return sql`exchange as materialized (${exchangePeriods(into)}),
  worth as materialized (
    select base as currency, day::date as day, trim_scale(round(times, 18) / per) as worth
    from (select * from exchange union all select ${into}, ${into}, 1, 1, '-infinity', 'infinity') as exchange
    cross join generate_series(greatest(from_on, ${first}), least(to_on, ${last}), interval '1 day') as day
  )`;
}
