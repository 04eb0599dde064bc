import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cronOf, nextPoll } from './schedule.rules.ts';

const next = (everyMinutes: number, after: string): string =>
  nextPoll(everyMinutes, Temporal.Instant.from(after)).toString();

test('minutes are counted from the full hour and hours from midnight, as cron counts them', () => {
  expect(cronOf(5)).toBe('*/5 * * * *');
  expect(next(5, '2026-06-15T12:03:20Z')).toBe('2026-06-15T12:05:00Z');
  expect(next(5, '2026-06-15T12:05:00Z')).toBe('2026-06-15T12:10:00Z');
  // 40 minutes fit into an hour once: at the full hour and at 40.
  expect(next(40, '2026-06-15T12:41:00Z')).toBe('2026-06-15T13:00:00Z');
  expect(cronOf(600)).toBe('0 */10 * * *');
  expect(next(600, '2026-06-15T20:30:00Z')).toBe('2026-06-16T00:00:00Z');
  expect(next(0.2, '2026-06-15T23:59:59.999Z')).toBe('2026-06-16T00:00:00Z');
});

test('the next poll is later than now, and by no more than a source waits', () => {
  const instants = fc
    .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) })
    .map((milliseconds) => Temporal.Instant.fromEpochMilliseconds(milliseconds));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_440 }), instants, (everyMinutes, now) => {
      const waits = nextPoll(everyMinutes, now).since(now).total('minutes');
      expect(waits).toBeGreaterThan(0);
      // What is more than an hour is rounded to whole hours.
      expect(waits).toBeLessThanOrEqual(everyMinutes < 60 ? everyMinutes : Math.round(everyMinutes / 60) * 60);
    }),
  );
});
