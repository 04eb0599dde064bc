import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimals } from '../../test/metric-inputs.ts';
import { closeDateChanges, closeDatePulls, closeDatePushes } from './close-date.metrics.ts';
import { forecastAccuracy, openPipeline, weightedPipeline, winRate } from './pipeline.metrics.ts';

test('an accuracy lies between 0 and 1, or there is none', () => {
  fc.assert(
    fc.property(decimals, decimals, (forecast, actual) => {
      const { value } = forecastAccuracy.compute({ forecast, actual });
      return value === null ? actual.startsWith('-') || actual === '0' : Number(value) >= 0 && Number(value) <= 1;
    }),
  );
  expect(forecastAccuracy.compute({ forecast: '1', actual: '1' }).value).toBe('1');
});

test('a win rate lies between 0 and 1, and does not heed what is open', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), fc.maxSafeNat(), (won, lost, open) => {
      const { value } = winRate.compute({ won, lost, noDecision: open, open });
      expect(value).toBe(winRate.compute({ won, lost, noDecision: 0, open: 0 }).value);
      expect(value === null || (Number(value) >= 0 && Number(value) <= 1)).toBe(true);
    }),
  );
});

test('the sum of amounts is exact to the last digit', () => {
  const amounts = fc.array(fc.bigInt({ min: -(10n ** 47n), max: 10n ** 47n }), { minLength: 1 });
  const text = (units: bigint): string => {
    const digits = `${units < 0n ? -units : units}`.padStart(19, '0');
    return `${units < 0n ? '-' : ''}${digits.slice(0, -18)}.${digits.slice(-18)}`;
  };
  fc.assert(
    fc.property(amounts, (units) => {
      const deals = units.map((each) => ({ count: 1, amount: text(each), probability: '1', stageProbability: null }));
      const total = text(units.reduce((sum, each) => sum + each, 0n)).replace(/\.?0+$/, '');
      const expected = { value: total === '-0' ? '0' : total, reason: null };
      expect(openPipeline.compute({ deals, unconverted: [] })).toEqual(expected);
      expect(weightedPipeline.compute({ deals, unconverted: [] })).toEqual(expected);
    }),
  );
});

test('deals of one probability may be added up before they are weighted', () => {
  const of = (amount: string, probability: string) => ({ count: 1, amount, probability, stageProbability: null });
  const apart = [of('100.10', '0.3'), of('200.25', '0.3'), of('50', '0.9')];
  const together = [of('300.35', '0.3'), of('50', '0.9')];
  expect(weightedPipeline.compute({ deals: apart, unconverted: [] })).toEqual(
    weightedPipeline.compute({ deals: together, unconverted: [] }),
  );
});

test('every change of a close date is a push or a pull', () => {
  const days = fc.array(fc.constantFrom('2025-01-31', '2025-02-28', '2025-03-31', null), { minLength: 1 });
  fc.assert(
    fc.property(days, (closeDates) => {
      const [changes, pushes, pulls] = [closeDateChanges, closeDatePushes, closeDatePulls].map(({ compute }) =>
        Number(compute({ closeDates }).value),
      );
      expect(changes).toBe((pushes ?? 0) + (pulls ?? 0));
    }),
  );
});
