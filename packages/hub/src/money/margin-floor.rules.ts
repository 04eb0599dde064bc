import type { MoneyValue } from '@plumbline/connector';
import { Decimal } from 'decimal.js';
import type { Refusal } from '../kernel/guards.ts';

interface Priced {
  price: MoneyValue | null;
  cost: MoneyValue | null;
}

/** (price − cost) / price; null where the price is not above 0, or the two are not known in one currency. */
export function marginOf({ price, cost }: Priced): string | null {
  if (!price || !cost || price.currency !== cost.currency) return null;
  const revenue = new Decimal(price.amount);
  if (revenue.lessThanOrEqualTo(0)) return null;
  return revenue.minus(cost.amount).dividedBy(revenue).toFixed();
}

/** Passes at a margin at or above the floor, or with a waiver. */
export function marginFloor(
  priced: Priced,
  { waiver }: { waiver?: string | null | undefined },
  { marginFloor: floor }: { marginFloor: string },
): Refusal | null {
  if (waiver?.trim()) return null;
  const margin = marginOf(priced);
  if (margin !== null && new Decimal(margin).greaterThanOrEqualTo(floor)) return null;
  return {
    guard: 'margin',
    message:
      margin === null
        ? 'It has no margin: its price is not above zero, or its cost is not known in the same currency.'
        : `Its margin of ${new Decimal(margin).toDecimalPlaces(4).toFixed()} is beneath the floor of ${floor}.`,
    remedy: 'Raise the price, or give a waiver with its reason.',
  };
}
