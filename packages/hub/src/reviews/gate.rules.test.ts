import { expect, test } from 'vitest';
import {
  gatesOf,
  refuseGate,
  type GateBrought,
  type GateDecision,
  type GateName,
  type GateSettings,
  type GateSubject,
} from './gate.rules.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const grace = { actor: 'tool', personId: 'grace', name: 'Grace', email: 'grace@x.com', role: 'PMO lead' };
const ada = { actor: 'tool', personId: 'ada', name: 'Ada', email: 'ada@x.com', role: 'Seller' };
const subject: GateSubject = {
  price: eur('1000'),
  listPrice: eur('1000'),
  plannedCost: eur('600'),
  sellers: [{ identity: 'ada', because: 'sells the deal' }],
};
const brought: GateBrought = { outcome: 'PASS', owner: grace, conditions: [] };
const settings: GateSettings = {
  gates: [
    { gate: 'BID', owners: [] },
    { gate: 'SOLUTION', owners: [] },
    { gate: 'COMMERCIAL', owners: ['pmo LEAD'] },
  ],
  marginFloor: '0.20',
  discounts: [{ upTo: '0.05', approvers: ['PMO lead'] }],
};

function refusedBy(gate: GateName, of: { subject?: Partial<GateSubject>; brought?: Partial<GateBrought> } = {}) {
  const input = { subject: { ...subject, ...of.subject }, brought: { ...brought, ...of.brought }, settings };
  return refuseGate(gate, input)?.guard ?? null;
}

test('a gate is decided by its owner, and two of the three never by who sells', () => {
  expect(refusedBy('BID', { brought: { owner: ada } })).toBeNull();
  expect(refusedBy('SOLUTION', { brought: { owner: ada } })).toBe('independent');
  expect(refusedBy('SOLUTION')).toBeNull();
  expect(refusedBy('COMMERCIAL')).toBeNull();
  expect(refusedBy('COMMERCIAL', { brought: { owner: { ...grace, role: 'Developer' } } })).toBe('gateOwner');
  expect(refusedBy('COMMERCIAL', { subject: { sellers: [{ identity: 'grace', because: 'drafted it' }] } })).toBe(
    'independent',
  );
});

test('a key that speaks for nobody decides neither the solution nor the commercial side', () => {
  const tool = { actor: 'key 1a2b3c4d', personId: null, name: 'key 1a2b3c4d', email: null, role: 'PMO lead' };
  expect(refusedBy('BID', { brought: { owner: tool } })).toBeNull();
  expect(refusedBy('SOLUTION', { brought: { owner: tool } })).toBe('independent');
  expect(refusedBy('COMMERCIAL', { brought: { owner: tool } })).toBe('independent');
});

test('STOP wants a reason, and passing with conditions wants them', () => {
  expect(refusedBy('BID', { brought: { outcome: 'STOP' } })).toBe('reason');
  expect(refusedBy('BID', { brought: { outcome: 'STOP', reason: 'No people.' } })).toBeNull();
  expect(refusedBy('BID', { brought: { outcome: 'PASS_WITH_CONDITIONS' } })).toBe('conditions');
  expect(refusedBy('BID', { brought: { outcome: 'PASS_WITH_CONDITIONS', conditions: ['In May'] } })).toBeNull();
});

test('COMMERCIAL passes at the floor and within the tier of its owner, or by a waiver', () => {
  expect(refusedBy('COMMERCIAL', { subject: { plannedCost: eur('800') } })).toBeNull();
  expect(refusedBy('COMMERCIAL', { subject: { plannedCost: eur('800.01') } })).toBe('margin');
  expect(refusedBy('COMMERCIAL', { subject: { plannedCost: null } })).toBe('margin');
  expect(refusedBy('COMMERCIAL', { subject: { price: null } })).toBe('price');
  expect(refusedBy('COMMERCIAL', { subject: { listPrice: eur('1052') } })).toBeNull();
  expect(refusedBy('COMMERCIAL', { subject: { listPrice: eur('1053') } })).toBe('discount');
  expect(refusedBy('COMMERCIAL', { subject: { listPrice: null } })).toBe('discount');
  const cheap = { plannedCost: eur('900'), listPrice: eur('2000') };
  expect(refusedBy('COMMERCIAL', { subject: cheap, brought: { waiver: 'First job with them.' } })).toBeNull();
  // Who stops it need not wait for figures.
  expect(refusedBy('COMMERCIAL', { subject: cheap, brought: { outcome: 'STOP', reason: 'Too cheap.' } })).toBeNull();
});

test('a decision about the terms falls with them; bid or no bid does not', () => {
  const decision = (gate: GateName, outcome: GateDecision['outcome']): GateDecision => ({
    gate,
    outcome,
    contentHash: 'a',
    at: '2026-03-06T10:00:00Z',
    actor: 'tool',
    owner: 'Grace',
    ownerId: 'grace',
    conditions: [],
    reason: null,
  });
  const decisions = [decision('BID', 'PASS'), decision('SOLUTION', 'PASS_WITH_CONDITIONS')];
  const standing = (contentHash: string, made = decisions, sellers = subject.sellers) =>
    gatesOf(made, { gates: settings.gates, contentHash, sellers }).map((gate) => [gate.standing, gate.missing]);
  expect(standing('a')).toEqual([
    ['PASSED', null],
    ['PASSED', null],
    ['MISSING', 'COMMERCIAL is not decided.'],
  ]);
  expect(standing('b').slice(0, 2)).toEqual([
    ['PASSED', null],
    ['STALE', 'SOLUTION was decided on other terms.'],
  ]);
  expect(standing('b', [decision('BID', 'STOP')])[0]).toEqual(['STOPPED', 'BID was decided with STOP.']);
  // Who decided sells it by now: it wants another decision, unless it was a stop. Bid or no bid is anybody's.
  const taken = [{ identity: 'grace', because: 'sells the deal' }];
  expect(standing('a', decisions, taken).slice(0, 2)).toEqual([
    ['PASSED', null],
    ['STALE', 'Who decided SOLUTION sells it by now.'],
  ]);
  expect(standing('a', [decision('SOLUTION', 'STOP')], taken)[1]).toEqual([
    'STOPPED',
    'SOLUTION was decided with STOP.',
  ]);
});
