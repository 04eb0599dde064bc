import type { JsonValue } from '@plumbline/connector';
import { NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import { overallVerdict, type Findings } from '../reviews/feasibility-review.rules.ts';
import { beginReview, decideReview, insertReview, proposalOfReview } from '../reviews/feasibility-review.store.ts';
import { readParty } from '../reviews/party.store.ts';
import type { Party } from '../reviews/party.ts';
import type { ProposalPolicy } from '../reviews/proposal.settings.ts';
import { openProposal, writeProposalState, type DecidedProposal } from './proposal-state.store.ts';
import { readSubject } from './proposal-subject.store.ts';
import { takeProposalStep } from './proposal.rules.ts';

interface Call extends Deciding {
  /** Who asks, or who reviews, where a person is named. */
  personId: string | null;
  policy: ProposalPolicy;
  actor: string;
  now: string;
}

interface ReviewRequest extends Call {
  step: 'REQUEST_REVIEW';
  proposalId: string;
}

interface ReviewStart extends Call {
  step: 'START_REVIEW';
  reviewId: string;
}

interface ReviewVerdict extends Call {
  step: 'RECORD_VERDICT';
  reviewId: string;
  findings: Findings;
  conditions: readonly string[];
}

export type ReviewCall = ReviewRequest | ReviewStart | ReviewVerdict;

/**
 * Asks for a feasibility review, begins it, or gives its verdict: one transaction with the decision. Returns the ids of
 * the review and its proposal. Throws RefusedError, ConflictError or NotFoundError, and then nothing is written.
 */
export async function moveReview(
  rows: Rows,
  own: OwnRecords,
  call: ReviewCall,
): Promise<{ reviewId: string; proposalId: string }> {
  await own.lock(rows);
  const proposalId = call.step === 'REQUEST_REVIEW' ? call.proposalId : await proposalOfReview(rows, call.reviewId);
  if (proposalId === null)
    throw new NotFoundError('There is no such review.', 'Read the reviews of the proposal again.');
  const before = await wasDecided(rows, { ...call, subjectId: proposalId, action: call.step });
  if (before) return { reviewId: String(before.details['review']), proposalId };
  const open = await openProposal(rows, proposalId, call);
  const party = await readParty(rows, { ...call, guard: 'reviewer' });
  const to = await stepOf(rows, call, { open, party });
  const reviewId = await writeReview(rows, call, { open, party });
  await writeProposalState(rows, own, { proposal: open.proposal, fields: { state: to }, now: call.now });
  await recordDecision(rows, {
    subject_kind: 'proposal',
    subject_id: open.proposal.id,
    version: open.version + 1,
    action: call.step,
    from_state: open.state,
    to_state: to,
    actor: call.actor,
    at: call.now,
    details: {
      review: reviewId,
      contentHash: open.proposal.contentHash,
      by: party.name ?? party.actor,
      personId: party.personId,
      ...verdictOf(call),
    },
    idempotencyKey: call.idempotencyKey,
  });
  return { reviewId, proposalId };
}

async function stepOf(rows: Rows, call: ReviewCall, { open, party }: { open: DecidedProposal; party: Party }) {
  const { policy, now, step } = call;
  const subject = await readSubject(rows, { ...open, policy, now });
  const brought = step === 'REQUEST_REVIEW' ? {} : { reviewId: call.reviewId, reviewer: party };
  const outcome = takeProposalStep(step, { subject, brought, settings: policy });
  if ('guard' in outcome) throw new RefusedError(outcome);
  return outcome.to;
}

async function writeReview(
  rows: Rows,
  call: ReviewCall,
  { open: { proposal }, party }: { open: DecidedProposal; party: Party },
): Promise<string> {
  const { now } = call;
  if (call.step === 'REQUEST_REVIEW')
    return insertReview(rows, { proposalId: proposal.id, contentHash: proposal.contentHash, requester: party, now });
  await beginReview(rows, { id: call.reviewId, reviewer: party, now });
  if (call.step === 'RECORD_VERDICT') await decideReview(rows, { ...call, id: call.reviewId });
  return call.reviewId;
}

function verdictOf(call: ReviewCall): Record<string, JsonValue> {
  if (call.step !== 'RECORD_VERDICT') return {};
  const { findings, conditions } = call;
  return { verdict: overallVerdict(findings), findings: findings as unknown as JsonValue, conditions };
}
