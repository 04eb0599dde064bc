import { expect, test } from 'vitest';
import { agreedDays } from './agreement.rules.ts';

test('a request is agreed from the day of its approval on, by the project’s calendar', () => {
  const states = [
    { at: '2026-03-01T10:00:00Z', state: 'QUOTED' as const },
    { at: '2026-03-04T23:30:00Z', state: 'APPROVED' as const },
    { at: '2026-03-09T10:00:00Z', state: 'IMPLEMENTING' as const },
    { at: '2026-03-20T10:00:00Z', state: 'CLOSED' as const },
  ];
  expect(agreedDays(states, 'Europe/Berlin')).toEqual([{ from: '2026-03-05', to: null }]);
  expect(agreedDays(states, null)).toEqual([{ from: '2026-03-04', to: null }]);
  expect(agreedDays(states, 'Nowhere/Else')).toEqual([{ from: '2026-03-04', to: null }]);
});

test('what ends an agreement ends it with that day, and it may begin again', () => {
  expect(
    agreedDays(
      [
        { at: '2026-03-01T10:00:00Z', state: 'APPROVED' },
        { at: '2026-03-05T10:00:00Z', state: 'DEFERRED' },
        { at: '2026-03-06T10:00:00Z', state: 'CLOSED' },
        { at: '2026-03-08T10:00:00Z', state: 'IMPLEMENTING' },
        { at: '2026-03-09T10:00:00Z', state: 'REJECTED' },
        { at: '2026-03-09T11:00:00Z', state: 'ABSORBED' },
      ],
      'UTC',
    ),
  ).toEqual([
    { from: '2026-03-01', to: '2026-03-05' },
    { from: '2026-03-08', to: null },
  ]);
});

test('a workflow that jumps straight to the work agrees with it; one that never does has no agreed day', () => {
  expect(agreedDays([{ at: '2026-03-01T10:00:00Z', state: 'IMPLEMENTING' }], 'UTC')).toHaveLength(1);
  expect(
    agreedDays(
      [
        { at: '2026-03-01T10:00:00Z', state: 'QUOTED' },
        { at: '2026-03-02T10:00:00Z', state: 'CLOSED' },
      ],
      'UTC',
    ),
  ).toEqual([]);
});
