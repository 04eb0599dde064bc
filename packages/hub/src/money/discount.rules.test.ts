import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discount, discountOf, type DiscountTier } from './discount.rules.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const tiers: DiscountTier[] = [
  { upTo: '0.05', approvers: ['PMO lead', 'grace@x.com'] },
  { upTo: '0.15', approvers: ['Managing director'] },
];
const lead = { name: 'Ada', email: 'ada@x.com', role: 'pmo lead' };
const director = { name: 'Grace', email: 'dir@x.com', role: 'Managing Director' };

function refusedFor(price: string, approver: typeof lead | null, waiver?: string): string | null {
  const subject = { priceDelta: eur(price), listPrice: eur('10000'), approver };
  return discount(subject, { waiver }, { discounts: tiers })?.message ?? null;
}

test('there is no discount between two currencies, or from a price that nobody knows', () => {
  const usd = { amount: '2', currency: 'USD' };
  expect(discountOf({ priceDelta: eur('1'), listPrice: usd }).figure.reason).toMatch(/another currency/);
  expect(discountOf({ priceDelta: eur('1'), listPrice: null }).figure.reason).toBe('The list price is not known.');
  expect(discountOf({ priceDelta: eur('9500'), listPrice: eur('10000') })).toMatchObject({
    figure: { value: '0.05' },
    currency: 'EUR',
  });
});

test('each tier reaches as far as it says, and a higher one covers the lower', () => {
  expect(refusedFor('9500', lead)).toBeNull();
  expect(refusedFor('9499.99', lead)).toBe('Ada may not approve a discount of 0.05.');
  expect(refusedFor('9499.99', director)).toBeNull();
  expect(refusedFor('9800', director)).toBeNull();
  expect(refusedFor('9800', { ...director, email: 'GRACE@x.com', role: '' })).toBeNull();
  expect(refusedFor('8500', director)).toBeNull();
  expect(refusedFor('8499', director)).toBe('A discount of 0.1501 is more than anybody may approve.');
  expect(refusedFor('9800', null)).toBe('The approver may not approve a discount of 0.02.');
});

test('a waiver with its reason lets any discount through, and a blank one none', () => {
  expect(refusedFor('1', null, 'First job with this client.')).toBeNull();
  expect(refusedFor('8000', director, ' ')).not.toBeNull();
});

test('without tiers no list price is asked for; with them it is', () => {
  const subject = { priceDelta: eur('1'), listPrice: null, approver: lead };
  expect(discount(subject, {}, { discounts: [] })).toBeNull();
  expect(discount(subject, {}, { discounts: tiers })).toMatchObject({ guard: 'discount' });
});

test('who may approve a discount may approve every smaller one', () => {
  const prices = fc.integer({ min: 0, max: 1_100_000 }).map((cents) => (cents / 100).toFixed(2));
  fc.assert(
    fc.property(prices, prices, fc.constantFrom(lead, director, null), (one, other, approver) => {
      const [low, high] = Number(one) < Number(other) ? [one, other] : [other, one];
      expect(refusedFor(low, approver) !== null || refusedFor(high, approver) === null).toBe(true);
    }),
  );
});
