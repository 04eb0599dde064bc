import type { MoneyValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { localDay } from '../kernel/local-day.ts';
import { unnest } from '../kernel/unnest.ts';
import type { SmallChangesPolicy } from './change-control.settings.ts';

/** Requests of one project that are small one by one, and together are not. */
export interface SmallChanges {
  sum: MoneyValue;
  /** The local days on which the first and the last were submitted. */
  from: string;
  to: string;
  changeRequestIds: readonly string[];
}

/** Fewer than this many are looked at one by one. */
const LEAST = 3;

interface Small {
  id: string;
  submitted_at: string;
  zone: string | null;
}

interface Window {
  project_id: string;
  sum: string;
  currency: string;
  from: string;
  to: string;
  ids: string[];
}

/**
 * R35, of each project: every span of days in which at least three small requests together exceed the limit, but for
 * spans within another. Prices in another currency than the contract's do not count, nor does what was never submitted, nor
 * what was withdrawn or rejected: nobody will do it, so it adds up to nothing. What was absorbed counts: gifts that are
 * small one by one are what the rule is to show.
 */
export async function readSmallChanges(
  rows: Rows,
  projectIds: readonly string[],
  { policy, zone }: { policy: SmallChangesPolicy; zone: string },
): Promise<SmallChanges[][]> {
  const given = unnest('given', await readSmall(rows, projectIds, policy), [
    { name: 'id', type: 'uuid', value: ({ id }) => id },
    { name: 'day', type: 'date', value: (each) => localDay(instantText(each.submitted_at), each.zone ?? zone) },
  ]);
  const { rows: found } = await sql<Window>`
    with small as materialized (
      select request.id, request.project_id, request.price_delta as price, request.price_delta_currency as currency, request.submitted_at, given.day
      from ${given} join change_request as request on request.id = given.id
    ), spans as (
      select id, project_id, currency, day as "to", min(day) over span as "from", sum(price) over span as sum,
        array_agg(id) over span as ids
      from small
      window span as (
        partition by project_id order by day range between make_interval(days => ${policy.days}::int) preceding and current row
      )
    ), ordered as (
      select *, lead("from") over (partition by project_id order by "to", id) as next_from from spans
    )
    select project_id, sum, currency, "from", "to",
      (select json_agg(small.id order by submitted_at, small.id) from small where small.id = any(ids)) as ids
    from ordered
    where cardinality(ids) >= ${LEAST} and sum > ${policy.limit}::numeric and next_from is distinct from "from"
    order by "from", "to"`.execute(rows);
  const byProject = Map.groupBy(found, (row) => row.project_id);
  return projectIds.map((id) =>
    (byProject.get(id) ?? []).map(({ sum, currency, from, to, ids }) => ({
      sum: { amount: sum, currency },
      from,
      to,
      changeRequestIds: ids,
    })),
  );
}

/** Those that are small, with the zone that their project's days are counted in: the database refuses a zone that is none. */
async function readSmall(rows: Rows, projectIds: readonly string[], policy: SmallChangesPolicy): Promise<Small[]> {
  const asked = unnest('asked', projectIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Small>`
    select request.id, request.submitted_at, project.zone
    from ${asked} join project on project.id = asked.id
    join change_request as request on request.project_id = project.id and request.deleted_at is null
      and request.state is distinct from 'WITHDRAWN' and request.state is distinct from 'REJECTED'
    left join lateral (
      select contract_value_currency from baseline where project_id = project.id order by version desc limit 1
    ) as agreed on true
    where request.price_delta > 0 and request.price_delta < ${policy.threshold}::numeric and request.submitted_at is not null
      and request.price_delta_currency = coalesce(agreed.contract_value_currency, project.currency)`.execute(rows);
  return found;
}
