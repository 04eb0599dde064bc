import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { Progress } from '../projects/earned-value.rules.ts';
import type { EarnedValueSettings } from '../projects/earned-value.settings.ts';
import { isCommitted, type WorkSettings } from '../time/worked.store.ts';
import { askedDays, type ProjectDay } from './project-day.store.ts';

export interface ProgressSettings extends WorkSettings {
  earnedValue: EarnedValueSettings;
}

interface ProgressRow {
  project_id: string;
  day: string;
  items: Progress['items'] | null;
  milestones: {
    count: number;
    unweighted: number;
    unpriced: number;
    currencies: number;
    weights: { all: string; reached: string };
    amounts: { all: string; reached: string };
  } | null;
}

const nothing: Progress = {
  items: { count: 0, done: 0, estimate: 0, doneEstimate: 0 },
  milestones: { count: 0, weights: null, amounts: null },
};

/**
 * What was done by the end of each day of what stands agreed now: work of commitments and of executed change orders, and
 * milestones. What is done or reached without anybody saying when counts on every day. The last day of a project is today,
 * for which the present state decides. One statement; by project, then by day.
 */
export async function readProgress(
  rows: Rows,
  { days, settings }: { days: readonly ProjectDay[]; settings: ProgressSettings },
): Promise<Map<string, Map<string, Progress>>> {
  const weight = sql`milestone.custom_fields ->> ${settings.earnedValue.milestoneWeight}`;
  const { rows: found } = await sql<ProgressRow>`
    with asked_day as materialized (select * from ${askedDays(days)}),
    asked_project as materialized (select project_id as id, max(day) as today from asked_day group by 1),
    agreed_item as (
      select item.project_id, coalesce(item.estimate, 0) as estimate, asked_project.today,
        case when item.status_category = 'DONE' then coalesce(item.done_at, '-infinity') end as done_at
      from asked_project join work_item as item on item.project_id = asked_project.id and item.deleted_at is null
      left join lateral (
        select coalesce(item.change_request_id, (
          select entity_id from many_reference where target_id = item.id and kind = 'changeRequest' and field = 'workItems'
          order by entity_id limit 1)) as request_id
      ) as named on true
      where case when named.request_id is null then ${isCommitted({ id: sql`item.id`, customFields: sql`item.custom_fields` }, settings.scope)}
        else exists (
          select 1 from change_order_request join change_order on change_order.id = change_order_id
          where change_order_request.change_request_id = named.request_id and change_order.state = 'EXECUTED') end
    ),
    agreed_milestone as (
      select milestone.project_id, milestone.amount, milestone.amount_currency,
        case when ${weight} ~ '^\\d{1,15}(\\.\\d{1,9})?$' then (${weight})::numeric end as weight,
        case when milestone.status in ('ACHIEVED', 'ACCEPTED') or milestone.achieved_on <= asked_project.today
          then least(coalesce(milestone.achieved_on, '-infinity'), asked_project.today) end as reached_on
      from asked_project join milestone on milestone.project_id = asked_project.id and milestone.deleted_at is null
    ),
    item_progress as (
      select project_id, day, jsonb_build_object(
        'count', count(*), 'done', count(*) filter (where is_done),
        'estimate', sum(estimate), 'doneEstimate', coalesce(sum(estimate) filter (where is_done), 0)) as document
      from (
        select project_id, day, estimate, done_at < until or (done_at is not null and day = today) as is_done
        from agreed_item join asked_day using (project_id)
      ) as item group by 1, 2
    ),
    milestone_progress as (
      select project_id, day, jsonb_build_object(
        'count', count(*), 'unweighted', count(*) filter (where weight is null), 'unpriced', count(*) filter (where amount is null),
        'currencies', count(distinct amount_currency),
        'weights', jsonb_build_object('all', coalesce(sum(weight), 0)::text, 'reached', coalesce(sum(weight) filter (where reached_on <= day), 0)::text),
        'amounts', jsonb_build_object('all', coalesce(sum(amount), 0)::text, 'reached', coalesce(sum(amount) filter (where reached_on <= day), 0)::text)) as document
      from agreed_milestone join asked_day using (project_id) group by 1, 2
    )
    select project_id, day::text as day, item_progress.document as items, milestone_progress.document as milestones
    from asked_day left join item_progress using (project_id, day) left join milestone_progress using (project_id, day)`.execute(
    rows,
  );
  const byProject = new Map<string, Map<string, Progress>>();
  for (const row of found) {
    const byDay = byProject.get(row.project_id) ?? new Map<string, Progress>();
    byProject.set(row.project_id, byDay.set(row.day, toProgress(row)));
  }
  return byProject;
}

function toProgress({ items, milestones }: ProgressRow): Progress {
  return {
    items: items ?? nothing.items,
    milestones: milestones
      ? {
          count: milestones.count,
          weights: milestones.unweighted > 0 ? null : milestones.weights,
          amounts: milestones.unpriced > 0 || milestones.currencies > 1 ? null : milestones.amounts,
        }
      : nothing.milestones,
  };
}
