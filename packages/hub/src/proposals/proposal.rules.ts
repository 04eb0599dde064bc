import type { MoneyValue, proposalStates } from '@plumbline/connector';
import type { Evidence } from '../kernel/control-inputs.graphql.ts';
import { clientDecision, type Refusal } from '../kernel/guards.ts';

export type ProposalState = (typeof proposalStates)[number];

/** What the guards look at: the proposal as it stands. */
export interface ProposalSubject {
  state: ProposalState;
  price: MoneyValue | null;
  /** Fingerprint of its terms as they are, and as they were when it was submitted here; null when it was not. */
  contentHash: string;
  submittedHash: string | null;
}

/** What the person who acts brings along: the client's decision. */
export interface ProposalBrought {
  evidence?: Evidence | null | undefined;
}

type Guard = (subject: ProposalSubject, brought: ProposalBrought) => Refusal | null;

const proposalSteps = ['SUBMIT', 'ACCEPT', 'DECLINE', 'SUPERSEDE'] as const;
export type ProposalStep = (typeof proposalSteps)[number];

interface Transition {
  from: readonly ProposalState[];
  to: ProposalState;
  guards: readonly Guard[];
}

/** A proposal's life with the client. SUPERSEDE is the hub's own, when another one of the opportunity takes its place. */
const transitions: Readonly<Record<ProposalStep, Transition>> = {
  SUBMIT: { from: ['DRAFT'], to: 'SUBMITTED', guards: [price] },
  ACCEPT: { from: ['SUBMITTED'], to: 'ACCEPTED', guards: [clientDecision, price, unchanged] },
  DECLINE: { from: ['SUBMITTED'], to: 'DECLINED', guards: [clientDecision] },
  SUPERSEDE: { from: ['DRAFT', 'SUBMITTED'], to: 'SUPERSEDED', guards: [] },
};

/** Takes a step, or says which guard refuses it. Pure. */
export function takeProposalStep(
  step: ProposalStep,
  { subject, brought }: { subject: ProposalSubject; brought: ProposalBrought },
): { to: ProposalState } | Refusal {
  const { from, to, guards } = transitions[step];
  if (!from.includes(subject.state)) {
    const next = proposalSteps.filter((each) => each !== 'SUPERSEDE' && transitions[each].from.includes(subject.state));
    return {
      guard: 'state',
      message: `The proposal is ${subject.state}; ${step} goes from ${from.join(', ')}.`,
      remedy: next.length > 0 ? `Go on by ${next.join(' or ')}.` : 'Make a new one by `createProposal`.',
    };
  }
  for (const guard of guards) {
    const refusal = guard(subject, brought);
    if (refusal) return refusal;
  }
  return { to };
}

/**
 * Where a proposal that lived in a source so far begins here. A source that says ACCEPTED has shown us no decision of
 * the client: the proposal awaits it, as SUBMITTED.
 */
export function proposalTakenOverAt(sourceState: ProposalState | null): ProposalState {
  return sourceState === 'ACCEPTED' ? 'SUBMITTED' : (sourceState ?? 'DRAFT');
}

function price(subject: ProposalSubject): Refusal | null {
  if (subject.price) return null;
  return {
    guard: 'price',
    message: 'It says no price.',
    remedy: 'Give `terms.price` to `createProposal`, or an amount to the deal.',
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
