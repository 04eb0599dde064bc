import { expect, test } from 'vitest';
import type { DealFacts } from '../check-ins/deal-questions.rules.ts';
import { ask } from '../check-ins/question.rules.ts';
import type { ProposalTerms } from '../proposals/proposal-terms.rules.ts';
import { firstStandard } from '../proposals/standard.rules.ts';
import { auditOf, type AuditFacts } from './risk-audit.rules.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const subject = { kind: 'opportunity', id: 'deal' } as const;

/** Terms in which nothing is missing: a margin of 40 % over 100 days. */
const terms: ProposalTerms = {
  name: 'Portal',
  price: eur('100000'),
  listPrice: null,
  plannedCost: eur('60000'),
  plannedSeconds: 3_600_000,
  start: '2026-05-01',
  end: '2026-08-08',
  deliverables: ['Portal'],
  changeControl: 'In writing.',
  cadenceDays: 7,
  reportingCycleDays: 30,
  escalationPath: ['COO'],
  roles: [{ role: 'Developer', seconds: 3_600_000 }],
  commitments: null,
};

const deal: DealFacts = {
  id: 'deal',
  isOpen: true,
  isProposed: true,
  isKeptHere: true,
  offered: null,
  closeDate: '2026-04-30',
  nextStep: null,
  nextStepDate: null,
  activeAt: null,
  amount: eur('100000'),
  amountBefore: null,
  probability: '0.9',
  owner: { hasLeft: false },
  closeDates: [],
  stay: { secondsInStage: null, medianSeconds: null, stays: 0 },
  latest: { views: {}, withNextStep: null },
  points: [],
};

function audit(
  changes: Partial<ProposalTerms>,
  more: { deal?: Partial<DealFacts>; facts?: Partial<AuditFacts> } = {},
): string[] {
  const offered = {
    proposal: {
      id: 'proposal',
      state: 'SUBMITTED',
      version: 1,
      opportunityId: 'deal',
      projectId: null,
      terms: { ...terms, ...changes },
      contentHash: '',
    },
    review: 'FEASIBLE',
  } as const;
  return auditOf({
    deal: { ...deal, offered, ...more.deal },
    questions: [],
    capacity: null,
    standard: firstStandard,
    marginFloor: '0.20',
    ...more.facts,
  }).map(({ rule, text, cost, reason }) => `${rule}: ${text} [${cost ? `${cost.amount} ${cost.currency}` : reason}]`);
}

const unmeasured = '[Nobody has measured what that costs.]';

test('a proposal in order has nothing to look at, and a deal without one has just that', () => {
  expect(audit({})).toEqual([]);
  const questions = [ask(subject, { rule: 'NOT_REVIEWED', text: 'Who?' })];
  expect(audit({}, { deal: { offered: null }, facts: { questions } })).toEqual([
    `NO_PROPOSAL: There is no proposal to sign. ${unmeasured}`,
  ]);
  expect(audit({}, { deal: { offered: null, isKeptHere: false } })).toEqual([
    `NO_PROPOSAL: What is offered is not kept here, so nobody looks at its terms. ${unmeasured}`,
  ]);
  expect(audit({}, { facts: { questions } })).toEqual([`NOT_REVIEWED: Who? ${unmeasured}`]);
});

test('a margin beneath the floor costs what is missing to it', () => {
  // 100,000 at 85,000 leaves 15,000 of the 20,000 that the floor wants.
  expect(audit({ plannedCost: eur('85000') })).toEqual([
    'MARGIN_BELOW_FLOOR: The margin is 15 %, and the floor 20 %. [5000 EUR]',
  ]);
  expect(audit({ plannedCost: eur('80000') })).toEqual([]);
  expect(audit({ plannedCost: null })).toEqual([
    `NO_PLANNED_COST: Nobody has said what the work will cost, so the margin is not known. ${unmeasured}`,
  ]);
});

test('a margin that nobody can tell is said, with its reason', () => {
  expect(audit({ plannedCost: { amount: '60000', currency: 'USD' } })).toEqual([
    'MARGIN_UNKNOWN: The price is in EUR and the planned cost in USD, so the margin is not known. [The price is in EUR and the planned cost in USD.]',
  ]);
  expect(audit({ price: eur('0') }, { deal: { amount: eur('0') } })).toEqual([
    'MARGIN_UNKNOWN: The price is 0 EUR, which is not above zero, so the margin is not known. [The price is 0 EUR, which is not above zero.]',
  ]);
});

test('a deal of another amount than the proposal costs the difference beyond 1 % and 100', () => {
  expect(audit({}, { deal: { amount: eur('101000') } })).toEqual([]);
  expect(audit({}, { deal: { amount: eur('101000.01') } })).toEqual([
    'AMOUNT_DIFFERS: The deal is 101000.01 EUR, the proposal 100000 EUR. [1000.01 EUR]',
  ]);
  expect(audit({ price: eur('1000'), plannedCost: eur('600') }, { deal: { amount: eur('1100') } })).toEqual([]);
  expect(audit({}, { deal: { amount: { amount: '100000', currency: 'USD' } } })).toEqual([
    `CURRENCY_DIFFERS: The deal is in USD, the proposal in EUR. ${unmeasured}`,
  ]);
  expect(audit({ price: null })).toEqual([`NO_PRICE: The proposal says no price. ${unmeasured}`]);
});

test('what a proposal does not say is named', () => {
  expect(
    audit({
      deliverables: [],
      changeControl: ' ',
      escalationPath: null,
      cadenceDays: null,
      roles: [],
      plannedSeconds: null,
    }),
  ).toEqual([
    `NO_DELIVERABLES: The proposal says no deliverables. ${unmeasured}`,
    `NO_PLAN: The proposal says no work, no roles. ${unmeasured}`,
    `SOW_INCOMPLETE: How often both sides meet. cadenceDays says nothing. Who hears of what is late. escalationPath says nothing. How changes are agreed. changeControl says nothing. ${unmeasured}`,
  ]);
});

test('work before the deal is to close costs its share of the plan', () => {
  // 10 of 100 days.
  expect(audit({ start: '2026-04-20', end: '2026-07-28' })).toEqual([
    'STARTS_BEFORE_CLOSE: Work would begin on 2026-04-20, and the deal is to close on 2026-04-30. [6000 EUR]',
  ]);
  expect(audit({ start: '2026-04-01', end: '2026-04-10' })).toEqual([
    'STARTS_BEFORE_CLOSE: Work would begin on 2026-04-01, and the deal is to close on 2026-04-30. [60000 EUR]',
  ]);
  expect(audit({ start: '2026-04-30' })).toEqual([]);
});

test('hours that nobody can work cost what an hour of the plan costs', () => {
  const week = {
    role: 'Developer',
    week: '2026-05-04',
    demand: 0,
    capacity: 0,
    allocated: 0,
    unweighted: 0,
    pipeline: 0,
    free: 0,
  };
  const capacity = {
    proposalId: 'proposal',
    leftOutIds: [],
    feasible: false,
    reason: '100 hours are not covered.',
    weeks: [{ ...week, short: 360_000 }],
  };
  expect(audit({}, { facts: { capacity } })).toEqual(['CAPACITY_SHORT: 100 hours are not covered. [6000 EUR]']);
  expect(audit({}, { facts: { capacity: { ...capacity, feasible: null, reason: 'No roles.' } } })).toEqual([
    `CAPACITY_UNKNOWN: No roles. ${unmeasured}`,
  ]);
  expect(audit({}, { facts: { capacity: { ...capacity, feasible: true, reason: null } } })).toEqual([]);
});

test('a forecast above what the seller sees costs the difference, and so does an amount that fell', () => {
  const questions = [
    ask(subject, { rule: 'CONFIDENCE_GAP', text: 'Which?' }),
    ask(subject, { rule: 'AMOUNT_CHANGED', text: 'What?' }),
  ];
  const sees = (confidence: string, before: string): Partial<DealFacts> => ({
    latest: { views: { SELLER: { confidence } as never }, withNextStep: null },
    amountBefore: eur(before),
  });
  expect(audit({}, { deal: sees('0.5', '120000'), facts: { questions } })).toEqual([
    'CONFIDENCE_GAP: Which? [40000 EUR]',
    'AMOUNT_CHANGED: What? [20000 EUR]',
  ]);
  expect(audit({}, { deal: sees('0.95', '80000'), facts: { questions } })).toEqual([
    'CONFIDENCE_GAP: Which? [The forecast counts less than the seller does.]',
    'AMOUNT_CHANGED: What? [It grew.]',
  ]);
});
