import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { Findings, ReviewedTerms } from './feasibility-review.rules.ts';
import type { Party } from './party.ts';

export interface Review extends ReviewedTerms {
  id: string;
  proposalId: string;
  requestedBy: string;
  requesterId: string | null;
  requestedAt: string;
  reviewedBy: string | null;
  reviewerId: string | null;
  conditions: readonly string[];
}

interface ReviewRow {
  id: string;
  proposal_id: string;
  content_hash: string;
  requested_by: string;
  requester_id: string | null;
  requested_at: string;
  reviewed_by: string | null;
  reviewer_id: string | null;
  started_at: string | null;
  decided_at: string | null;
  findings: Findings | null;
  conditions: string[];
}

/** A review with who people turned out to be; behind `review`. */
const standing = sql`
  review.id, proposal_id, content_hash, requested_by, requested_at, reviewed_by, started_at, decided_at, findings, conditions,
  coalesce((select survivor_id from merged_entity where id = requester_id), requester_id) as requester_id,
  coalesce((select survivor_id from merged_entity where id = reviewer_id), reviewer_id) as reviewer_id`;

/** The reviews of each of these proposals, the latest first. */
export async function readReviews(rows: Rows, proposalIds: readonly string[]): Promise<Review[][]> {
  const asked = unnest('asked', proposalIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<ReviewRow>`
    select ${standing} from ${asked} join feasibility_review as review on review.proposal_id = asked.id
    order by requested_at desc, review.id desc`.execute(rows);
  const byProposal = Map.groupBy(found.map(reviewOf), (review) => review.proposalId);
  return proposalIds.map((id) => byProposal.get(id) ?? []);
}

/** The proposal that a review is of; null where there is no such review. */
export async function proposalOfReview(rows: Rows, reviewId: string): Promise<string | null> {
  const { rows: found } = await sql<{ proposal_id: string }>`
    select proposal_id from feasibility_review where id = ${reviewId}::uuid`.execute(rows);
  return found[0]?.proposal_id ?? null;
}

/** The reviews without a verdict, the longest waiting first. */
export async function readOpenReviews(rows: Rows, limit: number): Promise<Review[]> {
  const { rows: found } = await sql<ReviewRow>`
    select ${standing} from feasibility_review as review
    join proposal on proposal.id = review.proposal_id and proposal.deleted_at is null and proposal.state = 'IN_REVIEW'
    where review.decided_at is null and not exists (
      select 1 from feasibility_review as later
      where later.proposal_id = review.proposal_id and (later.requested_at, later.id) > (review.requested_at, review.id)
    ) order by requested_at, review.id limit ${limit}`.execute(rows);
  return found.map(reviewOf);
}

/** Asks for a review of these terms. Returns its id. */
export async function insertReview(
  rows: Rows,
  review: { proposalId: string; contentHash: string; requester: Party; now: string },
): Promise<string> {
  const id = randomUUIDv7();
  await sql`
    insert into feasibility_review (id, proposal_id, content_hash, requested_by, requester_id, requested_at, conditions)
    values (${id}::uuid, ${review.proposalId}::uuid, ${review.contentHash}, ${review.requester.actor},
      ${review.requester.personId}::uuid, ${review.now}::timestamptz, '[]'::jsonb)`.execute(rows);
  return id;
}

/** Says who reviews, and from when on. */
export async function beginReview(rows: Rows, begun: { id: string; reviewer: Party; now: string }): Promise<void> {
  await sql`
    update feasibility_review set reviewed_by = ${begun.reviewer.actor}, reviewer_id = ${begun.reviewer.personId}::uuid,
      started_at = coalesce(started_at, ${begun.now}::timestamptz)
    where id = ${begun.id}::uuid and decided_at is null`.execute(rows);
}

/** Writes the verdict, once. */
export async function decideReview(
  rows: Rows,
  decided: { id: string; findings: Findings; conditions: readonly string[]; now: string },
): Promise<void> {
  await sql`
    update feasibility_review set decided_at = ${decided.now}::timestamptz, findings = ${JSON.stringify(decided.findings)}::jsonb,
      conditions = ${JSON.stringify(decided.conditions)}::jsonb
    where id = ${decided.id}::uuid and decided_at is null`.execute(rows);
}

function reviewOf(row: ReviewRow): Review {
  const instant = (value: string | null): string | null => (value === null ? null : instantText(value));
  return {
    id: row.id,
    proposalId: row.proposal_id,
    contentHash: row.content_hash,
    requestedBy: row.requested_by,
    requesterId: row.requester_id,
    requestedAt: instantText(row.requested_at),
    reviewedBy: row.reviewed_by,
    reviewerId: row.reviewer_id,
    startedAt: instant(row.started_at),
    decidedAt: instant(row.decided_at),
    findings: row.findings,
    conditions: row.conditions,
  };
}
