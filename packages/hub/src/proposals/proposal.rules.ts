import type { MoneyValue, proposalStates } from '@plumbline/connector';
import type { Evidence } from '../kernel/control-inputs.graphql.ts';
import { clientDecision, type Refusal } from '../kernel/guards.ts';
import type { ReviewState } from '../reviews/feasibility-review.rules.ts';
import { notTheSeller, type GateView, type Seller } from '../reviews/gate.rules.ts';
import type { Party } from '../reviews/party.ts';
import type { ProposalPolicy } from '../reviews/proposal.settings.ts';

export type ProposalState = (typeof proposalStates)[number];

/** What the guards look at: the proposal as it stands, its latest review and its gates. */
export interface ProposalSubject {
  state: ProposalState;
  price: MoneyValue | null;
  /** What the standard that holds wants and it does not say, as sentences. */
  lacking: { standardVersion: number; clauses: readonly string[] };
  /** Fingerprint of its terms as they are, and as they were when it was submitted here; null when it was not. */
  contentHash: string;
  submittedHash: string | null;
  /** The latest, with who reviews as `identityOf` gives it; null where nobody has asked for one. */
  review: { id: string; state: ReviewState; reviewer: string | null } | null;
  gates: readonly GateView[];
  /** Who may not review it: who sells the deal, drafted the proposal or asked for the review. */
  sellers: readonly Seller[];
}

/** What the person who acts brings along. */
export interface ProposalBrought {
  evidence?: Evidence | null | undefined;
  /** Whose review is meant, and who reviews. */
  reviewId?: string | null | undefined;
  reviewer?: Party | null | undefined;
  /** Who accepts the conditions of a CONDITIONAL review, by name. */
  conditionsAcceptedBy?: string | null | undefined;
}

type ProposalSettings = Pick<ProposalPolicy, 'review' | 'reviewDays'>;
type Guard = (subject: ProposalSubject, brought: ProposalBrought, settings: ProposalSettings) => Refusal | null;

export const proposalSteps = [
  'REQUEST_REVIEW',
  'START_REVIEW',
  'RECORD_VERDICT',
  'APPROVE',
  'SUBMIT',
  'ACCEPT',
  'DECLINE',
  'SUPERSEDE',
] as const;
export type ProposalStep = (typeof proposalSteps)[number];

interface Transition {
  from: readonly ProposalState[];
  to: ProposalState;
  guards: readonly Guard[];
  /** What it wants beside that where reviews are REQUIRED and not only ADVISED. */
  whenRequired?: readonly Guard[];
}

/** Where a proposal has not left the firm. */
export const internalStates: readonly ProposalState[] = ['DRAFT', 'IN_REVIEW', 'INTERNALLY_APPROVED'];

/**
 * A proposal's life within the firm and with the client: every step there is, and what it wants. What is not here is
 * refused. SUPERSEDE is the hub's own, when another one of the opportunity takes its place.
 */
export const transitions: Readonly<Record<ProposalStep, Transition>> = {
  REQUEST_REVIEW: { from: internalStates, to: 'IN_REVIEW', guards: [noOpenReview] },
  START_REVIEW: { from: ['IN_REVIEW'], to: 'IN_REVIEW', guards: [openReview, reviewer] },
  RECORD_VERDICT: { from: ['IN_REVIEW'], to: 'IN_REVIEW', guards: [openReview, reviewer] },
  APPROVE: { from: ['IN_REVIEW'], to: 'INTERNALLY_APPROVED', guards: [price, standard, review, conditions, gates] },
  SUBMIT: {
    from: internalStates,
    to: 'SUBMITTED',
    guards: [price, standard],
    whenRequired: [review, gates, internalApproval],
  },
  ACCEPT: { from: ['SUBMITTED'], to: 'ACCEPTED', guards: [clientDecision, price, unchanged] },
  DECLINE: { from: ['SUBMITTED'], to: 'DECLINED', guards: [clientDecision] },
  SUPERSEDE: { from: [...internalStates, 'SUBMITTED'], to: 'SUPERSEDED', guards: [] },
};

/** Takes a step, or says which guard refuses it. Pure. */
export function takeProposalStep(
  step: ProposalStep,
  input: { subject: ProposalSubject; brought: ProposalBrought; settings: ProposalSettings },
): { to: ProposalState } | Refusal {
  const { subject, brought, settings } = input;
  const { from, to, guards, whenRequired = [] } = transitions[step];
  if (!from.includes(subject.state)) {
    const next = proposalSteps.filter((each) => each !== 'SUPERSEDE' && transitions[each].from.includes(subject.state));
    return {
      guard: 'state',
      message: `The proposal is ${subject.state}; ${step} goes from ${from.join(', ')}.`,
      remedy: next.length > 0 ? `Go on by ${next.join(' or ')}.` : 'Make a new one by `createProposal`.',
    };
  }
  for (const guard of settings.review === 'REQUIRED' ? [...guards, ...whenRequired] : guards) {
    const refusal = guard(subject, brought, settings);
    if (refusal) return refusal;
  }
  return { to };
}

/**
 * Where a proposal that lived in a source so far begins here. A source that says ACCEPTED has shown us no decision of
 * the client: the proposal awaits it, as SUBMITTED. One that says it was approved has shown us no review.
 */
export function proposalTakenOverAt(sourceState: ProposalState | null): ProposalState {
  if (sourceState === 'ACCEPTED') return 'SUBMITTED';
  return sourceState === null || internalStates.includes(sourceState) ? 'DRAFT' : sourceState;
}

function price(subject: ProposalSubject): Refusal | null {
  if (subject.price) return null;
  return {
    guard: 'price',
    message: 'It says no price.',
    remedy: 'Give `terms.price` to `createProposal`, or an amount to the deal.',
  };
}

/** It says what every proposal of the firm has to say. */
function standard({ lacking: { standardVersion, clauses } }: ProposalSubject): Refusal | null {
  if (clauses.length === 0) return null;
  return {
    guard: 'standard',
    message: `It does not say what version ${standardVersion} of the standard wants: ${clauses.join(' ')}`,
    remedy: 'Make a proposal that says it by `createProposal` with `revises`.',
  };
}

function unchanged({ contentHash, submittedHash }: ProposalSubject): Refusal | null {
  if (submittedHash === null || submittedHash === contentHash) return null;
  return {
    guard: 'unchanged',
    message: 'Its terms are not those that were submitted.',
    remedy: 'Make a proposal of the new terms by `createProposal`, and submit that.',
  };
}

function isOpen(state: ReviewState | undefined): boolean {
  return state === 'REQUESTED' || state === 'IN_REVIEW';
}

function noOpenReview({ review: standing }: ProposalSubject): Refusal | null {
  if (!isOpen(standing?.state)) return null;
  return {
    guard: 'noOpenReview',
    message: 'A review of these terms is under way.',
    remedy: 'Let it come to its verdict first.',
  };
}

function openReview({ review: latest }: ProposalSubject, { reviewId }: ProposalBrought): Refusal | null {
  const refusal = (message: string): Refusal => ({
    guard: 'openReview',
    message,
    remedy: 'Ask for a review of the terms as they are by `requestReview`.',
  });
  if (!latest || latest.id !== reviewId) return refusal('It is not the latest review of the proposal.');
  if (latest.state === 'STALE') return refusal('The terms are not those that were to be reviewed.');
  return isOpen(latest.state) ? null : refusal('It has its verdict, which is never changed.');
}

/** The review is somebody else's word, not the seller's own. */
function reviewer({ sellers }: ProposalSubject, { reviewer: party }: ProposalBrought): Refusal | null {
  if (party) return notTheSeller('reviewer', { sellers, party, argument: 'reviewer' });
  return { guard: 'reviewer', message: 'Nobody reviews it.', remedy: 'Name somebody, in `reviewer`.' };
}

/** These very terms can be delivered, by a verdict that is not too old, of somebody who still does not sell them. */
function review(
  { review: latest, sellers }: ProposalSubject,
  _: ProposalBrought,
  { reviewDays }: ProposalSettings,
): Refusal | null {
  const refusal = (message: string, remedy: string): Refusal => ({ guard: 'review', message, remedy });
  switch (latest?.state) {
    case 'FEASIBLE':
    case 'CONDITIONAL':
      return sellers.some(({ identity }) => identity === latest.reviewer)
        ? refusal('Who reviewed it sells it by now.', 'Ask for another review by `requestReview`.')
        : null;
    case 'STALE':
      return refusal('Its terms are not those that were reviewed.', 'Ask for another review by `requestReview`.');
    case 'EXPIRED':
      return refusal(`Its review is older than ${reviewDays} days.`, 'Ask for another one by `requestReview`.');
    case 'NOT_FEASIBLE':
      return refusal(
        'Its review says NOT_FEASIBLE.',
        'Make a proposal of other terms by `createProposal` with `revises`.',
      );
    case undefined:
      return refusal('Nobody has reviewed whether these terms can be delivered.', 'Ask for it by `requestReview`.');
    default:
      return refusal(`Its review is ${latest?.state}.`, 'Let it come to its verdict by `recordVerdict`.');
  }
}

function conditions({ review: latest }: ProposalSubject, { conditionsAcceptedBy }: ProposalBrought): Refusal | null {
  if (latest?.state !== 'CONDITIONAL' || conditionsAcceptedBy?.trim()) return null;
  return {
    guard: 'conditions',
    message: 'Its review is CONDITIONAL, and nobody accepts the conditions.',
    remedy: 'Say who does, in `conditionsAcceptedBy`.',
  };
}

function gates({ gates: wanted }: ProposalSubject): Refusal | null {
  const missing = wanted.flatMap((gate) => gate.missing ?? []);
  if (missing.length === 0) return null;
  return { guard: 'gates', message: missing.join(' '), remedy: 'Decide by `decideGate`.' };
}

function internalApproval({ state }: ProposalSubject): Refusal | null {
  if (state === 'INTERNALLY_APPROVED') return null;
  return {
    guard: 'internalApproval',
    message: `The proposal is ${state}, not INTERNALLY_APPROVED.`,
    remedy: 'Approve it by `approveProposal`.',
  };
}
