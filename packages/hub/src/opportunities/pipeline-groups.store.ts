import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { convertAmounts } from '../money/conversion.ts';
import { isAsked, isOpen, type PipelineQuestion } from './pipeline.store.ts';

export const pipelineGroups = ['STAGE', 'STATE', 'PIPELINE', 'CLIENT', 'SELLER', 'MONTH'] as const;
export type PipelineGroup = (typeof pipelineGroups)[number];

/** Deals of one group; amounts in the asked currency. */
export interface PipelineGroupRow {
  /** Name of the stage, state or pipeline, id of the client or person, first day of the month; null where there is none. */
  key: string | null;
  open: number;
  won: number;
  lost: number;
  open_amount: string;
  won_amount: string;
  /** Deals whose amount is missing, or cannot be converted. */
  unpriced: number;
}

const keys: Readonly<Record<PipelineGroup, RawBuilder<unknown>>> = {
  STAGE: sql`stage`,
  STATE: sql`state`,
  PIPELINE: sql`pipeline`,
  CLIENT: sql`client_id::text`,
  SELLER: sql`owner_id::text`,
  MONTH: sql`date_trunc('month', close_date)::date::text`,
};

/** Deals by group, the largest open amount first: one statement. Open deals at today's rates, closed ones at those of their close date. */
export async function readPipelineGroups(
  rows: Rows,
  input: { question: PipelineQuestion; by: PipelineGroup; limit: number },
): Promise<PipelineGroupRow[]> {
  const { question, by } = input;
  const from = sql`
    select key, outcome, day, currency, sum(amount) as amount, count(*) as deals from (
      select ${keys[by]} as key, amount, amount_currency as currency,
        case when ${isOpen} then 'OPEN' when state = 'WON' then 'WON' else 'LOST' end as outcome,
        case when ${isOpen} then ${question.today}::date else close_date end as day
      from opportunity where ${isAsked(question)}
    ) as deal group by key, outcome, day, currency, amount is null`;
  const { rows: found } = await sql<PipelineGroupRow>`
    select key, coalesce(sum(deals) filter (where outcome = 'OPEN'), 0)::bigint as open,
      coalesce(sum(deals) filter (where outcome = 'WON'), 0)::bigint as won,
      coalesce(sum(deals) filter (where outcome = 'LOST'), 0)::bigint as lost,
      trim_scale(coalesce(sum(converted) filter (where outcome = 'OPEN'), 0)) as open_amount,
      trim_scale(coalesce(sum(converted) filter (where outcome = 'WON'), 0)) as won_amount,
      coalesce(sum(deals) filter (where converted is null), 0)::bigint as unpriced
    from (${convertAmounts({ from, into: question.currency })}) as priced
    group by key order by open_amount desc, won_amount desc, key limit ${input.limit}`.execute(rows);
  return found.map((row) => ({
    ...row,
    open: Number(row.open),
    won: Number(row.won),
    lost: Number(row.lost),
    unpriced: Number(row.unpriced),
  }));
}

/** All deals that are asked about, each with the key of its group; one statement. */
export async function readGroupedDeals(
  rows: Rows,
  { question, by }: { question: PipelineQuestion; by: PipelineGroup },
): Promise<{ id: string; key: string | null }[]> {
  const { rows: found } = await sql<{ id: string; key: string | null }>`
    select id, ${keys[by]} as key from opportunity where ${isAsked(question)}`.execute(rows);
  return found;
}
