import { sql } from 'kysely';

/**
 * From when on this firm's offers are kept here, as an expression: since the first one was drafted here, or always where a
 * source brings them, since a register is older than the hub that reads it. Null for a firm that keeps none here, of whose
 * offers nothing can be missed.
 */
export const offersKeptSince = sql`(
  select case when bool_or(not exists (select 1 from decision where subject_id = proposal.id and action = 'DRAFT'))
    then '-infinity'::timestamptz else min(first_seen_at) end
  from proposal where deleted_at is null)`;
