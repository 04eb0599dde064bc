import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  expiresAt,
  overallVerdict,
  reviewAspects,
  reviewStateOf,
  verdicts,
  type Findings,
  type Verdict,
} from './feasibility-review.rules.ts';

const findings = (scope: Verdict, timeline: Verdict, resources: Verdict, estimate: Verdict): Findings => ({
  scope: { verdict: scope, note: null },
  timeline: { verdict: timeline, note: null },
  resources: { verdict: resources, note: null },
  estimate: { verdict: estimate, note: null },
});
const fine = findings('FEASIBLE', 'FEASIBLE', 'FEASIBLE', 'FEASIBLE');

test('the whole is as good as the worst of the four', () => {
  expect(overallVerdict(fine)).toBe('FEASIBLE');
  expect(overallVerdict(findings('FEASIBLE', 'FEASIBLE', 'CONDITIONAL', 'FEASIBLE'))).toBe('CONDITIONAL');
  expect(overallVerdict(findings('NOT_FEASIBLE', 'FEASIBLE', 'CONDITIONAL', 'FEASIBLE'))).toBe('NOT_FEASIBLE');
});

test('no aspect is better than the whole, and one is as bad', () => {
  const each = fc.constantFrom(...verdicts);
  fc.assert(
    fc.property(each, each, each, each, (...four) => {
      const whole = verdicts.indexOf(overallVerdict(findings(...four)));
      expect(Math.max(...four.map((verdict) => verdicts.indexOf(verdict)))).toBe(whole);
      expect(reviewAspects).toHaveLength(four.length);
    }),
  );
});

const asked = { contentHash: 'a', startedAt: null, decidedAt: null, findings: null };
const decided = { ...asked, startedAt: '2026-03-06T10:00:00Z', decidedAt: '2026-03-06T12:00:00Z', findings: fine };
const now = { contentHash: 'a', instant: '2026-03-07T10:00:00Z', reviewDays: 30 };

test('a review is asked for, taken up and decided, and falls with the terms or by its age', () => {
  expect(reviewStateOf(asked, now)).toBe('REQUESTED');
  expect(reviewStateOf({ ...asked, startedAt: '2026-03-06T10:00:00Z' }, now)).toBe('IN_REVIEW');
  expect(reviewStateOf(decided, now)).toBe('FEASIBLE');
  expect(reviewStateOf(decided, { ...now, contentHash: 'b' })).toBe('STALE');
  expect(reviewStateOf(asked, { ...now, contentHash: null })).toBe('STALE');
  expect(reviewStateOf(decided, { ...now, instant: '2026-04-05T12:00:00Z' })).toBe('FEASIBLE');
  expect(reviewStateOf(decided, { ...now, instant: '2026-04-05T12:00:00.000001Z' })).toBe('EXPIRED');
  expect(reviewStateOf(decided, { ...now, contentHash: 'b', instant: '2027-01-01T00:00:00Z' })).toBe('STALE');
  expect(expiresAt('2026-03-06T12:00:00Z', 30)).toBe('2026-04-05T12:00:00Z');
});
