import { decimal } from '../kernel/decimal.ts';
import { exact, none, whenKnown } from '../kernel/figure.ts';
import { defineMetric } from '../kernel/metric.ts';

/** What the money had brought by the end of a day: earned value by actual cost; null where that was not known. */
export type CostPoint = { day: string; costPerformanceIndex: string | null };

export const fallingCostPerformance = defineMetric<{ points: readonly CostPoint[] | null }>({
  name: 'fallingCostPerformance',
  description: 'For how many periods in a row, up to now, the cost performance has fallen.',
  unit: 'COUNT',
  formula: 'count(points[i].costPerformanceIndex < points[i - 1].costPerformanceIndex)',
  edge: 'Counted backwards from now, until a period in which it did not fall. None while nothing is known of now.',
  inputs: { points: 'In their order, the last day of each period with the cost performance index (CPI) up to then.' },
  oracles: [
    {
      inputs: {
        points: [
          { day: '2026-03-01', costPerformanceIndex: '1.1' },
          { day: '2026-03-08', costPerformanceIndex: '1.2' },
          { day: '2026-03-15', costPerformanceIndex: '1.05' },
          { day: '2026-03-22', costPerformanceIndex: '0.95' },
        ],
      },
      value: '2',
    },
    { inputs: { points: [{ day: '2026-03-22', costPerformanceIndex: '0.95' }] }, value: '0' },
    { inputs: { points: [{ day: '2026-03-22', costPerformanceIndex: null }] }, value: null },
  ],
  compute: whenKnown(({ points }) => {
    const values = points
      .map(({ costPerformanceIndex: value }) => (value === null ? null : decimal(value)))
      .toReversed();
    if (!values[0]) return none('The cost performance of now is not known.');
    const end = values.findIndex((value, index) => {
      const before = values[index + 1];
      return !value || !before || !value.lessThan(before);
    });
    return exact(decimal(end));
  }),
});
