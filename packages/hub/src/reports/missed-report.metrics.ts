import { decimal } from '../kernel/decimal.ts';
import { exact, whenKnown } from '../kernel/figure.ts';
import { defineMetric } from '../kernel/metric.ts';

export const missedReportCount = defineMetric<{ missedOn: readonly string[] | null }>({
  name: 'missedReports',
  description: 'How many reports that the statement of work promises were not there on their day.',
  unit: 'COUNT',
  formula: 'count(missedOn)',
  edge: 'A report is missed from the day behind the one it is due on; one that is taken late ends the count.',
  inputs: { missedOn: 'The days on which a report was due since the last one, and none was taken.' },
  oracles: [
    { inputs: { missedOn: ['2026-03-20', '2026-04-03'] }, value: '2' },
    { inputs: { missedOn: [] }, value: '0' },
    { inputs: { missedOn: null }, value: null },
  ],
  compute: whenKnown(({ missedOn }) => exact(decimal(missedOn.length))),
});
