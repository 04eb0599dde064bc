import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { exchangePeriods } from '../money/conversion.ts';
import type { OpenRisk } from '../risks/risk.metrics.ts';
import { readWorkWorth, type WorkWorth } from '../time/work-worth.store.ts';
import { dayStart, daysLater } from '../kernel/local-day.ts';
import { isCommitted, type LocalPeriod, type WorkSettings } from '../time/worked.store.ts';
import { performanceOn, type MeasuredPlan, type Performance } from './performance.rules.ts';
import { readProgress, type ProgressSettings } from './progress.store.ts';
import { placeProjects, projectDays, type PlacedProject } from './project-day.store.ts';

const DAYS_LATELY = 28;

/** What a project was first agreed to be; amounts in `currency`. Null where nobody has said. */
interface Plan {
  currency: string | null;
  contractValue: string | null;
  plannedCost: string | null;
  plannedSeconds: number | null;
  /** BASELINE when it was accepted here, BUDGET when only the sheet says so. */
  origin: 'BASELINE' | 'BUDGET' | null;
}

/** Everything the figures of one project are computed of. */
export interface ProjectFacts {
  /** Within which days orders, decisions and work count; null for all there are. */
  period: LocalPeriod | null;
  status: string | null;
  /** The local date of asking, in the project's zone. */
  today: string;
  plan: Plan;
  measured: MeasuredPlan;
  /** Where it stands today, or at the end of the period if that is over. */
  performance: Performance;
  /** Where it stood when the period began; null where it has no beginning. */
  before: Performance | null;
  /** Price and cost of change orders, in the plan's currency. */
  orders: { executedPrice: string; executedCost: string; pendingPrice: string; pendingCost: string };
  items: { committed: number; added: number; unapproved: number };
  requests: {
    accepted: number;
    rejected: number;
    withdrawn: number;
    open: number;
    decidedSeconds: number[];
    openSeconds: number[];
  };
  risks: OpenRisk[];
  /** Its work; that of the last 28 days up to today apart as well. */
  worked: WorkWorth[];
}

interface FactRow {
  id: string;
  status: string | null;
  today: string;
  currency: string | null;
  contract_value: string | null;
  planned_cost: string | null;
  planned_seconds: string | number | null;
  origin: Plan['origin'];
  code: string | null;
  budget_at_completion: string | null;
  start: string | null;
  end: string | null;
  planned_values: MeasuredPlan['plannedValues'];
  earned_value_method: MeasuredPlan['method'];
  orders: ProjectFacts['orders'] | null;
  items: ProjectFacts['items'] | null;
  requests: Omit<ProjectFacts['requests'], 'decidedSeconds' | 'openSeconds'> & {
    decidedSeconds: number[] | null;
    openSeconds: number[] | null;
  };
  risks: OpenRisk[] | null;
}

interface FactsAsked {
  projectIds: readonly string[];
  now: string;
  settings: ProgressSettings;
  period?: LocalPeriod | null;
}

/** Facts of many projects in four statements. */
export async function readProjectFacts(
  rows: Rows,
  { projectIds, now, settings, period = null }: FactsAsked,
): Promise<(ProjectFacts | null)[]> {
  const placed = await placeProjects(rows, { projectIds, now });
  const lately = placed.map(({ id, today }) => ({ projectId: id, from: daysLater(today, 1 - DAYS_LATELY), to: today }));
  const [found, progress, worked] = await Promise.all([
    readRows(rows, { placed, now, period, settings }),
    readProgress(rows, { days: projectDays(placed, (today) => Object.values(edgesOf(period, today))), settings }),
    readWorkWorth(rows, { projectIds, lately, period: period ?? { from: null, to: null } }, settings),
  ]);
  const byId = new Map(found.map((row) => [row.id, row]));
  const all = Map.groupBy(worked, (line) => line.project_id);
  return projectIds.map((id) => {
    const row = byId.get(id);
    if (!row) return null;
    const facts = toFacts(row, all.get(id) ?? []);
    const standingOn = (day: string): Performance =>
      performanceOn(day, {
        plan: facts.measured,
        progress: progress.get(id)?.get(day),
        settings: settings.earnedValue,
      });
    const { before, end } = edgesOf(period, row.today);
    return { ...facts, period, performance: standingOn(end), before: period?.from ? standingOn(before) : null };
  });
}

/** The day before a period and its last one, neither of them after today, up to which everything is known. */
function edgesOf(period: LocalPeriod | null, today: string): { before: string; end: string; today: string } {
  const past = (day: string | null | undefined): string => (day && day < today ? day : today);
  return { before: past(period?.from && daysLater(period.from, -1)), end: past(period?.to), today };
}

function toFacts(row: FactRow, worked: WorkWorth[]): Omit<ProjectFacts, 'period' | 'performance' | 'before'> {
  const { currency, origin } = row;
  return {
    status: row.status,
    today: row.today,
    plan: {
      currency,
      contractValue: row.contract_value,
      plannedCost: row.planned_cost,
      plannedSeconds: row.planned_seconds === null ? null : Number(row.planned_seconds),
      origin,
    },
    measured: {
      code: row.code,
      plannedCost: row.budget_at_completion,
      start: row.start,
      end: row.end,
      plannedValues: row.planned_values,
      method: row.earned_value_method,
    },
    orders: row.orders ?? { executedPrice: '0', executedCost: '0', pendingPrice: '0', pendingCost: '0' },
    items: row.items ?? { committed: 0, added: 0, unapproved: 0 },
    requests: {
      ...row.requests,
      decidedSeconds: row.requests.decidedSeconds ?? [],
      openSeconds: row.requests.openSeconds ?? [],
    },
    risks: row.risks ?? [],
    worked,
  };
}

async function readRows(
  rows: Rows,
  {
    placed,
    now,
    period,
    settings,
  }: { placed: readonly PlacedProject[]; now: string; period: LocalPeriod | null; settings: WorkSettings },
): Promise<FactRow[]> {
  const at = sql`${now}::timestamptz`;
  const { rows: found } = await sql<FactRow>`
    with plan as materialized (
      select project.id, asked.today, asked.since, asked.until, project.status, coalesce(agreed.contract_value_currency, budget.contract_value_currency, project.currency) as currency,
        coalesce(agreed.contract_value, budget.contract_value) as contract_value,
        case when agreed.id is not null then agreed.planned_cost else budget.planned_cost end as planned_cost,
        case when agreed.id is not null then agreed.planned_cost_currency else budget.planned_cost_currency end as cost_currency,
        case when agreed.id is not null then agreed.planned_seconds else budget.planned_seconds end as planned_seconds,
        case when agreed.id is not null then standing.planned_cost else budget.planned_cost end as budget_at_completion,
        coalesce(standing.start, project.start) as start, coalesce(standing."end", project."end") as "end",
        standing.planned_values, standing.earned_value_method, project.code,
        case when agreed.id is not null then 'BASELINE' when budget.id is not null then 'BUDGET' end as origin
      from ${askedWithin(placed, period)} join project on project.id = asked.id
      left join baseline as agreed on agreed.project_id = project.id and agreed.version = 1
      left join lateral (
        select * from baseline where project_id = project.id order by version desc limit 1
      ) as standing on true
      left join lateral (
        select * from budget where project_id = project.id and deleted_at is null order by valid_from nulls first, id limit 1
      ) as budget on true
    ), exchange as materialized (${exchangePeriods(sql`select currency from plan`)})
    select plan.id, plan.status, plan.today::text as today, plan.currency, plan.contract_value,
      case when plan.cost_currency = plan.currency then plan.planned_cost end as planned_cost, plan.planned_seconds,
      plan.origin, plan.code, case when plan.cost_currency = plan.currency then plan.budget_at_completion end as budget_at_completion,
      plan.start, plan."end", plan.planned_values, plan.earned_value_method, orders.document as orders, items.document as items, requests.document as requests,
      risks.document as risks
    from plan
    left join lateral (
      select jsonb_build_object(
        'executedPrice', coalesce(sum(amount) filter (where state = 'EXECUTED' and ${isWithin(sql`signed_on`, period)}), 0)::text,
        'executedCost', coalesce(sum(cost) filter (where state = 'EXECUTED' and ${isWithin(sql`signed_on`, period)}), 0)::text,
        'pendingPrice', coalesce(sum(amount) filter (where state in ('DRAFT', 'SENT')), 0)::text,
        'pendingCost', coalesce(sum(cost) filter (where state in ('DRAFT', 'SENT')), 0)::text) as document
      from (
        select change_order.amount, change_order.state, change_order.signed_on, (
          select sum(cost_delta) from change_order_request join change_request on change_request.id = change_request_id
          where change_order_id = change_order.id and cost_delta_currency = plan.currency
        ) as cost
        from change_order where project_id = plan.id and currency = plan.currency
      ) as ordered
    ) as orders on true
    left join lateral (
      select jsonb_build_object(
        'committed', count(*) filter (where request_id is null and committed),
        'added', count(*) filter (where request_id is not null or not committed),
        'unapproved', count(*) filter (where case when request_id is null then not committed else not agreed end)) as document
      from (
        select coalesce(item.change_request_id, implementing.entity_id) as request_id,
          ${isCommitted({ id: sql`item.id`, customFields: sql`item.custom_fields` }, settings.scope)} as committed,
          exists (
            select 1 from agreement where change_request_id = coalesce(item.change_request_id, implementing.entity_id)
              and plan.today between from_on and coalesce(to_on, 'infinity')
          ) as agreed
        from work_item as item
        left join lateral (
          select entity_id from many_reference where target_id = item.id and kind = 'changeRequest' and field = 'workItems' limit 1
        ) as implementing on true
        where item.project_id = plan.id and item.deleted_at is null
      ) as item
    ) as items on true
    left join lateral (
      select jsonb_build_object(
        'accepted', count(*) filter (where decided_on is not null and ${isWithin(sql`decided_on`, period)} and state in ('APPROVED', 'IMPLEMENTING', 'IMPLEMENTED', 'CLOSED')),
        'rejected', count(*) filter (where state = 'REJECTED' and was_decided_within),
        'withdrawn', count(*) filter (where state = 'WITHDRAWN'),
        'open', count(*) filter (where state in ('CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'DEFERRED')),
        'decidedSeconds', jsonb_agg(greatest(0, floor(extract(epoch from decided_at - submitted_at)))) filter (
          where state not in ('CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'DEFERRED') and was_decided_within and decided_at is not null and submitted_at is not null),
        'openSeconds', jsonb_agg(greatest(0, floor(extract(epoch from ${at} - submitted_at)))) filter (
          where state in ('CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'DEFERRED') and submitted_at is not null)) as document
      from (
        select request.state, request.submitted_at, agreed.from_on as decided_on, decided.at as decided_at,
          (plan.since is null or decided.at >= plan.since) and (plan.until is null or decided.at < plan.until) as was_decided_within
        from change_request as request
        left join lateral (select min(from_on) as from_on from agreement where change_request_id = request.id) as agreed on true
        left join past on past.entity_id = request.id
        left join lateral (
          select min((each.value ->> 0)::timestamptz) as at
          from jsonb_array_elements(past.fields -> 'state' -> 'values') as each(value)
          where each.value ->> 1 in ('APPROVED', 'REJECTED')
        ) as decided on true
        where request.project_id = plan.id and request.deleted_at is null
      ) as request
    ) as requests on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('probability', risk.probability::text,
        'impact', (case when risk.impact_currency = plan.currency then risk.impact else trim_scale(round(risk.impact * exchange.times, 18) / exchange.per) end)::text)
        order by risk.id) as document
      from risk left join exchange on exchange.base = risk.impact_currency and exchange.quote = plan.currency
        and risk.impact_currency <> plan.currency and plan.today between exchange.from_on and exchange.to_on
      where risk.project_id = plan.id and risk.deleted_at is null and risk.status in ('OPEN', 'MITIGATING')
    ) as risks on true`.execute(rows);
  return found;
}

/** Projects as a table, `asked (id, today, since, until)`: the instants at which the period begins and is over in their zone. */
function askedWithin(placed: readonly PlacedProject[], period: LocalPeriod | null): RawBuilder<unknown> {
  const { from = null, to = null } = period ?? {};
  const since = placed.map(({ zone }) => from && dayStart(from, zone));
  const until = placed.map(({ zone }) => to && dayStart(daysLater(to, 1), zone));
  return sql`unnest((select ${placed.map(({ id }) => id)}::uuid[]), (select ${placed.map(({ today }) => today)}::date[]),
    (select ${since}::timestamptz[]), (select ${until}::timestamptz[])) as asked(id, today, since, until)`;
}

function isWithin(day: RawBuilder<unknown>, period: LocalPeriod | null): RawBuilder<unknown> {
  return period === null
    ? sql`true`
    : sql`${day} between coalesce(${period.from}::date, '-infinity') and coalesce(${period.to}::date, 'infinity')`;
}
