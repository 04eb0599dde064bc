import { expect, test } from 'vitest';
import { waitsUntil, weeklyDueOn } from './schedule.rules.ts';

// 2026-03-09 is a Monday.
test.each([
  { today: '2026-03-09', lastDueOn: null, dueOn: '2026-03-09' },
  { today: '2026-03-11', lastDueOn: null, dueOn: null },
  { today: '2026-03-09', lastDueOn: '2026-03-09', dueOn: null },
  { today: '2026-03-15', lastDueOn: '2026-03-09', dueOn: null },
  { today: '2026-03-16', lastDueOn: '2026-03-09', dueOn: '2026-03-16' },
  { today: '2026-03-18', lastDueOn: '2026-03-09', dueOn: '2026-03-16' },
  { today: '2026-04-01', lastDueOn: '2026-03-09', dueOn: '2026-03-30' },
])('on $today, with the last one of $lastDueOn, the snapshot of Mondays is due for $dueOn', ({ dueOn, ...given }) => {
  expect(weeklyDueOn({ weekday: 1, ...given })).toBe(dueOn);
});

test('a snapshot waits for late sources until the last hour of its day, and an hour after the hub was opened', () => {
  const dueOn = '2026-03-20';
  expect(waitsUntil({ dueOn, openedAt: '2026-03-01T08:00:00Z' })).toBe('2026-03-20T23:00:00Z');
  expect(waitsUntil({ dueOn, openedAt: '2026-03-20T22:30:00Z' })).toBe('2026-03-20T23:30:00Z');
  expect(waitsUntil({ dueOn, openedAt: '2026-03-24T07:00:00Z' })).toBe('2026-03-24T08:00:00Z');
});
