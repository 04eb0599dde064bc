import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal } from '../kernel/decimal.ts';
import { earnedShare, earnedValueOf, type Progress } from './earned-value.rules.ts';
import { earnedValueMethods } from './earned-value.settings.ts';

const part = (most: number) => fc.integer({ min: 0, max: most });
const progress: fc.Arbitrary<Progress> = fc
  .tuple(part(500), part(9_000_000), part(50), fc.option(part(1_000_000)), fc.option(part(1_000)))
  .chain(([count, estimate, milestones, amounts, weights]) =>
    fc
      .tuple(part(count), part(estimate), part(amounts ?? 0), part(weights ?? 0))
      .map(([done, doneEstimate, paid, weighed]): Progress => ({
        items: { count, done, estimate, doneEstimate },
        milestones: {
          count: milestones,
          amounts: amounts === null ? null : { all: String(amounts), reached: String(paid) },
          weights: weights === null ? null : { all: String(weights), reached: String(weighed) },
        },
      })),
  );

test('whatever is counted, what is earned is nothing to everything, and not known where there is nothing to count', () => {
  fc.assert(
    fc.property(progress, fc.constantFrom(...earnedValueMethods), (of, method) => {
      const share = earnedShare(method, of);
      const earned = earnedValueOf('100000', share);
      expect(earned === null).toBe(share === null);
      expect(decimal(earned ?? '0').greaterThanOrEqualTo(0)).toBe(true);
      expect(decimal(earned ?? '0').lessThanOrEqualTo(100_000)).toBe(true);
    }),
  );
});

test('each method counts its own', () => {
  const of: Progress = {
    items: { count: 4, done: 2, estimate: 144_000, doneEstimate: 57_600 },
    milestones: { count: 2, amounts: { all: '200000', reached: '60000' }, weights: { all: '4', reached: '1' } },
  };
  expect(earnedValueMethods.map((method) => earnedValueOf('100000', earnedShare(method, of)))).toEqual([
    '40000',
    '50000',
    '30000',
    '25000',
  ]);
  const bare = { ...of, milestones: { count: 2, amounts: null, weights: null } };
  expect(earnedShare('MILESTONE_AMOUNTS', bare)).toBe(null);
});
