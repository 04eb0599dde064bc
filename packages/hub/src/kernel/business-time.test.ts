import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterBusinessTime, businessSeconds, defaultCalendar, type BusinessCalendar } from './business-time.ts';

const berlin: BusinessCalendar = { ...defaultCalendar, zone: 'Europe/Berlin', holidays: ['2026-05-01'] };

test('opened Friday 16:30, handled Monday 09:10 is 40 minutes', () => {
  expect(businessSeconds(defaultCalendar, '2026-03-06T16:30:00Z', '2026-03-09T09:10:00Z')).toBe(40 * 60);
  expect(afterBusinessTime(defaultCalendar, '2026-03-06T16:30:00Z', 40 * 60)).toBe('2026-03-09T09:10:00Z');
});

test('what is opened between two seconds is due between two seconds', () => {
  expect(afterBusinessTime(defaultCalendar, '2026-03-06T16:30:00.123Z', 40 * 60)).toBe('2026-03-09T09:10:00.123Z');
});

test('holidays, weekends and nights do not count, and daylight saving moves the hours with it', () => {
  expect(afterBusinessTime(berlin, '2026-04-30T14:00:00Z', 2 * 3_600)).toBe('2026-05-04T08:00:00Z');
  expect(afterBusinessTime(berlin, '2026-03-27T15:00:00Z', 2 * 3_600)).toBe('2026-03-30T08:00:00Z');
  expect(businessSeconds(berlin, '2026-03-28T00:00:00Z', '2026-03-29T23:00:00Z')).toBe(0);
});

test('the time that passes until it has passed is the time', () => {
  const instants = fc.integer({ min: 1_767_225_600_000, max: 1_798_761_600_000 });
  fc.assert(
    fc.property(instants, fc.integer({ min: 1, max: 200 * 3_600 }), (millisecond, duration) => {
      const from = Temporal.Instant.fromEpochMilliseconds(millisecond).toString();
      expect(businessSeconds(berlin, from, afterBusinessTime(berlin, from, duration))).toBe(duration);
    }),
    { numRuns: 300, seed: 1 },
  );
});
