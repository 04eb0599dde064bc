import { expect, test } from 'vitest';
import {
  addBusinessDays,
  businessDaysBetween,
  businessDayUntil,
  dateText,
  dayOf,
  instantAt,
  instantText,
  isBusinessDay,
  offsetTimestamp,
  serialDate,
} from './days.ts';

test('days are numbers and come back as dates, before and after 1970 and over leap days', () => {
  for (const date of ['1969-12-31', '1970-01-01', '2024-02-29', '2026-11-20']) expect(dateText(dayOf(date))).toBe(date);
  expect(serialDate(dayOf('2026-01-01'))).toBe(46_023);
});

test('business days leave weekends out', () => {
  const friday = dayOf('2026-11-20');
  expect([isBusinessDay(friday), isBusinessDay(friday + 1), isBusinessDay(friday + 2)]).toEqual([true, false, false]);
  expect(dateText(addBusinessDays(friday, 1))).toBe('2026-11-23');
  expect(dateText(businessDayUntil(friday + 2))).toBe('2026-11-20');
  expect(businessDaysBetween(friday, friday + 7)).toBe(5);
});

test('moments keep the offset of their zone, in summer, in winter and where it is negative', () => {
  expect(offsetTimestamp(dayOf('2026-07-01'), 30 * 60, 'Europe/Berlin')).toBe('2026-07-01T00:30:00.000+0200');
  expect(offsetTimestamp(dayOf('2026-12-01'), 8 * 3_600 + 61, 'America/New_York')).toBe('2026-12-01T08:01:01.000-0500');
  expect(instantText(instantAt(dayOf('2026-07-01'), 30 * 60, 'Europe/Berlin'))).toBe('2026-06-30T22:30:00.000Z');
});
