import { changeRequestStates } from '@plumbline/connector';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allDeltas,
  changeActions,
  defaultSettings,
  isRefusal,
  ownMargin,
  stepsFrom,
  takenOverAt,
  takeStep,
  type ChangeAction,
  type ChangeSubject,
  type Step,
} from './change-control.rules.ts';

const settings = defaultSettings;
const eur = (amount: string) => ({ amount, currency: 'EUR' });

const ready: Omit<ChangeSubject, 'state'> = {
  requesterId: 'ada',
  priceDelta: eur('10000'),
  costDelta: eur('6000'),
  effortDelta: 360_000,
  scheduleDeltaDays: 0,
  project: { status: 'ACTIVE', baselineVersion: 1, currency: 'EUR' },
  order: { currency: 'EUR' },
  listPrice: eur('10000'),
  approver: { name: 'Grace', email: 'grace@x.com', role: 'PMO lead', hasLeft: false },
  validUntil: '2026-04-05',
  today: '2026-04-05',
};
const wellFounded: Step = {
  approverId: 'grace',
  reason: 'Agreed with the client.',
  evidence: { decidedBy: 'Client', reference: 'mail of 3 March' },
  value: eur('500'),
};

/** The life of a request, written out: state → step → next state. What is not here is refused. */
const life: Record<ChangeSubject['state'], Partial<Record<ChangeAction, ChangeSubject['state']>>> = {
  CAPTURED: { TRIAGE: 'TRIAGED', WITHDRAW: 'WITHDRAWN' },
  TRIAGED: { ASSESS: 'IMPACT_ASSESSED', DEFER: 'DEFERRED', WITHDRAW: 'WITHDRAWN' },
  IMPACT_ASSESSED: {
    ASSESS: 'IMPACT_ASSESSED',
    OPEN_REVIEW: 'COMMERCIAL_REVIEW',
    ABSORB: 'ABSORBED',
    DEFER: 'DEFERRED',
    WITHDRAW: 'WITHDRAWN',
  },
  COMMERCIAL_REVIEW: {
    ASSESS: 'IMPACT_ASSESSED',
    QUOTE: 'QUOTED',
    ABSORB: 'ABSORBED',
    DEFER: 'DEFERRED',
    WITHDRAW: 'WITHDRAWN',
  },
  QUOTED: {
    APPROVE: 'APPROVED',
    REJECT: 'REJECTED',
    ABSORB: 'ABSORBED',
    DEFER: 'DEFERRED',
    WITHDRAW: 'WITHDRAWN',
  },
  APPROVED: { START: 'IMPLEMENTING' },
  IMPLEMENTING: { COMPLETE: 'IMPLEMENTED' },
  IMPLEMENTED: { CLOSE: 'CLOSED' },
  DEFERRED: { ASSESS: 'IMPACT_ASSESSED', WITHDRAW: 'WITHDRAWN' },
  CLOSED: {},
  REJECTED: {},
  WITHDRAWN: {},
  ABSORBED: {},
};
const everyStep = [
  'TRIAGE',
  'ASSESS',
  'OPEN_REVIEW',
  'QUOTE',
  'APPROVE',
  'REJECT',
  'ABSORB',
  'DEFER',
  'WITHDRAW',
  'START',
  'COMPLETE',
  'CLOSE',
] as const;

describe('every step from every state', () => {
  test('there are no other steps and no other states', () => {
    expect(everyStep).toEqual([...changeActions]);
    expect(Object.keys(life).toSorted()).toEqual([...changeRequestStates].toSorted());
  });
  for (const [state, steps] of Object.entries(life) as [ChangeSubject['state'], (typeof life)['CAPTURED']][]) {
    for (const action of everyStep) {
      const to = steps[action];
      test(`${action} ${to ? `leads to ${to}` : 'is refused'} from ${state}`, () => {
        const outcome = takeStep(action, { subject: { ...ready, state }, step: wellFounded, settings });
        expect(outcome).toMatchObject(to ? { to } : { guard: 'state' });
      });
    }
    test(`what leads on from ${state} is told`, () => {
      expect(stepsFrom(state).toSorted()).toEqual(Object.keys(steps).toSorted());
    });
  }
});

const strict = { ...settings, discounts: [{ upTo: '0.05', approvers: ['PMO lead'] }] };
const gone = { name: 'Eve', email: null, role: 'PMO lead', hasLeft: true };
const refusals: [ChangeAction, string, Partial<ChangeSubject>, Step][] = [
  ['TRIAGE', 'activeProject', { project: { status: 'ON_HOLD', baselineVersion: 1, currency: 'EUR' } }, wellFounded],
  ['TRIAGE', 'activeProject', { project: null }, wellFounded],
  ['TRIAGE', 'baseline', { project: { status: 'ACTIVE', baselineVersion: null, currency: 'EUR' } }, wellFounded],
  ['OPEN_REVIEW', 'allDeltas', { scheduleDeltaDays: null }, wellFounded],
  ['QUOTE', 'allDeltas', { priceDelta: null }, wellFounded],
  ['QUOTE', 'approver', {}, { approverId: 'ada' }],
  ['QUOTE', 'approver', {}, {}],
  ['QUOTE', 'approver', { approver: null }, wellFounded],
  ['QUOTE', 'approver', { approver: gone }, wellFounded],
  ['QUOTE', 'margin', { costDelta: eur('8000.01') }, { approverId: 'grace' }],
  ['QUOTE', 'margin', { priceDelta: eur('0') }, { approverId: 'grace', waiver: ' ' }],
  ['QUOTE', 'discount', { listPrice: eur('11000') }, { approverId: 'grace' }],
  ['QUOTE', 'discount', { listPrice: null }, { approverId: 'grace' }],
  ['APPROVE', 'allDeltas', { effortDelta: null }, wellFounded],
  ['APPROVE', 'clientDecision', {}, {}],
  ['APPROVE', 'clientDecision', {}, { evidence: { decidedBy: 'Client', reference: ' ' } }],
  ['APPROVE', 'openQuote', { today: '2026-04-06' }, wellFounded],
  ['APPROVE', 'changeOrder', { order: null }, wellFounded],
  ['APPROVE', 'changeOrder', { order: { currency: 'USD' } }, wellFounded],
  ['REJECT', 'clientDecision', {}, {}],
  ['ABSORB', 'value', {}, { ...wellFounded, value: null }],
  ['ABSORB', 'value', {}, { ...wellFounded, value: eur('-0.01') }],
  ['ABSORB', 'reason', {}, { ...wellFounded, reason: '' }],
  ['ABSORB', 'approver', {}, { ...wellFounded, approverId: 'ada' }],
  ['ABSORB', 'approver', { approver: null }, wellFounded],
  ['ABSORB', 'approver', { approver: gone }, wellFounded],
  ['DEFER', 'reason', {}, {}],
  ['START', 'changeOrder', { order: null }, wellFounded],
  ['WITHDRAW', 'reason', {}, {}],
];
for (const [action, guard, change, step] of refusals) {
  test(`${action} is refused by ${guard} with ${JSON.stringify(change)} and ${JSON.stringify(step)}`, () => {
    const state = (Object.keys(life) as ChangeSubject['state'][]).find((each) => life[each][action]) ?? 'CAPTURED';
    const outcome = takeStep(action, { subject: { ...ready, ...change, state }, step, settings: strict });
    expect(outcome).toMatchObject({ guard });
  });
}

test('a margin at the floor is enough, one beneath it wants a waiver, and zero price wants one too', () => {
  const quote = (costDelta: string, waiver?: string) =>
    takeStep('QUOTE', {
      subject: { ...ready, costDelta: eur(costDelta), state: 'COMMERCIAL_REVIEW' },
      step: { approverId: 'grace', waiver },
      settings,
    });
  expect(quote('8000')).toEqual({ to: 'QUOTED' });
  expect(quote('8000.01')).toMatchObject({ guard: 'margin' });
  expect(quote('9000', 'First job with this client.')).toEqual({ to: 'QUOTED' });
  expect(ownMargin({ priceDelta: eur('0'), costDelta: eur('0') })).toBeNull();
  expect(ownMargin({ priceDelta: eur('100'), costDelta: { amount: '50', currency: 'USD' } })).toBeNull();
});

test('a request without a price is approved without a change order', () => {
  const subject = { ...ready, priceDelta: eur('0.00'), order: null, state: 'QUOTED' as const };
  expect(takeStep('APPROVE', { subject, step: wellFounded, settings })).toEqual({ to: 'APPROVED' });
});

test('how the missing deltas are given is said for each state', () => {
  const remedy = (state: ChangeSubject['state']) =>
    allDeltas({ state, priceDelta: null, costDelta: null, effortDelta: null, scheduleDeltaDays: null })?.remedy;
  expect(remedy('CAPTURED')).toContain('`triageChangeRequest`');
  expect(remedy('DEFERRED')).toBe('Give all four by `assessChangeRequest`; zero is an answer.');
  expect(remedy('QUOTED')).toContain('`deferChangeRequest` and give all four by `assessChangeRequest`');
  expect(remedy('APPROVED')).toBe('Complete them in its source; zero is an answer.');
});

test('what was never quoted here has no last day, and nothing given away is a gift too', () => {
  const subject = { ...ready, validUntil: null, today: '2030-01-01', state: 'QUOTED' as const };
  expect(takeStep('APPROVE', { subject, step: wellFounded, settings })).toEqual({ to: 'APPROVED' });
  expect(takeStep('ABSORB', { subject, step: { ...wellFounded, value: eur('0') }, settings })).toEqual({
    to: 'ABSORBED',
  });
});

test('what a source calls approved awaits the client’s decision when the hub takes over', () => {
  expect(takenOverAt('IMPLEMENTING')).toBe('QUOTED');
  expect(takenOverAt('ABSORBED')).toBe('QUOTED');
  expect(takenOverAt('TRIAGED')).toBe('TRIAGED');
  expect(takenOverAt('REJECTED')).toBe('REJECTED');
  expect(takenOverAt(null)).toBe('CAPTURED');
});

const money = fc.option(fc.constantFrom(eur('0'), eur('100'), eur('-50'), { amount: '70', currency: 'USD' }));
const subjects = fc.record({
  requesterId: fc.constantFrom('ada', null),
  priceDelta: money,
  costDelta: money,
  listPrice: money,
  effortDelta: fc.option(fc.integer()),
  scheduleDeltaDays: fc.option(fc.integer()),
  project: fc.option(
    fc.record({
      status: fc.constantFrom('ACTIVE', 'CLOSED', null),
      baselineVersion: fc.constantFrom(1, null),
      currency: fc.constantFrom('EUR', null),
    }),
  ),
  order: fc.option(fc.record({ currency: fc.constantFrom('EUR', 'USD') })),
  approver: fc.option(
    fc.constantFrom(...[true, false].map((hasLeft) => ({ name: 'Grace', email: null, role: null, hasLeft }))),
  ),
  validUntil: fc.constantFrom('2026-04-05', null),
  today: fc.constantFrom('2026-04-05', '2026-04-06'),
});
const steps = fc.record({
  action: fc.constantFrom(...changeActions),
  facts: subjects,
  step: fc.record({
    approverId: fc.constantFrom('ada', 'grace', null),
    reason: fc.constantFrom('because', '', null),
    waiver: fc.constantFrom('because', null),
    evidence: fc.constantFrom({ decidedBy: 'Client', reference: 'mail' }, { decidedBy: '', reference: 'mail' }, null),
    value: money,
  }),
});

test('no path reaches APPROVED without a decision, a price without a change order, or ABSORBED without its three words', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(fc.constantFrom(...changeRequestStates), fc.array(steps, { maxLength: 20 }), (begin, path) => {
      let state: ChangeSubject['state'] = begin;
      for (const { action, facts, step } of path) {
        const subject = { ...facts, state };
        const outcome = takeStep(action, { subject, step, settings });
        if (isRefusal(outcome)) continue;
        reached.add(outcome.to);
        const isFounded = {
          APPROVED:
            Boolean(step.evidence?.decidedBy) &&
            (facts.order !== null || Number(facts.priceDelta?.amount) === 0) &&
            ![facts.priceDelta, facts.costDelta, facts.effortDelta, facts.scheduleDeltaDays].includes(null),
          ABSORBED:
            Boolean(step.value && step.reason && step.approverId && facts.approver) &&
            Number(step.value?.amount) >= 0 &&
            facts.approver?.hasLeft === false &&
            step.approverId !== facts.requesterId,
        };
        expect(Object.entries(isFounded).find(([to, founded]) => to === outcome.to && !founded)).toBeUndefined();
        state = outcome.to;
      }
    }),
    { numRuns: 3_000, seed: 1 },
  );
  expect(reached).toContain('APPROVED');
  expect(reached).toContain('ABSORBED');
});
