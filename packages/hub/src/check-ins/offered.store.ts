import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { readProposals, type StandingProposal } from '../proposals/proposal-terms.store.ts';
import { reviewStateOf, type ReviewState } from '../reviews/feasibility-review.rules.ts';
import { readReviews } from '../reviews/feasibility-review.store.ts';

/** What is offered of an opportunity, or may be, and where its latest review stands; null where nobody asked for one. */
export interface Offered {
  proposal: StandingProposal;
  review: ReviewState | null;
}

/**
 * Of each opportunity the proposal that the client has accepted or has before them, or else the latest version; null where
 * there is none. In three statements.
 */
export async function readOffered(
  rows: Rows,
  opportunityIds: readonly string[],
  { now, reviewDays }: { now: string; reviewDays: number },
): Promise<(Offered | null)[]> {
  const asked = unnest('asked', opportunityIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ opportunity_id: string; id: string }>`
    select distinct on (asked.id) asked.id as opportunity_id, proposal.id
    from ${asked} join proposal on proposal.opportunity_id = asked.id and proposal.deleted_at is null
      and coalesce(proposal.state, 'DRAFT') not in ('DECLINED', 'SUPERSEDED')
    order by asked.id, (proposal.state = 'ACCEPTED') desc nulls last, (proposal.state = 'SUBMITTED') desc nulls last,
      proposal.version desc nulls last, proposal.id`.execute(rows);
  const ids = found.map(({ id }) => id);
  const [proposals, reviews] = await Promise.all([readProposals(rows, ids), readReviews(rows, ids)]);
  const byOpportunity = new Map(
    found.flatMap(({ opportunity_id: opportunityId }, index): [string, Offered][] => {
      const proposal = proposals[index];
      const latest = reviews[index]?.[0];
      if (!proposal) return [];
      const { contentHash } = proposal;
      const review = latest ? reviewStateOf(latest, { contentHash, instant: now, reviewDays }) : null;
      return [[opportunityId, { proposal, review }]];
    }),
  );
  return opportunityIds.map((id) => byOpportunity.get(id) ?? null);
}
