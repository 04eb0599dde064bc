import type { Client } from 'pg';

/** What a question comes to, by name; the same of either side. Amounts and counts as text, null where there is none. */
export type Answer = Record<string, string | number | null>;

/** What one euro was worth, as days that do not overlap: every rate of the seed is one of the euro. */
const euros = `
  euro as (
    select quote as currency, rate, valid_on as from_on, coalesce(lead(valid_on) over (partition by quote order by valid_on), 'infinity') as before
    from exchange_rate where base = 'EUR' and deleted_at is null
    union all select 'EUR', 1, '-infinity', 'infinity'
  )`;

/** Rates of persons alike: the seed has none of roles. */
const prices = `
  price as (
    select person_id, bill_rate, bill_rate_currency, cost_rate, cost_rate_currency, valid_from as from_on,
      coalesce(lead(valid_from) over (partition by person_id order by valid_from), 'infinity') as before
    from rate where deleted_at is null
  )`;

const notAgreed = `not exists (
  select from agreement where change_request_id = request.id and entry.local_date between from_on and coalesce(to_on, 'infinity'))`;
const isLeaked = `case when request.id is null then coalesce(item.custom_fields ->> 'commitment', '') = '' else ${notAgreed} end`;
const requestOf = `
  left join many_reference as named on named.target_id = item.id and named.kind = 'changeRequest' and named.field = 'workItems'
  left join change_request as request on request.id = coalesce(entry.change_request_id, item.change_request_id, named.entity_id)`;

/** By the labels of the item, or by the status it had when the work began. */
const natureByHand = `case
  when item.labels ?| array['client-wait', 'waiting-for-client'] then 'wait'
  when (
    select told.value ->> 1 from past, jsonb_array_elements(past.fields -> 'status' -> 'values') with ordinality as told(value, place)
    where past.entity_id = item.id and (place = 1 or (told.value ->> 0)::timestamptz <= entry.started_at) order by place desc limit 1
  ) in ('Waiting for customer', 'Waiting for client') then 'wait'
  when item.labels ? 'rework' then 'rework' end`;

/** Leakage of a period by client, in euros. */
export async function leakageByHand(client: Client, of: { from: string; to: string }): Promise<Answer> {
  const { rows } = await client.query<Record<string, string>>({
    name: 'leakage',
    text: `
      with ${euros}, ${prices}, leaked as (
        select project.client_id, entry.person_id, entry.local_date, request.id is not null as is_change, sum(entry.seconds) as seconds
        from time_entry as entry left join work_item as item on item.id = entry.work_item_id ${requestOf}
        left join project on project.id = coalesce(entry.project_id, item.project_id)
        where entry.deleted_at is null and entry.local_date between $1 and $2
          and (project.id is null or project.client_id is not null) and ${isLeaked}
        group by 1, 2, 3, 4
      )
      select client_id, coalesce(sum(seconds) filter (where is_change), 0) as unapproved, coalesce(sum(seconds) filter (where not is_change), 0) as unlinked,
        coalesce(sum(seconds * bill_rate / bill.rate), 0) / 3600 as bill, coalesce(sum(seconds * cost_rate / cost.rate), 0) / 3600 as cost,
        coalesce(sum(seconds) filter (where bill_rate is null or cost_rate is null or bill.rate is null or cost.rate is null), 0) as unpriced
      from leaked
      left join price on price.person_id = leaked.person_id and local_date >= price.from_on and local_date < price.before
      left join euro as bill on bill.currency = bill_rate_currency and local_date >= bill.from_on and local_date < bill.before
      left join euro as cost on cost.currency = cost_rate_currency and local_date >= cost.from_on and local_date < cost.before
      group by 1 order by bill desc, 1 limit 100`,
    values: [of.from, of.to],
  });
  return Object.fromEntries(
    rows.flatMap((row, place) =>
      (['unapproved', 'unlinked', 'bill', 'cost', 'unpriced'] as const).map((name) => [
        `${place} ${name}`,
        row[name] ?? null,
      ]),
    ),
  );
}

/** What every figure of one project is computed of: its time, and all the rest in a second statement. */
export async function projectByHand(client: Client, of: { id: string; today: string }): Promise<Answer> {
  const work = await client.query<Answer>({
    name: 'project work',
    text: `
      with ${euros}, mine as (
        select entry.person_id, entry.started_at, entry.local_date, entry.seconds, entry.change_request_id, entry.work_item_id
        from time_entry as entry where entry.project_id = $1 and entry.deleted_at is null
        union all
        select entry.person_id, entry.started_at, entry.local_date, entry.seconds, entry.change_request_id, entry.work_item_id
        from work_item as item join time_entry as entry on entry.work_item_id = item.id
        where item.project_id = $1 and entry.project_id is null and entry.deleted_at is null
      ), rated as (
        select entry.seconds, entry.local_date, project.client_id is not null and ${isLeaked} as leaked, ${natureByHand} as nature,
          entry.seconds * bill_rate * case when bill_rate_currency = project.currency then 1 else contract.rate / bill.rate end as bill,
          entry.seconds * cost_rate * case when cost_rate_currency = project.currency then 1 else contract.rate / cost.rate end as cost
        from mine as entry join project on project.id = $1 left join work_item as item on item.id = entry.work_item_id ${requestOf}
        left join lateral (
          select * from rate where rate.person_id = entry.person_id and valid_from <= local_date and deleted_at is null order by valid_from desc limit 1
        ) as price on true
        left join euro as bill on bill.currency = bill_rate_currency and local_date >= bill.from_on and local_date < bill.before
        left join euro as cost on cost.currency = cost_rate_currency and local_date >= cost.from_on and local_date < cost.before
        left join euro as contract on contract.currency = project.currency and local_date >= contract.from_on and local_date < contract.before
      )
      select sum(seconds) as worked, sum(seconds) filter (where leaked) as leaked, sum(bill) filter (where leaked) / 3600 as "atRisk",
        sum(cost) filter (where leaked) / 3600 as "costLeak", sum(seconds) filter (where nature = 'wait') as waited,
        sum(cost) filter (where nature = 'wait') / 3600 as "waitCost", sum(seconds) filter (where nature = 'rework') as redone,
        sum(bill) filter (where nature = 'rework') / 3600 as "reworkPrice", sum(cost) / 3600 as "actualCost",
        coalesce(sum(cost) filter (where local_date between $2::date - 27 and $2), 0) / 3600 / 4 as "weeklyBurn"
      from rated`,
    values: [of.id, of.today],
  });
  const rest = await client.query<Answer>({ name: 'project rest', text: projectRest, values: [of.id, of.today] });
  return { ...work.rows[0], ...rest.rows[0] };
}

const projectRest = `
  with project as (select * from project where id = $1),
  item as (
    select item.estimate, item.status_category, coalesce(item.change_request_id, named.entity_id) as request_id,
      coalesce(item.custom_fields ->> 'commitment', '') <> '' as committed
    from work_item as item
    left join many_reference as named on named.target_id = item.id and named.kind = 'changeRequest' and named.field = 'workItems'
    where item.project_id = $1 and item.deleted_at is null
  ), items as (
    select count(*) filter (where request_id is null and committed) as "baselineItems",
      count(*) filter (where request_id is not null or not committed) as "addedItems",
      count(*) filter (where case when request_id is null then not committed else not exists (
        select from agreement where change_request_id = request_id and $2::date between from_on and coalesce(to_on, 'infinity')) end) as "unapprovedItems",
      coalesce(sum(estimate) filter (where agreed), 0) as estimate,
      coalesce(sum(estimate) filter (where agreed and status_category = 'DONE'), 0) as "doneEstimate"
    from (
      select *, case when request_id is null then committed else exists (
        select from change_order_request join change_order on change_order.id = change_order_id
        where change_request_id = request_id and state = 'EXECUTED') end as agreed from item
    ) as item
  ), requests as (
    select count(*) filter (where state in ('APPROVED', 'IMPLEMENTING', 'IMPLEMENTED', 'CLOSED') and exists (select from agreement where change_request_id = request.id)) as accepted,
      count(*) filter (where state = 'REJECTED') as rejected,
      count(*) filter (where state in ('CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'DEFERRED')) as open,
      sum(greatest(0, floor(extract(epoch from decided.at - submitted_at)))) filter (
        where state not in ('CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'DEFERRED')) as "decidedSeconds"
    from change_request as request left join past on past.entity_id = request.id
    left join lateral (
      select min((told.value ->> 0)::timestamptz) as at from jsonb_array_elements(past.fields -> 'state' -> 'values') as told(value)
      where told.value ->> 1 in ('APPROVED', 'REJECTED')) as decided on true
    where project_id = $1 and deleted_at is null
  ), orders as (
    select coalesce(sum(amount) filter (where state = 'EXECUTED'), 0) as "executedPrice",
      coalesce(sum(amount) filter (where state in ('DRAFT', 'SENT')), 0) as "pendingPrice",
      coalesce(sum(cost) filter (where state = 'EXECUTED'), 0) as "executedCost",
      coalesce(sum(cost) filter (where state in ('DRAFT', 'SENT')), 0) as "pendingCost"
    from (
      select change_order.amount, change_order.state, (
        select sum(cost_delta) from change_order_request join change_request on change_request.id = change_request_id
        where change_order_id = change_order.id and cost_delta_currency = change_order.currency) as cost
      from change_order join project on project.id = change_order.project_id and project.currency = change_order.currency
    ) as ordered
  ), euro as (
    select distinct on (quote) quote as currency, rate from exchange_rate where base = 'EUR' and deleted_at is null and valid_on <= $2
    order by quote, valid_on desc
  ), rate_now as (select * from euro union all select 'EUR', 1),
  risks as (
    select sum(probability * case when impact_currency = project.currency then impact else impact * into_project.rate / given.rate end) as "riskExposure"
    from risk join project on project.id = risk.project_id left join rate_now as given on given.currency = impact_currency
    left join rate_now as into_project on into_project.currency = project.currency
    where risk.project_id = $1 and risk.deleted_at is null and risk.status in ('OPEN', 'MITIGATING')
  )
  select items.*, requests.*, orders.*, risks.*,
    case when baseline.id is null then budget.planned_cost else standing.planned_cost end * items."doneEstimate" / nullif(items.estimate, 0) as "earnedValue",
    coalesce(baseline.contract_value, budget.contract_value) as "contractValue",
    case when baseline.id is null then budget.planned_cost else baseline.planned_cost end as "plannedCost",
    case when baseline.id is null then budget.planned_seconds else baseline.planned_seconds end as planned
  from items, requests, orders, risks, project left join baseline on baseline.project_id = project.id and version = 1
  left join lateral (select * from baseline where project_id = $1 order by version desc limit 1) as standing on true
  left join lateral (select * from budget where project_id = $1 and deleted_at is null order by valid_from nulls first, id limit 1) as budget on true`;

/** The pipeline of a period in euros, in one pass over its deals; the quotas in a second statement. */
export async function pipelineByHand(client: Client, of: { from: string; to: string; today: string }): Promise<Answer> {
  const deals = await client.query<Answer>({
    name: 'deals',
    text: `
      with ${euros}, usual as (
        select distinct on (pipeline, stage) pipeline, stage, probability from (
          select pipeline, stage, probability, count(*) as count from opportunity
          where deleted_at is null and probability is not null group by 1, 2, 3
        ) as counted order by pipeline, stage, count desc, probability
      ), asked as (
        select deal.state, deal.amount / euro.rate as amount, coalesce(deal.probability, usual.probability) as probability
        from opportunity as deal left join usual on usual.pipeline = deal.pipeline and usual.stage = deal.stage
        left join euro on euro.currency = deal.amount_currency and case when state = 'WON' then close_date else $3::date end >= euro.from_on
          and case when state = 'WON' then close_date else $3::date end < euro.before
        where deal.deleted_at is null and deal.close_date between $1 and $2
      )
      select count(*) filter (where state = 'WON') as won, count(*) filter (where state = 'LOST') as lost,
        count(*) filter (where state = 'NO_DECISION') as "noDecision",
        count(*) filter (where state in ('QUALIFYING', 'SCOPING', 'PROPOSED', 'NEGOTIATING')) as open,
        sum(amount) filter (where state in ('QUALIFYING', 'SCOPING', 'PROPOSED', 'NEGOTIATING')) as "openAmount",
        sum(amount * probability) filter (where state in ('QUALIFYING', 'SCOPING', 'PROPOSED', 'NEGOTIATING')) as weighted,
        sum(amount) filter (where state = 'WON') as "wonAmount"
      from asked`,
    values: [of.from, of.to, of.today],
  });
  const quotas = await client.query<Answer>({
    name: 'quotas',
    text: `
      with ${euros} select sum(amount / euro.rate) as quota from quota
      join euro on euro.currency = amount_currency and period_start >= euro.from_on and period_start < euro.before
      where deleted_at is null and period_start >= $1 and period_end <= $2`,
    values: [of.from, of.to],
  });
  return { ...deals.rows[0], ...quotas.rows[0] };
}
