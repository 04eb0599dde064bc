import { sql } from 'kysely';
import type { PastTable } from '../kernel/past-tables.ts';

/** Reviews that had been asked for by then, with what had been said by then, by who had said it last by then. */
export const pastFeasibilityReviews: PastTable = {
  name: 'feasibility_review',
  rows: (at) => sql`
    select present.id, proposal_id, content_hash, requested_by, requester_id, requested_at,
      reviewing.actor as reviewed_by, (reviewing.details ->> 'personId')::uuid as reviewer_id,
      case when started_at <= ${at} then started_at end as started_at, case when decided_at <= ${at} then decided_at end as decided_at,
      case when decided_at <= ${at} then findings end as findings,
      case when decided_at <= ${at} then conditions else '[]'::jsonb end as conditions
    from feasibility_review as present
    left join lateral (
      select actor, details from decision
      where subject_id = proposal_id and action in ('START_REVIEW', 'RECORD_VERDICT') and details ->> 'review' = present.id::text and at <= ${at}
      order by version desc limit 1
    ) as reviewing on true
    where requested_at <= ${at}`,
};
