import { decimal, sum } from '../kernel/decimal.ts';
import { exact, none, whenKnown } from '../kernel/figure.ts';
import { defineMetric } from '../kernel/metric.ts';

/** An open risk: its chance, 0 to 1, and what it would cost; null where nobody has said. */
export type OpenRisk = { probability: string | null; impact: string | null };

const meaning =
  'Open risks, each with its probability, 0 to 1, and its impact as an amount; null where nobody has said.';
const isQuantified = (risk: OpenRisk): risk is { probability: string; impact: string } =>
  risk.probability !== null && risk.impact !== null;

export const riskExposure = defineMetric<{ risks: readonly OpenRisk[] | null }>({
  name: 'riskExposure',
  description: 'What open risks are expected to cost.',
  unit: 'MONEY',
  formula: 'sum(risks.probability * risks.impact)',
  edge: 'Risks without a probability or an impact are left out and counted as unquantified; none when all of them are.',
  inputs: { risks: meaning },
  oracles: [
    { inputs: { risks: [{ probability: '0.3', impact: '80000' }] }, value: '24000' },
    {
      inputs: {
        risks: [
          { probability: '0.3', impact: '80000' },
          { probability: '0.5', impact: null },
        ],
      },
      value: '24000',
    },
    { inputs: { risks: [] }, value: '0' },
    { inputs: { risks: [{ probability: '0.5', impact: null }] }, value: null },
  ],
  compute: whenKnown(({ risks }) => {
    const quantified = risks.filter(isQuantified);
    if (risks.length > 0 && quantified.length === 0)
      return none('None of the risks has both a probability and an impact.');
    return exact(sum(quantified.map(({ probability, impact }) => decimal(probability).times(impact))));
  }),
});

export const unquantifiedRisks = defineMetric<{ risks: readonly OpenRisk[] | null }>({
  name: 'unquantifiedRisks',
  description:
    'How many open risks are not in the exposure, because nobody has said how likely they are or what they would cost.',
  unit: 'COUNT',
  formula: 'count(risks)',
  edge: 'Only risks without a probability or without an impact count.',
  inputs: { risks: meaning },
  oracles: [
    {
      inputs: {
        risks: [
          { probability: '0.3', impact: '80000' },
          { probability: '0.5', impact: null },
          { probability: null, impact: '10000' },
        ],
      },
      value: '2',
    },
    { inputs: { risks: null }, value: null },
  ],
  compute: whenKnown(({ risks }) => exact(decimal(risks.filter((risk) => !isQuantified(risk)).length))),
});
