import type { JsonValue, MoneyValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { localDay } from '../kernel/local-day.ts';
import { unnest } from '../kernel/unnest.ts';
import { quotedStates, type ChangeRequestState } from './change-control.rules.ts';
import type { QuoteFacts } from './quote.document.ts';
import { lastDayToAccept } from './quote-validity.rules.ts';

interface QuoteRow {
  id: string;
  state: ChangeRequestState | null;
  key: string | null;
  title: string | null;
  description: string | null;
  project: string | null;
  client: string | null;
  zone: string | null;
  price_delta: string | null;
  price_delta_currency: string | null;
  effort_delta: string | number | null;
  schedule_delta_days: string | number | null;
  end: string | null;
  contract_value: string | null;
  contract_value_currency: string | null;
  quoted_at: string | null;
  quoted: Partial<Record<string, JsonValue>> | null;
  decided_at: string | null;
  decided: string | null;
  decided_by: string | null;
}

/** What the quotes of change requests say; null for an unknown id. Figures are those of the day it was quoted. */
export async function readQuotes(
  rows: Rows,
  ids: readonly string[],
  { zone, validDays }: { zone: string; validDays: number },
): Promise<(QuoteFacts | null)[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<QuoteRow>`
    select request.id, request.state, request.key, request.title, request.description, project.name as project,
      client.name as client, project.zone, request.price_delta, request.price_delta_currency, request.effort_delta,
      request.schedule_delta_days, agreed."end", agreed.contract_value, agreed.contract_value_currency,
      quoted.at as quoted_at, quoted.details as quoted, decided.at as decided_at, decided.action as decided,
      decided.details #>> '{evidence,decidedBy}' as decided_by
    from ${asked} join change_request as request on request.id = asked.id
    left join project on project.id = request.project_id
    left join client on client.id = project.client_id
    left join lateral (
      select at, version, details from decision where subject_id = request.id and action = 'QUOTE' order by version desc limit 1
    ) as quoted on request.state = any(${[...quotedStates]}::text[])
    left join lateral (
      select at, action, details from decision
      where subject_id = request.id and action in ('APPROVE', 'REJECT') and version > coalesce(quoted.version, 0)
      order by version desc limit 1
    ) as decided on request.state = any(${[...quotedStates]}::text[])
    left join lateral (
      select "end", contract_value, contract_value_currency from baseline
      where project_id = request.project_id and accepted_at <= coalesce(quoted.at, decided.at, 'infinity')
      order by version desc limit 1
    ) as agreed on true`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, factsOf(row, { zone: row.zone ?? zone, validDays })]));
  return ids.map((id) => byId.get(id) ?? null);
}

function factsOf(row: QuoteRow, { zone, validDays }: { zone: string; validDays: number }): QuoteFacts {
  const day = (at: string): string => localDay(instantText(at), zone);
  const { quoted, decided_at: decidedAt } = row;
  const quotedOn = row.quoted_at === null ? null : day(row.quoted_at);
  const effort = quoted?.['effortDelta'] ?? row.effort_delta;
  const days = quoted?.['scheduleDeltaDays'] ?? row.schedule_delta_days;
  return {
    state: row.state,
    key: row.key,
    title: row.title,
    description: row.description,
    project: row.project,
    client: row.client,
    price: (quoted?.['price'] as MoneyValue | undefined) ?? moneyOf(row.price_delta, row.price_delta_currency),
    effortSeconds: effort === null ? null : Number(effort),
    scheduleDays: days === null ? null : Number(days),
    end: row.end,
    contractValue: moneyOf(row.contract_value, row.contract_value_currency),
    quotedOn,
    validUntil: quotedOn === null ? null : lastDayToAccept(quotedOn, validDays),
    decision:
      decidedAt === null
        ? null
        : { accepted: row.decided === 'APPROVE', by: row.decided_by ?? 'the client', on: day(decidedAt) },
  };
}

function moneyOf(amount: string | null, currency: string | null): MoneyValue | null {
  return amount === null || currency === null ? null : { amount, currency };
}
