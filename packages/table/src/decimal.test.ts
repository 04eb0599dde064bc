import { assert, bigInt, integer, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOfNumber, decimalOfText, multiply, nearestInteger, withoutDust } from './decimal.ts';

test.each([
  [0.1 + 0.2, '0.3'],
  [1.1 * 1.1, '1.21'],
  [-0, '0'],
  [1e21, '1000000000000000000000'],
  [1.5e-7, '0.00000015'],
  [-1234567.89, '-1234567.89'],
  [100, '100'],
  [4.35 * 100, '435'],
])('the double %d is the decimal %s', (value, text) => expect(decimalOfNumber(value)).toBe(text));

test('every decimal of up to 15 digits comes back from its double as it was typed', () => {
  const typed = tuple(integer({ min: -99_999_999, max: 99_999_999 }), integer({ min: 0, max: 7 }));
  assert(
    property(typed, ([units, scale]) => {
      const text = multiply(String(units), scale === 0 ? '1' : `0.${'0'.repeat(scale - 1)}1`);
      expect(decimalOfNumber(Number(text))).toBe(text);
    }),
  );
});

test('a product is exact', () => {
  expect(multiply('0.1', '0.2')).toBe('0.02');
  expect(multiply('99999999999999999999', '99999999999999999999')).toBe('9999999999999999999800000000000000000001');
  expect(multiply('-2.50', '4')).toBe('-10');
  assert(
    property(bigInt(), bigInt(), (a, b) => {
      expect(multiply(String(a), String(b))).toBe(String(a * b));
    }),
  );
});

test('halves are rounded away from zero, and beyond what a double counts nothing is', () => {
  expect([nearestInteger('2.5'), nearestInteger('-2.5'), nearestInteger('1198.8'), nearestInteger('0.49')]).toEqual([
    3, -3, 1199, 0,
  ]);
  expect(() => nearestInteger('9007199254740993')).toThrow('too large');
});

test.each([
  ['1250.50', undefined, '1250.5'],
  [' +7 ', undefined, '7'],
  ['1,250', undefined, null],
  ['1.250,50', ',', '1250.5'],
  ["1'250.50", '.', '1250.5'],
  ['1 250 000,5', ',', '1250000.5'],
  ['−12,5', ',', '-12.5'],
  ['1.25', ',', null],
  ['1.250.50', ',', null],
  ['12,34,567', '.', null],
  ['', '.', null],
  ['twelve', '.', null],
  ['1e5', '.', null],
] as const)('the text "%s" with the separator %s is %s', (text, separator, value) => {
  expect(decimalOfText(text, separator)).toBe(value);
});

test('dust goes, sure digits stay', () => {
  expect([withoutDust(0.1 + 0.2), withoutDust(123456789012345), withoutDust(-0.07)]).toEqual([
    0.3, 123456789012345, -0.07,
  ]);
});
