import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { exchangePeriods } from '../money/conversion.ts';

/** Which projects; null for no condition. */
export interface PortfolioFilter {
  clientId: string | null;
  managerId: string | null;
  /** Who sold one of the deals it was won with. */
  sellerId: string | null;
  statuses: readonly string[] | null;
}

/** Ids of the projects for clients that fit, at most so many and one more. */
export async function findPortfolio(rows: Rows, filter: PortfolioFilter, most: number): Promise<string[]> {
  const { rows: found } = await sql<{ id: string }>`
    select id from project
    where deleted_at is null and client_id is not null
      and (${filter.clientId}::uuid is null or client_id = ${filter.clientId}::uuid)
      and (${filter.managerId}::uuid is null or manager_id = ${filter.managerId}::uuid)
      and (${filter.statuses}::text[] is null or status = any(${filter.statuses}::text[]))
      and (${filter.sellerId}::uuid is null or exists (
        select 1 from project_link join opportunity on opportunity.id = opportunity_id
        where project_id = project.id and project_link.status = 'LINKED' and opportunity.deleted_at is null
          and opportunity.state = 'WON' and opportunity.owner_id = ${filter.sellerId}::uuid))
    order by id limit ${most + 1}`.execute(rows);
  return found.map((row) => row.id);
}

/** What one unit of each currency is worth in another on a day; those that no rates connect are missing. */
export async function readWorths(rows: Rows, input: { into: string; on: string }): Promise<Map<string, string>> {
  const { rows: found } = await sql<{ base: string; worth: string }>`
    select base, trim_scale(round(times, 18) / per) as worth from (${exchangePeriods(sql`${input.into}::text`)}) as exchange
    where ${input.on}::date between from_on and to_on`.execute(rows);
  return new Map([...found.map((row) => [row.base, row.worth] as const), [input.into, '1']]);
}
