import { decimal, larger } from '../kernel/decimal.ts';
import { none, rounded, whenKnown } from '../kernel/figure.ts';
import { defineMetric } from '../kernel/metric.ts';

const SECONDS_PER_DAY = 86_400;

export const longestDecisionWait = defineMetric<{ waitingSeconds: readonly number[] | null }>({
  name: 'longestDecisionWait',
  description: 'How long the change request that has waited longest for a decision has waited for it.',
  unit: 'DAYS',
  formula: 'max(waitingSeconds[i]) / 86400',
  edge: 'None when none waits. What is in COMMERCIAL_REVIEW waits for you, what is QUOTED for the client; from the moment it got there.',
  inputs: { waitingSeconds: 'For every change request that waits for a decision, since when, in seconds.' },
  oracles: [
    { inputs: { waitingSeconds: [86_400, 1_296_000, 345_600] }, value: '15' },
    { inputs: { waitingSeconds: [] }, value: null },
  ],
  compute: whenKnown(({ waitingSeconds }) => {
    const [first, ...others] = waitingSeconds.map(decimal);
    return first ? rounded(others.reduce(larger, first).div(SECONDS_PER_DAY)) : none('No change request waits.');
  }),
});
