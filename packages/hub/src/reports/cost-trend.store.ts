import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { decimal } from '../kernel/decimal.ts';
import { exchangePeriods } from '../money/conversion.ts';
import { pricedTime } from '../time/worked.store.ts';
import type { ProgressSettings } from './progress.store.ts';
import { askedDays, type ProjectDay } from './project-day.store.ts';

interface CostRow {
  project_id: string;
  day: string;
  cost: string;
  unpriced: number;
}

/**
 * What the work of each project had cost by the end of each day, in the currency of its contract: project → day → amount,
 * null where some of it has no price. One statement, whatever the number of projects.
 */
export async function readCostByDay(
  rows: Rows,
  { days, settings }: { days: readonly ProjectDay[]; settings: ProgressSettings },
): Promise<Map<string, Map<string, string | null>>> {
  const projectIds = [...new Set(days.map(({ projectId }) => projectId))];
  const to = days.reduce<string | null>((last, { day }) => (last === null || day > last ? day : last), null);
  const { rows: found } = await sql<CostRow>`
    with ${pricedTime({ projectIds, from: null, to }, settings.scope)},
    exchange as materialized (${exchangePeriods(sql`select currency from scoped`)}),
    spent as (
      select project_id, local_date, sum(seconds * cost_rate * case when cost_currency = priced.currency then 1
          else trim_scale(round(exchange.times, 18) / exchange.per) end) as cost,
        count(*) filter (where cost_rate is null or (cost_currency <> priced.currency and exchange.per is null) or priced.currency is null) as unpriced
      from priced
      left join exchange on exchange.base = cost_currency and exchange.quote = priced.currency and cost_currency <> priced.currency
        and local_date between exchange.from_on and exchange.to_on
      group by 1, 2
    )
    select asked_day.project_id, asked_day.day::text as day, trim_scale(coalesce(sum(cost), 0)) as cost, sum(unpriced)::bigint as unpriced
    from ${askedDays(days)} join spent on spent.project_id = asked_day.project_id and spent.local_date <= asked_day.day
    group by 1, 2`.execute(rows);
  const byProject = new Map<string, Map<string, string | null>>();
  for (const { project_id, day, cost, unpriced } of found) {
    const byDay = byProject.get(project_id) ?? new Map<string, string | null>();
    byProject.set(
      project_id,
      byDay.set(day, Number(unpriced) > 0 ? null : decimal(cost).div(3_600).toDecimalPlaces(18).toFixed()),
    );
  }
  return byProject;
}
