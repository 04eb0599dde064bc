import { ratio, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput } from '../kernel/metric.ts';

export const stageAgeing = defineMetric<{
  secondsInStage: CountInput;
  medianSeconds: CountInput;
  stays: CountInput;
}>({
  name: 'stageAgeing',
  description: 'How long a deal has been in its stage, measured by how long deals have usually stayed there.',
  unit: 'RATIO',
  formula: 'secondsInStage / medianSeconds',
  edge: 'None when no deal has left that stage yet. How many `stays` the median is of is shown, since few say little.',
  inputs: {
    secondsInStage: 'Seconds since the deal entered its present stage.',
    medianSeconds: 'The median of how long deals stayed in that stage before they left it, in seconds.',
    stays: 'How many stays that median is of.',
  },
  oracles: [
    { inputs: { secondsInStage: 3_024_000, medianSeconds: 1_209_600, stays: 12 }, value: '2.5' },
    { inputs: { secondsInStage: 3_024_000, medianSeconds: null, stays: 0 }, value: null },
    { inputs: { secondsInStage: 3_024_000, medianSeconds: 0, stays: 1 }, value: null },
  ],
  compute: whenKnown(
    ({ secondsInStage, medianSeconds }) => ratio(secondsInStage, { of: medianSeconds, called: 'The median stay' }),
    { medianSeconds: 'No deal has left this stage yet, so there is no median.' },
  ),
});
