import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { decimal, sum } from '../kernel/decimal.ts';
import { convertAmounts } from '../money/conversion.ts';
import type { OpenDeals, Unconverted } from './pipeline.metrics.ts';

/** Which deals: those expected to close, or closed, within a period, both days included. */
export interface PipelineQuestion {
  from: string;
  to: string;
  /** The currency everything is converted into. */
  currency: string;
  /** The day whose rates open deals are converted by. */
  today: string;
  owner: string | null;
  /** Deals and quotas of the people of this team. */
  team: string | null;
  client: string | null;
  pipeline: string | null;
}

/** A sum in the asked currency; null where there is nothing that could be added up. */
export interface ConvertedSum {
  amount: string | null;
  unconverted: readonly Unconverted[];
}

export interface OpenPipeline {
  deals: readonly OpenDeals[];
  unconverted: readonly Unconverted[];
}

export interface DealCounts {
  won: number;
  lost: number;
  noDecision: number;
  open: number;
}

export const isOpen = sql`state in ('QUALIFYING', 'SCOPING', 'PROPOSED', 'NEGOTIATING')`;

const ofTeam = (team: string | null): RawBuilder<unknown> =>
  sql`(${team}::text is null or owner_id in (select person.id from person where person.deleted_at is null and person.team = ${team}::text))`;

export function isAsked({ from, to, owner, team, client, pipeline }: PipelineQuestion): RawBuilder<unknown> {
  return sql`deleted_at is null and close_date between ${from}::date and ${to}::date
    and (${owner}::uuid is null or owner_id = ${owner}::uuid) and ${ofTeam(team)}
    and (${client}::uuid is null or client_id = ${client}::uuid)
    and (${pipeline}::text is null or pipeline = ${pipeline}::text)`;
}

/** Ids of all deals that are asked about, open or not. */
export async function readDealIds(rows: Rows, question: PipelineQuestion): Promise<string[]> {
  const { rows: found } = await sql<{ id: string }>`select id from opportunity where ${isAsked(question)}`.execute(
    rows,
  );
  return found.map(({ id }) => id);
}

export async function countDeals(rows: Rows, question: PipelineQuestion): Promise<DealCounts> {
  const { rows: found } = await sql<Record<keyof DealCounts, string | number>>`
    select count(*) filter (where state = 'WON') as won, count(*) filter (where state = 'LOST') as lost,
      count(*) filter (where state = 'NO_DECISION') as "noDecision", count(*) filter (where ${isOpen}) as open
    from opportunity where ${isAsked(question)}`.execute(rows);
  const count = (name: keyof DealCounts) => Number(found[0]?.[name] ?? 0);
  return { won: count('won'), lost: count('lost'), noDecision: count('noDecision'), open: count('open') };
}

interface SummedRow {
  amount: string | null;
  currency: string | null;
  converted: string | null;
}

interface OpenRow extends SummedRow {
  count: string | number;
  probability: string | null;
  stage_probability: string | null;
}

/** By pipeline (empty where there is none) and stage, the probability that most deals in it have: sources tell of no other default. */
export const usualProbabilities = sql`
  select distinct on (pipeline, stage) pipeline, stage, probability from (
    select coalesce(pipeline, '') as pipeline, stage, probability, count(*) as deals
    from opportunity where deleted_at is null and probability is not null group by 1, stage, probability
  ) as counted order by pipeline, stage, deals desc, probability`;

/** Open deals, added up by currency and probability; a deal without one has the usual one of its stage. */
export async function readOpenPipeline(rows: Rows, question: PipelineQuestion): Promise<OpenPipeline> {
  const { rows: found } = await sql<OpenRow>`
    ${convertAmounts({ into: question.currency, from: openDeals(question) })}
    order by probability, stage_probability, currency, amount`.execute(rows);
  const left = found.filter((row) => row.amount !== null && row.converted === null);
  return {
    deals: found
      .filter((row) => !left.includes(row))
      .map((row) => ({
        count: Number(row.count),
        amount: row.converted === null ? null : decimal(row.converted).toFixed(),
        probability: row.probability,
        stageProbability: row.stage_probability,
      })),
    unconverted: unconvertedOf('OPEN', left),
  };
}

function openDeals(question: PipelineQuestion): RawBuilder<unknown> {
  const sameStage = sql`usual.pipeline = coalesce(asked.pipeline, '') and usual.stage = asked.stage`;
  return sql`
    with asked as (
      select pipeline, stage, probability, amount, amount_currency as currency
      from opportunity where ${isAsked(question)} and ${isOpen}
    ), usual as (
      ${usualProbabilities}
    ), weighed as (
      select asked.amount, asked.currency, asked.probability,
        case when asked.probability is null then usual.probability end as stage_probability
      from asked left join usual on ${sameStage}
    )
    select count(*) as count, sum(amount) as amount, currency, probability, stage_probability, ${question.today}::date as day
    from weighed group by currency, probability, stage_probability, amount is null`;
}

/** What was won, each deal by the rate of the day it closed. */
export async function readWonAmount(rows: Rows, question: PipelineQuestion): Promise<ConvertedSum> {
  const summed = await readConverted(rows, {
    into: question.currency,
    from: sql`select sum(amount) as amount, amount_currency as currency, close_date as day from opportunity
      where ${isAsked(question)} and state = 'WON' and amount is not null group by amount_currency, close_date`,
  });
  return sumOf('WON', summed, '0');
}

/** The quotas that lie within the period, each by the rate of its first day. */
export async function readQuota(rows: Rows, question: PipelineQuestion): Promise<ConvertedSum> {
  const { from, to, owner, team } = question;
  const summed = await readConverted(rows, {
    into: question.currency,
    from: sql`select sum(amount) as amount, amount_currency as currency, period_start as day from quota
      where deleted_at is null and amount is not null and period_start >= ${from}::date and period_end <= ${to}::date
        and (${owner}::uuid is null or owner_id = ${owner}::uuid) and ${ofTeam(team)}
      group by amount_currency, period_start`,
  });
  return sumOf('QUOTA', summed, null);
}

/** One row for what could be converted, its currency null, and one for each currency that could not. */
async function readConverted(
  rows: Rows,
  { from, into }: { from: RawBuilder<unknown>; into: string },
): Promise<SummedRow[]> {
  const { rows: found } = await sql<SummedRow>`
    select sum(amount) as amount, case when converted is null then currency end as currency, sum(converted) as converted
    from (${convertAmounts({ from, into })}) as priced group by 2, converted is null order by currency`.execute(rows);
  return found;
}

function sumOf(of: Unconverted['of'], found: readonly SummedRow[], ofNothing: string | null): ConvertedSum {
  const known = found.find((row) => row.converted !== null);
  const left = found.filter((row) => row.converted === null);
  const otherwise = left.length > 0 ? null : ofNothing;
  return {
    amount: known ? decimal(known.converted ?? 0).toFixed() : otherwise,
    unconverted: unconvertedOf(of, left),
  };
}

function unconvertedOf(of: Unconverted['of'], found: readonly SummedRow[]): Unconverted[] {
  const byCurrency = Map.groupBy(found, (row) => row.currency ?? '');
  return [...byCurrency].map(([currency, rows]) => ({
    of,
    currency,
    amount: sum(rows.map(({ amount }) => decimal(amount ?? 0))).toFixed(),
  }));
}
