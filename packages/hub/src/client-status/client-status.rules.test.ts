import { changeRequestStates } from '@plumbline/connector';
import { expect, test } from 'vitest';
import {
  changeStatus,
  milestoneStatus,
  projectStatus,
  type ChangeFacts,
  type MilestoneFacts,
} from './client-status.rules.ts';

const change: ChangeFacts = { id: 'c', title: 'Export', state: null, quote: null, decision: null, absorbed: false };
const unplanned: MilestoneFacts = {
  id: 'm',
  name: 'Go-live',
  status: 'PLANNED',
  due: null,
  forecast: null,
  achieved_on: null,
  awaits_acceptance: false,
};
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const word = (facts: Partial<ChangeFacts>) => changeStatus({ ...change, ...facts }, 30).state;

test('what a source says of a change is no offer and no decision: only what was said here counts', () => {
  expect(Object.fromEntries(changeRequestStates.map((state) => [state, word({ state })]))).toEqual({
    CAPTURED: 'RECEIVED',
    TRIAGED: 'RECEIVED',
    IMPACT_ASSESSED: 'RECEIVED',
    COMMERCIAL_REVIEW: 'RECEIVED',
    QUOTED: 'RECEIVED',
    APPROVED: 'RECEIVED',
    IMPLEMENTING: 'RECEIVED',
    IMPLEMENTED: 'DONE',
    CLOSED: 'DONE',
    REJECTED: 'NOT_PURSUED',
    DEFERRED: 'POSTPONED',
    WITHDRAWN: 'NOT_PURSUED',
    ABSORBED: 'RECEIVED',
  });
});

test('what was quoted and decided here is told as that', () => {
  const quote = { on: '2026-03-06', price: eur('100') };
  expect(word({ state: 'QUOTED', quote })).toBe('WAITING_FOR_YOU');
  expect(word({ state: 'APPROVED', quote, decision: { accepted: true, on: '2026-03-07' } })).toBe('AGREED');
  expect(word({ state: 'IMPLEMENTING', quote, decision: { accepted: true, on: '2026-03-07' } })).toBe('IN_WORK');
  expect(word({ state: 'REJECTED', quote, decision: { accepted: false, on: '2026-03-07' } })).toBe('DECLINED');
  expect(word({ state: 'ABSORBED', absorbed: true })).toBe('INCLUDED');
  expect(
    changeStatus({ ...change, state: 'APPROVED', quote, decision: { accepted: true, on: '2026-03-07' } }, 30),
  ).toMatchObject({
    quote: { price: eur('100'), quotedOn: '2026-03-06', validUntil: '2026-04-05' },
    decision: 'ACCEPTED',
    decidedOn: '2026-03-07',
  });
});

test('a quote that was taken back is shown no longer', () => {
  const quote = { on: '2026-03-06', price: eur('100') };
  for (const state of ['COMMERCIAL_REVIEW', 'DEFERRED', 'ABSORBED', 'WITHDRAWN', null] as const)
    expect(changeStatus({ ...change, state, quote }, 30).quote).toBeNull();
});

test('a milestone is late when it is expected behind its day, or its day is over, and reached when it was', () => {
  const today = '2026-03-06';
  const state = (facts: Partial<MilestoneFacts>) => milestoneStatus({ ...unplanned, ...facts }, today).state;
  expect(state({})).toBe('PLANNED');
  expect(state({ due: '2026-03-06' })).toBe('PLANNED');
  expect(state({ due: '2026-03-05' })).toBe('LATE');
  expect(state({ due: '2026-04-01', forecast: '2026-04-02' })).toBe('LATE');
  expect(state({ due: '2026-04-01', forecast: '2026-03-30', status: 'AT_RISK' })).toBe('PLANNED');
  expect(state({ due: '2026-03-01', achieved_on: '2026-03-02' })).toBe('REACHED');
  expect(state({ due: '2026-03-01', status: 'ACCEPTED' })).toBe('REACHED');
});

test('next comes what is not reached, the earliest first and what has no day last; what is waited for is asked for', () => {
  const milestone = (name: string, due: string | null, more: Partial<MilestoneFacts> = {}): MilestoneFacts => ({
    ...unplanned,
    id: name,
    name,
    due,
    ...more,
  });
  const { nextSteps, waitingForYou } = projectStatus(
    {
      id: 'p',
      name: 'Rollout',
      today: '2026-03-06',
      milestones: [
        milestone('Some day', null),
        milestone('B', '2026-05-01'),
        milestone('A', '2026-04-01'),
        milestone('Gone', '2026-02-01', { achieved_on: '2026-02-01' }),
        milestone('Shown', '2026-02-01', { achieved_on: '2026-02-02', awaits_acceptance: true }),
      ],
      changes: [
        { ...change, state: 'QUOTED', quote: { on: '2026-03-01', price: eur('100') } },
        { ...change, id: 'd', title: 'Quoted in the tracker', state: 'QUOTED' },
      ],
      orders: [{ name: 'CO 1', price: eur('-5'), on: '2026-03-02' }],
      message: null,
    },
    30,
  );
  expect(nextSteps).toEqual([
    { what: 'A', on: '2026-04-01' },
    { what: 'B', on: '2026-05-01' },
    { what: 'Some day', on: null },
  ]);
  expect(waitingForYou).toEqual([
    { what: 'Your decision on: Export', price: eur('100'), since: '2026-03-01', validUntil: '2026-03-31' },
    { what: 'Your signature on the change order: CO 1', price: eur('-5'), since: '2026-03-02', validUntil: null },
    { what: 'Your acceptance of: Shown', price: null, since: '2026-02-02', validUntil: null },
  ]);
});
