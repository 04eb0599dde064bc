import { ratio, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput } from '../kernel/metric.ts';

const hardSeconds = 'What the person is booked for by hard allocations, in seconds.';
const softSeconds = 'What they are wanted for by soft allocations besides, in seconds.';
const capacitySeconds = 'Their working time by the calendar without holidays, in seconds.';

/** A week of 40 hours: 50 are promised, or 30 are promised and 16 wanted. */
const week = { capacitySeconds: 144_000 };

export const allocationRatio = defineMetric<{ hardSeconds: CountInput; capacitySeconds: CountInput }>({
  name: 'allocationRatio',
  description: 'What a person is promised for, measured by what they can work; above 1 somebody will be let down.',
  unit: 'RATIO',
  formula: 'hardSeconds / capacitySeconds',
  edge: 'None without capacity. Days off take nothing of an allocation.',
  inputs: { hardSeconds, capacitySeconds },
  oracles: [
    { inputs: { hardSeconds: 180_000, ...week }, value: '1.25' },
    { inputs: { hardSeconds: 180_000, capacitySeconds: 0 }, value: null },
  ],
  compute: whenKnown((known) => ratio(known.hardSeconds, { of: known.capacitySeconds, called: 'The capacity' })),
});

export const demandRatio = defineMetric<{
  hardSeconds: CountInput;
  softSeconds: CountInput;
  capacitySeconds: CountInput;
}>({
  name: 'demandRatio',
  description: 'What a person is promised and wanted for, measured by what they can work.',
  unit: 'RATIO',
  formula: '(hardSeconds + softSeconds) / capacitySeconds',
  edge: 'None without capacity. Soft allocations count in full, whatever their chance: above 1 not every wish can come true.',
  inputs: { hardSeconds, softSeconds, capacitySeconds },
  oracles: [
    { inputs: { hardSeconds: 108_000, softSeconds: 57_600, ...week }, value: '1.15' },
    { inputs: { hardSeconds: 108_000, softSeconds: 57_600, capacitySeconds: 0 }, value: null },
  ],
  compute: whenKnown((known) =>
    ratio(known.hardSeconds.plus(known.softSeconds), { of: known.capacitySeconds, called: 'The capacity' }),
  ),
});
