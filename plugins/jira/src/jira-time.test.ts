import { assert, constantFrom, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { instantText, localDateText, readInstant } from './jira-time.ts';
import { changesJql, unambiguousMinute } from './jql.ts';

test('a time is read from an offset without a colon, from milliseconds and from seconds', () => {
  const instant = '2026-09-28T08:28:57Z';
  expect(instantText('2026-09-28T10:28:57.000+0200', 'created')).toBe(instant);
  expect(readInstant(1_790_584_137_000)?.toString()).toBe(instant);
  expect(readInstant(1_790_584_137)?.toString()).toBe(instant);
  expect(() => instantText('yesterday', 'created')).toThrow('created: wants a time');
  expect([readInstant(null), readInstant(NaN), readInstant({})]).toEqual([null, null, null]);
});

test('a day is that of the offset written, on either side of UTC', () => {
  expect(localDateText('2025-07-01T00:30:00.000+0200', 'started')).toBe('2025-07-01');
  expect(localDateText('2025-06-30T22:30:00.000-1000', 'started')).toBe('2025-06-30');
});

test('a query is bounded, in the account’s zone, to the minute', () => {
  const since = Temporal.Instant.from('2026-03-01T12:34:56Z');
  expect(changesJql({ projects: ['ABC', 'XYZ'], since, zone: 'Asia/Kathmandu' })).toBe(
    'project IN ("ABC", "XYZ") AND updated >= "2026-03-01 18:19" ORDER BY updated ASC, key ASC',
  );
  expect(changesJql({ projects: [], since: null, zone: 'UTC' })).toBe(
    'updated >= "1970-01-02 00:00" ORDER BY updated ASC, key ASC',
  );
});

test('a minute that happens twice or never is replaced by one before it', () => {
  const minute = (instant: string) => unambiguousMinute(Temporal.Instant.from(instant), 'Europe/Berlin').toString();
  expect(minute('2026-10-25T00:30:00Z')).toBe('2026-10-25T01:59:00');
  expect(minute('2026-10-25T01:30:00Z')).toBe('2026-10-25T01:59:00');
  expect(minute('2026-10-25T02:00:00Z')).toBe('2026-10-25T03:00:00');
  expect(minute('2026-03-29T01:00:00Z')).toBe('2026-03-29T03:00:00');
});

test('whatever the zone and however Jira reads it, the minute is not after the instant, and a few hours before it at most', () => {
  const zones = [
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/Sao_Paulo',
    'UTC',
  ];
  const [from, to] = [Date.UTC(2015, 0, 1) / 60_000, Date.UTC(2028, 0, 1) / 60_000];
  assert(
    property(constantFrom(...zones), integer({ min: from, max: to }), (zone, minutes) => {
      const instant = Temporal.Instant.fromEpochMilliseconds(minutes * 60_000 + 59_999);
      const local = unambiguousMinute(instant, zone);
      for (const disambiguation of ['earlier', 'later'] as const) {
        const before = instant.epochMilliseconds - local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
        expect(before).toBeGreaterThanOrEqual(0);
        expect(before).toBeLessThan(3 * 3_600_000);
      }
    }),
  );
});
