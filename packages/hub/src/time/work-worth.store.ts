import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { exchangePeriods } from '../money/conversion.ts';
import type { ScopeClass } from './leakage.metrics.ts';
import type { WorkNature } from './nature.metrics.ts';
import { amountOf, natureOf, pricedTime, type LocalPeriod, type WorkSettings } from './worked.store.ts';

/**
 * Work of one project in one class and of one nature: a sum over time entries that either all have an amount or all have
 * none. Amounts are in the currency of the project's contract, to 18 decimal places: each rate counts at what it was worth
 * on the day of the work. Null without a rate, or without one of exchange.
 */
export interface WorkWorth {
  project_id: string | null;
  scope: ScopeClass;
  nature: WorkNature;
  seconds: number;
  bill: string | null;
  cost: string | null;
  /** Of that, the work of the days that were asked for apart; the amount is null where there is none of it, too. */
  lately_seconds: number;
  lately_cost: string | null;
}

/** Days of one project that are asked for apart, both included. */
export interface LateDays {
  projectId: string;
  from: string;
  to: string;
}

/**
 * The work of these projects within a period with its scope and nature at the time it was done, summed: a few rows a project,
 * whatever the number of its time entries, of the people who worked and of their rates.
 */
export async function readWorkWorth(
  rows: Rows,
  { projectIds, period, lately }: { projectIds: readonly string[]; period: LocalPeriod; lately: readonly LateDays[] },
  settings: WorkSettings,
): Promise<WorkWorth[]> {
  const filter = { ...period, projectIds };
  const late = sql`unnest((select ${lately.map(({ projectId }) => projectId)}::uuid[]), (select ${lately.map(({ from }) => from)}::date[]),
    (select ${lately.map(({ to }) => to)}::date[])) as late(project_id, from_on, to_on)`;
  const { rows: found } = await sql<WorkWorth>`
    with ${pricedTime(filter, settings.scope)}, ${natureOf(filter, settings.nature)}, exchange as materialized (${exchangeByPair}),
    worth as (
      select priced.project_id, scope, coalesce(nature, 'WORK') as nature, seconds, ${worthOf('bill')} as bill, ${worthOf('cost')} as cost,
        coalesce(local_date between late.from_on and late.to_on, false) as is_late
      from priced left join natured on natured.id = priced.id left join ${late} on late.project_id = priced.project_id ${withExchange('bill')} ${withExchange('cost')}
    )
    select project_id, scope, nature, sum(seconds)::bigint as seconds, ${amountOf(sql`bill`)} as bill, ${amountOf(sql`cost`)} as cost,
      coalesce(sum(seconds) filter (where is_late), 0)::bigint as lately_seconds, ${amountOf(sql`case when is_late then cost end`)} as lately_cost
    from worth group by 1, 2, 3, worth.bill is null, worth.cost is null
    order by 1, 2, 3, worth.bill is null, worth.cost is null`.execute(rows);
  return found.map((row) => ({
    ...row,
    seconds: Number(row.seconds),
    lately_seconds: Number(row.lately_seconds),
  }));
}

/**
 * A row for each pair of currencies, with the first days and the worths of its periods side by side: a join by period would
 * compare every time entry with all of them.
 */
const exchangeByPair = sql`
  select base, quote, array_agg(from_on order by from_on) as since, array_agg(round(times, 18) / per order by from_on) as worth
  from (${exchangePeriods(sql`select currency from scoped`)}) as told group by base, quote`;

function withExchange(of: 'bill' | 'cost'): RawBuilder<unknown> {
  const [table, from] = [sql.ref(`of_${of}`), sql.ref(`${of}_currency`)];
  return sql`left join exchange as ${table} on ${table}.base = ${from} and ${table}.quote = priced.currency`;
}

/** A rate in the project's currency, to 18 decimal places where it has to be converted. Before the first period there is none. */
function worthOf(of: 'bill' | 'cost'): RawBuilder<unknown> {
  const [rate, currency, table] = [sql.ref(`${of}_rate`), sql.ref(`${of}_currency`), sql.ref(`of_${of}`)];
  return sql`case when ${currency} = priced.currency then ${rate}
    else round(${rate} * ${table}.worth[width_bucket(local_date, ${table}.since)], 18) end`;
}
