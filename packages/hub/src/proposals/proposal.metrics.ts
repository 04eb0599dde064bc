import { ratio, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput } from '../kernel/metric.ts';

export const sowCompliance = defineMetric<{ met: CountInput; clauses: CountInput }>({
  name: 'sowCompliance',
  description: 'How much of what every statement of work has to say a proposal says.',
  unit: 'RATIO',
  formula: 'met / clauses',
  edge: 'Every clause counts the same, whatever its severity. None for a standard without clauses.',
  inputs: { met: 'Clauses of the standard that the terms meet.', clauses: 'Clauses of the standard.' },
  oracles: [
    { inputs: { met: 3, clauses: 4 }, value: '0.75' },
    { inputs: { met: 0, clauses: 4 }, value: '0' },
    { inputs: { met: 0, clauses: 0 }, value: null },
  ],
  compute: whenKnown(({ met, clauses }) => ratio(met, { of: clauses, called: 'The number of clauses' })),
});

export const handoffCompleteness = defineMetric<{ there: CountInput; wanted: CountInput }>({
  name: 'handoffCompleteness',
  description: 'How much of what delivery needs of a won deal has been handed over.',
  unit: 'RATIO',
  formula: 'there / wanted',
  edge: 'None for a deal that is not won. Every item counts the same; one that cannot be told is not there.',
  inputs: { there: 'Items that are there.', wanted: 'Items that are wanted.' },
  oracles: [
    { inputs: { there: 6, wanted: 8 }, value: '0.75' },
    { inputs: { there: 0, wanted: 8 }, value: '0' },
    { inputs: { there: null, wanted: null }, value: null },
  ],
  compute: whenKnown(({ there, wanted }) => ratio(there, { of: wanted, called: 'The number of items' }), {
    there: 'The deal is not won.',
    wanted: 'The deal is not won.',
  }),
});
