import { expect, test } from 'vitest';
import { amountText, apportion, quoted } from './money.ts';

test('shares add up to the total and are whole steps', () => {
  const shares = apportion(100, [1, 1, 1], 0.5);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBe(100);
  expect(shares.every((share) => Number.isInteger(share * 2))).toBe(true);
});

test('prices are round in their currency and their text has no dust', () => {
  expect([quoted(100_000, 'USD'), quoted(100_000, 'JPY')]).toEqual([111_000, 16_400_000]);
  expect([amountText(0.1 + 0.2, 'EUR'), amountText(12_000, 'EUR'), amountText(1_234.4, 'JPY')]).toEqual([
    '0.30',
    '12000',
    '1234',
  ]);
});
