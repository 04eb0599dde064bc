import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueDay, missedReports } from './missed-report.rules.ts';

test('a report is due its cycle after the last one, or after the beginning', () => {
  const cycle = { cycleDays: 14, begins: '2026-03-02', lastReport: null };
  expect(dueDay(cycle)).toBe('2026-03-16');
  expect(missedReports(cycle, '2026-03-16')).toBe(0);
  expect(missedReports(cycle, '2026-03-17')).toBe(1);
  expect(missedReports(cycle, '2026-03-30')).toBe(1);
  expect(missedReports(cycle, '2026-03-31')).toBe(2);
  expect(dueDay({ ...cycle, lastReport: '2026-03-10' })).toBe('2026-03-24');
  // A report of before it began counts for nothing.
  expect(dueDay({ ...cycle, lastReport: '2026-02-20' })).toBe('2026-03-16');
});

test('as many reports are missed as whole cycles have gone by, whatever the cycle', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 366 }), fc.integer({ min: 0, max: 2_000 }), (cycleDays, days) => {
      const today = Temporal.PlainDate.from('2026-03-02').add({ days }).toString();
      const missed = missedReports({ cycleDays, begins: '2026-03-02', lastReport: null }, today);
      // The day it is due is not over yet, so the last whole cycle ends the day before today.
      expect(missed).toBe(Math.max(0, Math.floor((days - 1) / cycleDays)));
    }),
  );
});
