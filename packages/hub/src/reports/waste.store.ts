import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { WorkNature } from '../time/nature.metrics.ts';
import { natureOf, pricedTime, withinPeriod, type WorkFilter, type WorkSettings } from '../time/worked.store.ts';
import { worthByDay } from './leakage.store.ts';

export const wasteGroups = ['PROJECT', 'CLIENT', 'PERSON', 'MONTH'] as const;
export type WasteGroup = (typeof wasteGroups)[number];

/** Work of one nature. Amounts are in the asked currency, at the rates of each day; null when none of it has a rate. */
export interface WasteSum {
  seconds: number;
  price: string | null;
  cost: string | null;
  /** Seconds that are in no price, and in no cost, for want of a rate, or of a rate of exchange. */
  unpriced: number;
  uncosted: number;
}

/** Work of one group, and how much of it waited for the client or was rework. */
export interface WasteRow {
  /** Id of the project, client or person, or first day of the month; null where there is none. */
  key: string | null;
  worked: number;
  /** What is no progress; natures without any work are not there. */
  natures: Partial<Record<Exclude<WorkNature, 'WORK'>, WasteSum>>;
}

const keys: Readonly<Record<WasteGroup, RawBuilder<unknown>>> = {
  PROJECT: sql`work.project_id::text`,
  CLIENT: sql`work.client_id::text`,
  PERSON: sql`work.person_id::text`,
  MONTH: sql`date_trunc('month', work.local_date)::date::text`,
};

export interface WasteQuestion {
  filter: WorkFilter;
  clientId: string | null;
  personId: string | null;
  groupBy: WasteGroup | null;
  currency: string;
  limit: number;
  settings: WorkSettings;
}

/**
 * Waiting and rework by group, the most hours of them first: one statement, whatever the number of projects. All work is
 * only counted; what is no progress is priced.
 */
export async function readWaste(rows: Rows, question: WasteQuestion): Promise<WasteRow[]> {
  const { filter, groupBy, clientId, personId } = question;
  const key = groupBy ? keys[groupBy] : sql`null`;
  const asked = sql`(${clientId}::uuid is null or work.client_id = ${clientId}::uuid)
    and (${personId}::uuid is null or work.person_id = ${personId}::uuid)`;
  const { all, wasted } = workOf(question);
  const { rows: found } = await sql<{ key: string | null; worked: string | number; natures: WasteRow['natures'] }>`
    with ${wasted}, ${worthByDay(filter, sql`${question.currency}::text`)},
    summed as (
      select ${key} as key, null as nature, sum(work.seconds) as seconds, null::numeric as price, null::numeric as cost,
        null::numeric as unpriced, null::numeric as uncosted
      from ${all} as work where ${asked} group by 1
      union all
      select ${key}, nature, sum(seconds), trim_scale(sum(seconds * bill_rate * of_bill.worth) / 3600),
        trim_scale(sum(seconds * cost_rate * of_cost.worth) / 3600),
        coalesce(sum(seconds) filter (where bill_rate * of_bill.worth is null), 0),
        coalesce(sum(seconds) filter (where cost_rate * of_cost.worth is null), 0)
      from priced as work join natured on natured.id = work.id
      left join worth as of_bill on of_bill.currency = bill_currency and of_bill.day = local_date
      left join worth as of_cost on of_cost.currency = cost_currency and of_cost.day = local_date
      where ${asked} group by 1, 2
    )
    select ${groupBy ? sql`key` : sql`null as key`}, coalesce(sum(seconds) filter (where nature is null), 0)::bigint as worked,
      coalesce(jsonb_object_agg(nature, jsonb_build_object('seconds', seconds::bigint, 'price', price::text, 'cost', cost::text,
        'unpriced', unpriced::bigint, 'uncosted', uncosted::bigint)) filter (where nature is not null), '{}') as natures
    from summed ${groupBy ? sql`group by key` : sql``}
    order by coalesce(sum(seconds) filter (where nature is not null), 0) desc, 1 limit ${question.limit}`.execute(rows);
  return found.map((row) => ({ ...row, worked: Number(row.worked) }));
}

/** All work that is asked about, as a table; and `natured` and `priced` of what is no progress. */
function workOf({ filter, settings }: WasteQuestion): { all: RawBuilder<unknown>; wasted: RawBuilder<unknown> } {
  const natured = natureOf(filter, settings.nature);
  if (filter.projectIds !== null)
    return { all: sql`scoped`, wasted: sql`${pricedTime(filter, settings.scope)}, ${natured}` };
  const only = sql`entry.id in (select id from natured)`;
  return {
    all: sql`(
      select entry.person_id, entry.local_date, entry.seconds, coalesce(entry.project_id, item.project_id) as project_id, project.client_id
      from time_entry as entry left join work_item as item on item.id = entry.work_item_id
      left join project on project.id = coalesce(entry.project_id, item.project_id) where ${withinPeriod(filter)})`,
    wasted: sql`${natured}, ${pricedTime({ ...filter, only }, settings.scope)}`,
  };
}
