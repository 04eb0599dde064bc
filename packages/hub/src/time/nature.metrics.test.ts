import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal } from '../kernel/decimal.ts';
import type { Figure } from '../kernel/metric.ts';
import {
  clientWaitCost,
  clientWaitPrice,
  clientWaitShare,
  clientWaitTime,
  reworkCost,
  reworkPrice,
  reworkShare,
  reworkTime,
  workNatures,
  type NaturedWork,
} from './nature.metrics.ts';

const number = ({ value }: Figure) => decimal(value ?? Number.NaN);
const seconds = (work: readonly NaturedWork[]) => work.reduce((sum, each) => sum + each.seconds, 0);

/** Work in hundredths of hours, so that its price ends. */
const work = fc.array(
  fc.record({
    nature: fc.constantFrom(...workNatures),
    seconds: fc.nat({ max: 100_000 }).map((hundredths) => hundredths * 36),
    atBillRates: fc.nat({ max: 999_999 }).map((cents) => `${cents / 100}`),
    atCostRates: fc.nat({ max: 999_999 }).map((cents) => `${cents / 100}`),
  }),
  { maxLength: 30 },
);

test('waiting and rework are never more than what was worked, nor their shares more than all of it', () => {
  fc.assert(
    fc.property(work, (entries) => {
      const [waited, redone] = [clientWaitTime, reworkTime].map((each) => number(each.compute({ work: entries })));
      const workedSeconds = seconds(entries);
      expect(waited?.plus(redone ?? 0).toNumber()).toBeLessThanOrEqual(workedSeconds);
      fc.pre(workedSeconds > 0);
      const share = number(clientWaitShare.compute({ seconds: Number(waited), workedSeconds })).plus(
        number(reworkShare.compute({ seconds: Number(redone), workedSeconds })),
      );
      expect(share.toNumber()).toBeLessThanOrEqual(1 + 1e-15);
    }),
  );
});

test.each([clientWaitTime, clientWaitPrice, clientWaitCost, reworkTime, reworkPrice, reworkCost])(
  '$name of two lists together is the sum of both, in any order',
  ({ compute }) => {
    fc.assert(
      fc.property(work, work, (some, others) => {
        const parts = number(compute({ work: some })).plus(number(compute({ work: others })));
        expect(number(compute({ work: [...others.toReversed(), ...some] })).toFixed()).toBe(parts.toFixed());
      }),
    );
  },
);

test('plain work adds nothing', () => {
  fc.assert(
    fc.property(work, (entries) => {
      const wasted = entries.filter(({ nature }) => nature !== 'WORK');
      for (const { compute } of [clientWaitPrice, reworkPrice])
        expect(compute({ work: entries })).toEqual(compute({ work: wasted }));
    }),
  );
});
