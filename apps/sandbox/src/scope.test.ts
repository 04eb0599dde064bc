import { expect, test } from 'vitest';
import { dayOf } from './days.ts';
import { isAgreedOn } from './scope.ts';
import type { ChangeRequestState } from './vocabulary.ts';

function path(...steps: [ChangeRequestState, string][]): { path: { state: ChangeRequestState; on: number }[] } {
  return { path: steps.map(([state, date]) => ({ state, on: dayOf(date) })) };
}

test('a change is agreed from the day of its approval on, and was not before', () => {
  const request = path(['QUOTED', '2026-03-02'], ['APPROVED', '2026-03-05'], ['IMPLEMENTING', '2026-03-06']);
  const days = ['2026-03-04', '2026-03-05', '2026-03-06', '2026-11-20'];
  expect(days.map((day) => isAgreedOn(request, dayOf(day)))).toEqual([false, true, true, true]);
});

test('a change that the firm absorbs is agreed from that day on', () => {
  const request = path(['COMMERCIAL_REVIEW', '2026-03-02'], ['ABSORBED', '2026-03-05']);
  expect(['2026-03-04', '2026-03-05'].map((day) => isAgreedOn(request, dayOf(day)))).toEqual([false, true]);
});

test('an approval that is taken back lasts through the day on which it is', () => {
  for (const state of ['REJECTED', 'WITHDRAWN', 'DEFERRED'] as const) {
    const request = path(['APPROVED', '2026-03-05'], [state, '2026-03-10']);
    expect(['2026-03-09', '2026-03-10', '2026-03-11'].map((day) => isAgreedOn(request, dayOf(day)))).toEqual([
      true,
      true,
      false,
    ]);
  }
});

test('a change that was deferred and approved later is agreed again', () => {
  const request = path(['DEFERRED', '2026-03-05'], ['IMPACT_ASSESSED', '2026-05-01'], ['APPROVED', '2026-05-20']);
  expect(['2026-05-19', '2026-05-20'].map((day) => isAgreedOn(request, dayOf(day)))).toEqual([false, true]);
});

test('a change that was never decided is never agreed', () => {
  expect(isAgreedOn(path(['CAPTURED', '2026-03-02'], ['QUOTED', '2026-03-05']), dayOf('2026-11-20'))).toBe(false);
});
