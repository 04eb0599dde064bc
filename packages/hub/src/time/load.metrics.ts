import { decimal, sum } from '../kernel/decimal.ts';
import { ratio, whenKnown } from '../kernel/figure.ts';
import { defineMetric } from '../kernel/metric.ts';

/** What a person worked in a week, and could; both in seconds. */
export type WorkedWeek = { week: string; workedSeconds: number; capacitySeconds: number };

export const workLoad = defineMetric<{ weeks: readonly WorkedWeek[] | null }>({
  name: 'workLoad',
  description: 'What a person worked in some weeks, measured by what they could: for long above 1 wears people out.',
  unit: 'RATIO',
  formula: 'sum(weeks.workedSeconds) / sum(weeks.capacitySeconds)',
  edge: 'None without capacity. Days are those of the person’s own calendar.',
  inputs: {
    weeks: 'Each week, by its Monday, with the seconds that were worked and those of the calendar without holidays.',
  },
  oracles: [
    {
      inputs: {
        weeks: [
          { week: '2026-03-02', workedSeconds: 180_000, capacitySeconds: 144_000 },
          { week: '2026-03-09', workedSeconds: 172_800, capacitySeconds: 144_000 },
          { week: '2026-03-16', workedSeconds: 165_600, capacitySeconds: 144_000 },
        ],
      },
      value: '1.2',
    },
    { inputs: { weeks: [{ week: '2026-03-02', workedSeconds: 3_600, capacitySeconds: 0 }] }, value: null },
  ],
  compute: whenKnown(({ weeks }) =>
    ratio(sum(weeks.map(({ workedSeconds }) => decimal(workedSeconds))), {
      of: sum(weeks.map(({ capacitySeconds }) => decimal(capacitySeconds))),
      called: 'The capacity',
    }),
  ),
});
