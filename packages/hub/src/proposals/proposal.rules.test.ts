import { proposalStates } from '@plumbline/connector';
import { describe, expect, test } from 'vitest';
import {
  proposalTakenOverAt,
  takeProposalStep,
  type ProposalState,
  type ProposalStep,
  type ProposalSubject,
} from './proposal.rules.ts';

const ready: Omit<ProposalSubject, 'state'> = {
  price: { amount: '1000', currency: 'EUR' },
  contentHash: 'a',
  submittedHash: 'a',
};
const brought = { evidence: { decidedBy: 'Client', reference: 'mail of 3 March' } };

/** The life of a proposal, written out: state → step → next state. What is not here is refused. */
const life: Record<ProposalState, Partial<Record<ProposalStep, ProposalState>>> = {
  DRAFT: { SUBMIT: 'SUBMITTED', SUPERSEDE: 'SUPERSEDED' },
  SUBMITTED: { ACCEPT: 'ACCEPTED', DECLINE: 'DECLINED', SUPERSEDE: 'SUPERSEDED' },
  ACCEPTED: {},
  DECLINED: {},
  SUPERSEDED: {},
};

describe('every step from every state', () => {
  test('there are no other states', () => {
    expect(Object.keys(life).toSorted()).toEqual([...proposalStates].toSorted());
  });
  for (const state of proposalStates) {
    for (const step of ['SUBMIT', 'ACCEPT', 'DECLINE', 'SUPERSEDE'] as const) {
      const to = life[state][step];
      test(`${step} ${to ? `leads to ${to}` : 'is refused'} from ${state}`, () => {
        const outcome = takeProposalStep(step, { subject: { ...ready, state }, brought });
        expect(outcome).toMatchObject(to ? { to } : { guard: 'state' });
      });
    }
  }
});

const refusals: [ProposalStep, string, Partial<ProposalSubject>, typeof brought | object][] = [
  ['SUBMIT', 'price', { price: null }, {}],
  ['ACCEPT', 'clientDecision', {}, {}],
  ['ACCEPT', 'clientDecision', {}, { evidence: { decidedBy: ' ', reference: 'mail' } }],
  ['ACCEPT', 'price', { price: null }, brought],
  ['ACCEPT', 'unchanged', { contentHash: 'b' }, brought],
  ['DECLINE', 'clientDecision', {}, {}],
];
for (const [step, guard, change, with_] of refusals) {
  test(`${step} is refused by ${guard} with ${JSON.stringify(change)} and ${JSON.stringify(with_)}`, () => {
    const state = step === 'SUBMIT' ? 'DRAFT' : 'SUBMITTED';
    const outcome = takeProposalStep(step, { subject: { ...ready, ...change, state }, brought: with_ });
    expect(outcome).toMatchObject({ guard });
  });
}

test('a source that says ACCEPTED has shown no decision of the client', () => {
  expect(proposalTakenOverAt('ACCEPTED')).toBe('SUBMITTED');
  expect(proposalTakenOverAt('DECLINED')).toBe('DECLINED');
  expect(proposalTakenOverAt(null)).toBe('DRAFT');
  // What was submitted elsewhere has no fingerprint here to compare with.
  const subject = { ...ready, submittedHash: null, state: 'SUBMITTED' as const };
  expect(takeProposalStep('ACCEPT', { subject, brought })).toEqual({ to: 'ACCEPTED' });
});
