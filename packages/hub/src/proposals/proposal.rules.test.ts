import { proposalStates } from '@plumbline/connector';
import { describe, expect, test } from 'vitest';
import type { ReviewState } from '../reviews/feasibility-review.rules.ts';
import { gateNames, type GateView } from '../reviews/gate.rules.ts';
import {
  proposalSteps,
  proposalTakenOverAt,
  takeProposalStep,
  type ProposalBrought,
  type ProposalState,
  type ProposalStep,
  type ProposalSubject,
} from './proposal.rules.ts';

const passed: GateView[] = gateNames.map((gate) => ({
  gate,
  owners: [],
  standing: 'PASSED',
  decision: null,
  missing: null,
}));
const missing: GateView = {
  gate: 'COMMERCIAL',
  owners: [],
  standing: 'MISSING',
  decision: null,
  missing: 'COMMERCIAL is not decided.',
};
const reviewed = (state: ReviewState, reviewer = 'grace') => ({ review: { id: 'r', state, reviewer } });
const ready: Omit<ProposalSubject, 'state'> = {
  price: { amount: '1000', currency: 'EUR' },
  lacking: { standardVersion: 1, clauses: [] },
  contentHash: 'a',
  submittedHash: 'a',
  ...reviewed('FEASIBLE'),
  gates: passed,
  sellers: [
    { identity: 'seller', because: 'sells the deal' },
    { identity: 'key writer', because: 'drafted the proposal' },
  ],
};
const lacking = { lacking: { standardVersion: 1, clauses: ['A price.'] } };
const grace = { actor: 'tool', personId: 'grace', name: 'Grace', email: null, role: null };
const evidence = { decidedBy: 'Client', reference: 'mail of 3 March' };
const settings = { review: 'REQUIRED', reviewDays: 30 } as const;

/** What each step wants beside its state. */
const met: Partial<Record<ProposalStep, Partial<ProposalSubject>>> = {
  START_REVIEW: reviewed('REQUESTED'),
  RECORD_VERDICT: reviewed('IN_REVIEW'),
};
const brought: ProposalBrought = { evidence, reviewId: 'r', reviewer: grace };

function outcomeOf(
  step: ProposalStep,
  change: Partial<ProposalSubject> & { state: ProposalState },
  more: { brought?: ProposalBrought; review?: 'REQUIRED' | 'ADVISED' } = {},
) {
  return takeProposalStep(step, {
    subject: { ...ready, ...met[step], ...change },
    brought: more.brought ?? brought,
    settings: { ...settings, review: more.review ?? 'REQUIRED' },
  });
}

/** The life of a proposal, written out: state → step → next state. What is not here is refused. */
const life: Record<ProposalState, Partial<Record<ProposalStep, ProposalState>>> = {
  DRAFT: { REQUEST_REVIEW: 'IN_REVIEW', SUBMIT: 'SUBMITTED', SUPERSEDE: 'SUPERSEDED' },
  IN_REVIEW: {
    REQUEST_REVIEW: 'IN_REVIEW',
    START_REVIEW: 'IN_REVIEW',
    RECORD_VERDICT: 'IN_REVIEW',
    APPROVE: 'INTERNALLY_APPROVED',
    SUBMIT: 'SUBMITTED',
    SUPERSEDE: 'SUPERSEDED',
  },
  INTERNALLY_APPROVED: { REQUEST_REVIEW: 'IN_REVIEW', SUBMIT: 'SUBMITTED', SUPERSEDE: 'SUPERSEDED' },
  SUBMITTED: { ACCEPT: 'ACCEPTED', DECLINE: 'DECLINED', SUPERSEDE: 'SUPERSEDED' },
  ACCEPTED: {},
  DECLINED: {},
  SUPERSEDED: {},
};

describe('every step from every state, where reviews are advised', () => {
  test('there are no other states', () => {
    expect(Object.keys(life).toSorted()).toEqual([...proposalStates].toSorted());
  });
  for (const state of proposalStates) {
    for (const step of proposalSteps) {
      const to = life[state][step];
      test(`${step} ${to ? `leads to ${to}` : 'is refused'} from ${state}`, () => {
        expect(outcomeOf(step, { state }, { review: 'ADVISED' })).toMatchObject(to ? { to } : { guard: 'state' });
      });
    }
  }
});

test('where reviews are required, a proposal goes to the client only when it was approved', () => {
  expect(outcomeOf('SUBMIT', { state: 'INTERNALLY_APPROVED' })).toEqual({ to: 'SUBMITTED' });
  for (const state of ['DRAFT', 'IN_REVIEW'] as const)
    expect(outcomeOf('SUBMIT', { state })).toMatchObject({ guard: 'internalApproval' });
});

const refusals: [ProposalStep, string, Partial<ProposalSubject>, ProposalBrought][] = [
  ['REQUEST_REVIEW', 'noOpenReview', reviewed('REQUESTED'), {}],
  ['REQUEST_REVIEW', 'noOpenReview', reviewed('IN_REVIEW'), {}],
  ['START_REVIEW', 'openReview', reviewed('STALE'), brought],
  ['START_REVIEW', 'openReview', reviewed('FEASIBLE'), brought],
  ['START_REVIEW', 'openReview', { review: null }, brought],
  ['START_REVIEW', 'openReview', reviewed('REQUESTED'), { ...brought, reviewId: 'an earlier one' }],
  ['START_REVIEW', 'reviewer', {}, { ...brought, reviewer: { ...grace, personId: 'seller' } }],
  ['RECORD_VERDICT', 'reviewer', {}, { ...brought, reviewer: { ...grace, personId: 'seller' } }],
  ['RECORD_VERDICT', 'reviewer', {}, { ...brought, reviewer: { ...grace, actor: 'writer', personId: null } }],
  ['RECORD_VERDICT', 'reviewer', {}, { ...brought, reviewer: null }],
  ['RECORD_VERDICT', 'openReview', reviewed('NOT_FEASIBLE'), brought],
  ['APPROVE', 'price', { price: null }, {}],
  ['APPROVE', 'standard', lacking, {}],
  ['APPROVE', 'review', { review: null }, {}],
  ['APPROVE', 'review', reviewed('REQUESTED'), {}],
  ['APPROVE', 'review', reviewed('IN_REVIEW'), {}],
  ['APPROVE', 'review', reviewed('NOT_FEASIBLE'), {}],
  ['APPROVE', 'review', reviewed('STALE'), {}],
  ['APPROVE', 'review', reviewed('EXPIRED'), {}],
  ['APPROVE', 'review', reviewed('FEASIBLE', 'seller'), {}],
  ['APPROVE', 'conditions', reviewed('CONDITIONAL'), { conditionsAcceptedBy: ' ' }],
  ['APPROVE', 'gates', { gates: [missing] }, {}],
  ['SUBMIT', 'price', { price: null }, {}],
  ['SUBMIT', 'standard', lacking, {}],
  ['SUBMIT', 'review', { review: null }, {}],
  ['SUBMIT', 'review', reviewed('STALE'), {}],
  ['SUBMIT', 'review', reviewed('EXPIRED'), {}],
  ['SUBMIT', 'review', reviewed('FEASIBLE', 'seller'), {}],
  ['SUBMIT', 'gates', { gates: [missing] }, {}],
  ['ACCEPT', 'clientDecision', {}, {}],
  ['ACCEPT', 'clientDecision', {}, { evidence: { decidedBy: ' ', reference: 'mail' } }],
  ['ACCEPT', 'price', { price: null }, brought],
  ['ACCEPT', 'unchanged', { contentHash: 'b' }, brought],
  ['DECLINE', 'clientDecision', {}, {}],
];
const from: Record<ProposalStep, ProposalState> = {
  REQUEST_REVIEW: 'IN_REVIEW',
  START_REVIEW: 'IN_REVIEW',
  RECORD_VERDICT: 'IN_REVIEW',
  APPROVE: 'IN_REVIEW',
  SUBMIT: 'INTERNALLY_APPROVED',
  ACCEPT: 'SUBMITTED',
  DECLINE: 'SUBMITTED',
  SUPERSEDE: 'DRAFT',
};
for (const [step, guard, change, with_] of refusals) {
  test(`${step} is refused by ${guard} with ${JSON.stringify(change)} and ${JSON.stringify(with_)}`, () => {
    expect(outcomeOf(step, { ...change, state: from[step] }, { brought: with_ })).toMatchObject({ guard });
  });
}

test('a conditional review lets a proposal through once somebody accepts the conditions', () => {
  const state = 'IN_REVIEW' as const;
  const change = { ...reviewed('CONDITIONAL'), state };
  expect(outcomeOf('APPROVE', change, { brought: { conditionsAcceptedBy: 'Head of delivery' } })).toEqual({
    to: 'INTERNALLY_APPROVED',
  });
});

test('where reviews are advised, a proposal goes out whatever its review says, and is approved only by it', () => {
  const bad = { ...reviewed('NOT_FEASIBLE'), gates: [missing] };
  expect(outcomeOf('SUBMIT', { ...bad, state: 'DRAFT' }, { review: 'ADVISED' })).toEqual({ to: 'SUBMITTED' });
  expect(outcomeOf('APPROVE', { ...bad, state: 'IN_REVIEW' }, { review: 'ADVISED' })).toMatchObject({
    guard: 'review',
  });
});

test('a source has shown neither a decision of the client nor a review', () => {
  expect(proposalTakenOverAt('ACCEPTED')).toBe('SUBMITTED');
  expect(proposalTakenOverAt('INTERNALLY_APPROVED')).toBe('DRAFT');
  expect(proposalTakenOverAt('IN_REVIEW')).toBe('DRAFT');
  expect(proposalTakenOverAt('DECLINED')).toBe('DECLINED');
  expect(proposalTakenOverAt(null)).toBe('DRAFT');
  // What was submitted elsewhere has no fingerprint here to compare with.
  expect(outcomeOf('ACCEPT', { submittedHash: null, state: 'SUBMITTED' })).toEqual({ to: 'ACCEPTED' });
});
