import type { MoneyValue } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { readCloseDates } from '../opportunities/close-date.store.ts';
import { isOpen } from '../opportunities/pipeline.store.ts';
import { readStageStays } from '../opportunities/stage.store.ts';
import { offersKeptSince } from '../proposals/kept-since.store.ts';
import type { DealFacts } from './deal-questions.rules.ts';
import { readOffered } from './offered.store.ts';
import { readOpenPoints } from './open-points.store.ts';
import { readLatestViews } from './opportunity-view.store.ts';
import type { QuestionsAsked } from './questions-asked.ts';

interface DealRow {
  id: string;
  is_open: boolean;
  is_proposed: boolean;
  is_kept_here: boolean;
  close_date: string | null;
  next_step: string | null;
  next_step_date: string | null;
  active_at: string | null;
  amount: string | null;
  amount_currency: string | null;
  probability: string | null;
  owner_id: string | null;
  owner_left: boolean | null;
}

/** What the questions about these opportunities are made of, in nine statements. */
export async function readDealFacts(
  rows: Rows,
  ids: readonly string[],
  { now, reader, settings }: QuestionsAsked,
): Promise<DealFacts[]> {
  const since = Temporal.Instant.from(now).subtract({ hours: 24 * settings.checkIns.questions.amountDays });
  const [deals, closeDates, stays, amounts, latest, points, offered] = await Promise.all([
    readDeals(rows, ids),
    readCloseDates(rows, ids),
    readStageStays(rows, ids, now),
    readAmounts(rows, ids, since.toString()),
    readLatestViews(rows, ids, reader),
    readOpenPoints(rows, 'opportunity', ids),
    readOffered(rows, ids, { now, reviewDays: settings.proposals.reviewDays }),
  ]);
  return ids.flatMap((id, index) => {
    const deal = deals.get(id);
    const [stay, views] = [stays[index], latest[index]];
    if (!deal || !stay || !views) return [];
    return [
      {
        id,
        isOpen: deal.is_open,
        isProposed: deal.is_proposed,
        isKeptHere: deal.is_kept_here,
        offered: offered[index] ?? null,
        closeDate: deal.close_date,
        nextStep: deal.next_step,
        nextStepDate: deal.next_step_date,
        activeAt: deal.active_at,
        amount:
          deal.amount === null || deal.amount_currency === null
            ? null
            : { amount: deal.amount, currency: deal.amount_currency },
        amountBefore: amounts[index] ?? null,
        probability: deal.probability,
        owner: deal.owner_id === null ? null : { hasLeft: deal.owner_left ?? false },
        closeDates: closeDates[index] ?? [],
        stay,
        latest: views,
        points: points[index] ?? [],
      },
    ];
  });
}

async function readDeals(rows: Rows, ids: readonly string[]): Promise<Map<string, DealRow>> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<DealRow>`
    select deal.*, person.deleted_at is not null or person.status = 'LEFT' as owner_left from (
      select opportunity.id, coalesce(${isOpen}, false) as is_open,
        coalesce(state in ('PROPOSED', 'NEGOTIATING'), false) as is_proposed,
        coalesce(coalesce(stage_entered_at, first_seen_at) >= ${offersKeptSince}, false) as is_kept_here, close_date, next_step, next_step_date,
        to_char(coalesce(last_activity_at, created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as active_at,
        amount, amount_currency, probability, owner_id
      from ${asked} join opportunity on opportunity.id = asked.id where deleted_at is null
    ) as deal left join person on person.id = deal.owner_id`.execute(rows);
  return new Map(found.map((row) => [row.id, row]));
}

/** The amount each had at an instant, as the source that counts remembers it, or else as the hub had seen it. */
async function readAmounts(rows: Rows, ids: readonly string[], at: string): Promise<(MoneyValue | null)[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ id: string; amount: MoneyValue | null }>`
    select asked.id, case when past.fields ? 'amount' then remembered.amount else seen.amount end as amount
    from ${asked} left join past on past.entity_id = asked.id
    left join lateral (
      select each.value -> 1 as amount from jsonb_array_elements(past.fields -> 'amount' -> 'values') with ordinality as each(value, position)
      where (each.value ->> 0)::timestamptz <= ${at}::timestamptz order by each.position desc limit 1
    ) as remembered on true
    left join lateral (
      select snapshot -> 'amount' as amount from version
      where entity_id = asked.id and valid_from <= ${at}::timestamptz order by seq desc limit 1
    ) as seen on true`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, row.amount]));
  return ids.map((id) => byId.get(id) ?? null);
}
