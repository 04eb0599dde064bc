import { expect, test } from 'vitest';
import { dateTimeOfSerial, dateTimeOfText, formatProblem, instantIn, instantOfText } from './dates.ts';

test.each([
  [46023, '2026-01-01T00:00:00'],
  [46023.5, '2026-01-01T12:00:00'],
  [46023.395833333336, '2026-01-01T09:30:00'],
  [46023.999999999, '2026-01-02T00:00:00'],
  [45351, '2024-02-29T00:00:00'],
])('the serial number %d is %s', (serial, text) => expect(dateTimeOfSerial(serial)?.toString()).toBe(text));

test.each([2025, 0, -1, 20_250_101, 1_767_225_600])('the number %d is no date of a business', (serial) => {
  expect(dateTimeOfSerial(serial)).toBeNull();
});

test.each([
  ['2026-03-01', undefined, '2026-03-01T00:00:00'],
  ['2026-03-01 09:30', undefined, '2026-03-01T09:30:00'],
  ['2026-02-29', undefined, null],
  ['01.03.2026', undefined, null],
  ['03/01/2026', undefined, null],
  ['01.03.2026', 'dd.MM.yyyy', '2026-03-01T00:00:00'],
  ['1/3/2026 9:05', 'd/M/yyyy H:mm', '2026-03-01T09:05:00'],
  ['31.02.2026', 'dd.MM.yyyy', null],
  ['1.3.2026', 'dd.MM.yyyy', null],
  ['01x03x2026', 'dd.MM.yyyy', null],
  ['2026-03-01', 'dd.MM.yyyy', '2026-03-01T00:00:00'],
] as const)('the text %s in the form %s is %s', (text, format, value) => {
  expect(dateTimeOfText(text, format)?.toString() ?? null).toBe(value);
});

test.each([
  ['2026-01-15T12:00', 'Europe/Berlin', '2026-01-15T11:00:00Z'],
  ['2026-07-15T12:00', 'Europe/Berlin', '2026-07-15T10:00:00Z'],
  // Skipped by the spring shift: moved on by an hour.
  ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
  // Repeated by the autumn shift: the first of the two.
  ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
  ['2026-07-15T12:00', 'GMT-07:00', '2026-07-15T19:00:00Z'],
  ['2026-07-15T12:00', 'Etc/GMT', '2026-07-15T12:00:00Z'],
])('%s in %s is %s', (local, zone, instant) => {
  expect(instantIn(Temporal.PlainDateTime.from(local), zone).toString()).toBe(instant);
});

test('an instant with its own offset needs no zone', () => {
  expect(instantOfText(' 2026-03-01T09:30:00+02:00')?.toString()).toBe('2026-03-01T07:30:00Z');
  expect(instantOfText('2026-03-01T09:30:00')).toBeNull();
  expect(instantOfText('2026-03-01T25:30:00Z')).toBeNull();
});

test('a form of dates is checked when it is configured', () => {
  expect(['dd.MM.yyyy', 'M/d/yyyy', 'yyyy年MM月dd日', 'dd-MM-yyyy HH:mm:ss'].map(formatProblem)).toEqual([
    null,
    null,
    null,
    null,
  ]);
  for (const wrong of ['dd.mm.yyyy', 'dd.MM.yy', 'dd MMM yyyy', 'yyyy-MM', 'dd.MM.yyyy dd']) {
    expect(formatProblem(wrong)).toContain('wants yyyy');
  }
});
