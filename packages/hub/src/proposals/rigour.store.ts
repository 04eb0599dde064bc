import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { isAsked, type PipelineQuestion } from '../opportunities/pipeline.store.ts';

export interface RigourCounts {
  reviewedWon: number;
  reviewedLost: number;
  unreviewedWon: number;
  unreviewedLost: number;
}

/**
 * Deals won and lost in a period, by whether a feasibility review of one of their proposals had passed by the day they
 * closed. Deals that closed before the firm asked for its first review here are of neither sort: nobody could have.
 */
export async function countByRigour(rows: Rows, question: PipelineQuestion): Promise<RigourCounts> {
  const { rows: found } = await sql<Record<keyof RigourCounts, string | number>>`
    select count(*) filter (where reviewed and state = 'WON') as "reviewedWon", count(*) filter (where reviewed and state = 'LOST') as "reviewedLost",
      count(*) filter (where not reviewed and state = 'WON') as "unreviewedWon", count(*) filter (where not reviewed and state = 'LOST') as "unreviewedLost"
    from (
      select state, exists (
        select 1 from proposal join feasibility_review as review on review.proposal_id = proposal.id
        where proposal.opportunity_id = deal.id and (decided_at at time zone 'UTC')::date <= deal.close_date
          and not jsonb_path_exists(findings, '$.*.verdict ? (@ == "NOT_FEASIBLE")')
      ) as reviewed
      from (select * from opportunity where ${isAsked(question)} and state in ('WON', 'LOST')
        and close_date >= (select (min(requested_at) at time zone 'UTC')::date from feasibility_review)) as deal
    ) as closed`.execute(rows);
  const count = (name: keyof RigourCounts) => Number(found[0]?.[name] ?? 0);
  return {
    reviewedWon: count('reviewedWon'),
    reviewedLost: count('reviewedLost'),
    unreviewedWon: count('unreviewedWon'),
    unreviewedLost: count('unreviewedLost'),
  };
}
