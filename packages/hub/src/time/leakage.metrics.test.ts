import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimals } from '../../test/metric-inputs.ts';
import type { Figure } from '../kernel/metric.ts';
import { costLeak, leakedTime, netLeakage, recoveredRevenue, revenueAtRisk, scopeClasses } from './leakage.metrics.ts';

const Exact = Decimal.clone({ precision: 200 });
const number = ({ value }: Figure) => new Exact(value ?? Number.NaN);

/** Work in hundredths of hours, so that its price ends. */
const work = fc.array(
  fc.record({
    scope: fc.constantFrom(...scopeClasses),
    seconds: fc.nat({ max: 100_000 }).map((hundredths) => hundredths * 36),
    atBillRates: fc.nat({ max: 999_999 }).map((cents) => `${cents / 100}`),
    atCostRates: fc.nat({ max: 999_999 }).map((cents) => `${cents / 100}`),
  }),
  { maxLength: 30 },
);

test.each([leakedTime, revenueAtRisk, costLeak])('$name of two lists together is the sum of both', ({ compute }) => {
  fc.assert(
    fc.property(work, work, (some, others) => {
      const parts = number(compute({ work: some })).plus(number(compute({ work: others })));
      expect(number(compute({ work: [...some, ...others] })).toFixed()).toBe(parts.toFixed());
    }),
  );
});

test('work that was ordered, or is internal, adds nothing', () => {
  fc.assert(
    fc.property(work, (entries) => {
      const leaked = entries.filter(({ scope }) => scope === 'UNAPPROVED_CHANGE' || scope === 'UNLINKED');
      expect(revenueAtRisk.compute({ work: entries })).toEqual(revenueAtRisk.compute({ work: leaked }));
    }),
  );
});

test('what is recovered and what is not are the revenue at risk, whatever was executed', () => {
  fc.assert(
    fc.property(decimals, decimals, (amount, executedPrice) => {
      const atRisk = amount.replace('-', '');
      const recovered = recoveredRevenue.compute({ revenueAtRisk: atRisk, executedPrice });
      const net = netLeakage.compute({ revenueAtRisk: atRisk, recoveredRevenue: recovered.value });
      expect(number(recovered).isNegative()).toBe(false);
      expect(number(net).isNegative()).toBe(false);
      expect(number(recovered).plus(number(net)).toFixed()).toBe(new Exact(atRisk).toFixed());
    }),
  );
});
