import { Decimal as AnyDecimal } from 'decimal.js';

/**
 * Decimals for money and ratios. An amount has up to 48 digits, so sums, and products of two, are exact here; only
 * divisions that do not end are rounded, far behind what anybody shows.
 */
const Decimal = AnyDecimal.clone({ precision: 120 });
export type Decimal = AnyDecimal;

/** Plain decimal text or an integer as a number to count with; floats do not belong here. */
export function decimal(value: string | number): Decimal {
  return new Decimal(value);
}

/** Exact; 0 for nothing. */
export function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), decimal(0));
}

/** The middle value, or the mean of the two in the middle; null for nothing. */
export function median(values: readonly Decimal[]): Decimal | null {
  const sorted = values.toSorted((a, b) => a.comparedTo(b));
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper && lower ? upper.plus(lower).div(2) : null;
}

export function smaller(a: Decimal, b: Decimal): Decimal {
  return a.lessThan(b) ? a : b;
}

export function larger(a: Decimal, b: Decimal): Decimal {
  return a.greaterThan(b) ? a : b;
}
