import type { MoneyValue } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { quotedStates } from './change-control.rules.ts';
import type { MarginFacts } from './commercial-margin.rules.ts';

interface FactsRow {
  id: string;
  price_delta: string | null;
  price_delta_currency: string | null;
  cost_delta: string | null;
  cost_delta_currency: string | null;
  list_price: string | null;
  list_price_currency: string | null;
  quoted: { price?: MoneyValue; cost?: MoneyValue; listPrice?: MoneyValue } | null;
  contract_value: string | null;
  contract_value_currency: string | null;
  planned_cost: string | null;
  planned_cost_currency: string | null;
}

const unknown: MarginFacts = { price: null, cost: null, listPrice: null, contractValue: null, plannedCost: null };

/** The figures of the day each request was quoted; today's before. */
export async function readMarginFacts(rows: Rows, ids: readonly string[]): Promise<MarginFacts[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<FactsRow>`
    select request.id, request.price_delta, request.price_delta_currency, request.cost_delta, request.cost_delta_currency,
      request.list_price, request.list_price_currency,
      quoted.details as quoted, agreed.contract_value, agreed.contract_value_currency, agreed.planned_cost,
      agreed.planned_cost_currency
    from ${asked} join change_request as request on request.id = asked.id
    left join lateral (
      select at, details from decision where subject_id = request.id and action = 'QUOTE' order by version desc limit 1
    ) as quoted on request.state = any(${[...quotedStates]}::text[])
    left join lateral (
      select * from baseline where project_id = request.project_id and accepted_at <= coalesce(quoted.at, 'infinity')
      order by version desc limit 1
    ) as agreed on true`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, factsOf(row)]));
  return ids.map((id) => byId.get(id) ?? unknown);
}

function factsOf(row: FactsRow): MarginFacts {
  return {
    price: row.quoted?.price ?? moneyOf(row.price_delta, row.price_delta_currency),
    cost: row.quoted?.cost ?? moneyOf(row.cost_delta, row.cost_delta_currency),
    listPrice: row.quoted?.listPrice ?? moneyOf(row.list_price, row.list_price_currency),
    contractValue: moneyOf(row.contract_value, row.contract_value_currency),
    plannedCost: moneyOf(row.planned_cost, row.planned_cost_currency),
  };
}

function moneyOf(amount: string | null, currency: string | null): MoneyValue | null {
  return amount === null || currency === null ? null : { amount, currency };
}
