import { assert, double, property } from 'fast-check';
import { expect, test } from 'vitest';
import {
  decimalField,
  dateField,
  effortField,
  integerField,
  moneyField,
  plainNumber,
  plainValue,
  probabilityField,
  textField,
} from './field-values.ts';

test('any number becomes decimal text without an exponent that reads back as the same number', () => {
  assert(
    property(double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = plainNumber(value);
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(text)).toBe(value === 0 ? 0 : value);
    }),
  );
});

test('numbers are taken as numbers, as text and from selects; empty is null and anything else an error', () => {
  expect(decimalField({ a: 1250.5 }, 'a')).toBe('1250.5');
  expect(decimalField({ a: ' 12 ' }, 'a')).toBe('12');
  expect(decimalField({ a: { id: '1', value: '3' } }, 'a')).toBe('3');
  expect([decimalField({ a: null }, 'a'), decimalField({}, 'a')]).toEqual([null, null]);
  expect(() => decimalField({ customfield_7: '1,250' }, 'customfield_7')).toThrow(
    'customfield_7: wants a number, got "1,250".',
  );
  expect(() => integerField({ customfield_8: 1.5 }, 'customfield_8')).toThrow('customfield_8: wants a whole number');
});

test('money wants an amount and a currency; without either there is none', () => {
  const field = { field: 'a', currency: { field: 'c' } };
  expect(moneyField({ a: 0, c: { value: 'eur' } }, field)).toEqual({ amount: '0', currency: 'EUR' });
  expect(moneyField({ a: 5, c: null }, field)).toBeNull();
  expect(moneyField({ a: null, c: 'EUR' }, field)).toBeNull();
  expect(() => moneyField({ a: 5, c: 'Euro' }, field)).toThrow('c: wants an ISO 4217 code');
});

test('effort is seconds, whatever the field counts in', () => {
  const effort = (unit: 'seconds' | 'hours' | 'days') => effortField({ a: 1.5 }, { field: 'a', unit, hoursPerDay: 8 });
  expect([effort('seconds'), effort('hours'), effort('days')]).toEqual([2, 5_400, 43_200]);
});

test('probability is 0 to 1 on every scale, exactly', () => {
  const percent = (value: unknown) => probabilityField({ a: value }, { field: 'a', scale: 'percent' });
  expect([percent(7.5), percent(100), percent(0), percent('35'), percent(null)]).toEqual([
    '0.075',
    '1',
    '0',
    '0.35',
    null,
  ]);
  expect(() => percent(101)).toThrow('a: wants a number from 0 to 100');
  expect(probabilityField({ a: { value: 'Likely' } }, { field: 'a', scale: { Likely: 0.7 } })).toBe('0.7');
  expect(() => probabilityField({ a: { value: 'Maybe' } }, { field: 'a', scale: { Likely: 0.7 } })).toThrow(
    'one of Likely',
  );
});

test('dates are calendar days, also of date-time fields', () => {
  expect(dateField({ a: '2026-03-01' }, 'a')).toBe('2026-03-01');
  expect(dateField({ a: '2026-03-01T23:30:00.000+0200' }, 'a')).toBe('2026-03-01');
  expect(() => dateField({ a: 'soon' }, 'a')).toThrow('a: wants a date');
});

test('Jira’s wrapping comes off free fields', () => {
  expect(plainValue([{ value: 'A' }, { value: 'B', child: { value: 'b' } }])).toEqual(['A', ['B', 'b']]);
  expect(plainValue({ accountId: 'x', displayName: 'Ada' })).toBe('jira-account:x');
  expect(plainValue({ id: '3', name: 'Sprint 3', state: 'active' })).toBe('Sprint 3');
  expect(textField({ a: [{ value: 'A' }, { value: 'B' }] }, 'a')).toBe('A, B');
  expect(textField({ a: '' }, 'a')).toBeNull();
});
