import { decimal, median } from '../kernel/decimal.ts';
import { none, ratio, rounded, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput, type DecimalInput } from '../kernel/metric.ts';

const SECONDS_PER_DAY = 86_400;
const noBaseline = { baselineItems: 'There is no baseline.', baselineSeconds: 'There is no baseline.' };

export const scopeGrowth = defineMetric<{ addedItems: CountInput; baselineItems: CountInput }>({
  name: 'scopeGrowth',
  description: 'How much the scope has grown since the baseline, approved or not.',
  unit: 'RATIO',
  formula: 'addedItems / baselineItems',
  edge: 'None without a baseline or with an empty one.',
  inputs: {
    addedItems: 'Work items added since the baseline.',
    baselineItems: 'Work items of the baseline.',
  },
  oracles: [
    { inputs: { addedItems: 18, baselineItems: 120 }, value: '0.15' },
    { inputs: { addedItems: 18, baselineItems: 0 }, value: null },
    { inputs: { addedItems: 18, baselineItems: null }, value: null },
  ],
  compute: whenKnown(
    ({ addedItems, baselineItems }) => ratio(addedItems, { of: baselineItems, called: 'The number of baseline items' }),
    noBaseline,
  ),
});

export const scopeCreepIndexByItems = defineMetric<{ unapprovedItems: CountInput; baselineItems: CountInput }>({
  name: 'scopeCreepIndexByItems',
  description: 'Items added without an approved change, measured by the baseline; to be read beside that by hours.',
  unit: 'RATIO',
  formula: 'unapprovedItems / baselineItems',
  edge: 'None without a baseline or with an empty one.',
  inputs: {
    unapprovedItems: 'Work items added since the baseline without an approved change request.',
    baselineItems: 'Work items of the baseline.',
  },
  oracles: [
    { inputs: { unapprovedItems: 6, baselineItems: 120 }, value: '0.05' },
    { inputs: { unapprovedItems: 6, baselineItems: 0 }, value: null },
  ],
  compute: whenKnown(
    ({ unapprovedItems, baselineItems }) =>
      ratio(unapprovedItems, { of: baselineItems, called: 'The number of baseline items' }),
    noBaseline,
  ),
});

export const scopeCreepIndexByHours = defineMetric<{ unapprovedSeconds: CountInput; baselineSeconds: CountInput }>({
  name: 'scopeCreepIndexByHours',
  description:
    'Work on what was added without an approved change, measured by the baseline; to be read beside that by items.',
  unit: 'RATIO',
  formula: 'unapprovedSeconds / baselineSeconds',
  edge: 'None without a baseline or with one without work.',
  period: 'Work by its local day, by the whole baseline.',
  inputs: {
    unapprovedSeconds: 'Work on items added without an approved change request, in seconds.',
    baselineSeconds: 'Planned work of the baseline, in seconds.',
  },
  oracles: [
    { inputs: { unapprovedSeconds: 504_000, baselineSeconds: 7_200_000 }, value: '0.07' },
    { inputs: { unapprovedSeconds: 504_000, baselineSeconds: 0 }, value: null },
  ],
  compute: whenKnown(
    ({ unapprovedSeconds, baselineSeconds }) =>
      ratio(unapprovedSeconds, { of: baselineSeconds, called: 'The planned work of the baseline' }),
    noBaseline,
  ),
});

export const changeOrderRatio = defineMetric<{ executedPrice: DecimalInput; contractValue: DecimalInput }>({
  name: 'changeOrderRatio',
  description: 'What executed change orders added to the contract, measured by the contract as it was signed first.',
  unit: 'RATIO',
  formula: 'executedPrice / contractValue',
  edge: 'None for a contract of 0. Credits are negative, so it may be below 0.',
  period: 'Change orders by the day on which they were signed.',
  inputs: {
    executedPrice: 'Price of the executed change orders; credits are negative.',
    contractValue: 'Value of the contract without change orders.',
  },
  oracles: [
    { inputs: { executedPrice: '75000', contractValue: '500000' }, value: '0.15' },
    { inputs: { executedPrice: '-25000', contractValue: '500000' }, value: '-0.05' },
    { inputs: { executedPrice: '75000', contractValue: '0' }, value: null },
  ],
  compute: whenKnown(({ executedPrice, contractValue }) =>
    ratio(executedPrice, { of: contractValue, called: 'The contract value' }),
  ),
});

export const changeOrderConversion = defineMetric<{
  accepted: CountInput;
  rejected: CountInput;
  withdrawn: CountInput;
  open: CountInput;
}>({
  name: 'changeOrderConversion',
  description: 'How many of the change requests that the client decided on were accepted.',
  unit: 'RATIO',
  formula: 'accepted / (accepted + rejected)',
  edge: 'None when nothing was decided. `open` and `withdrawn` ones do not count.',
  period: 'Decisions by their day; those that are open or withdrawn are not counted anyway.',
  inputs: {
    accepted: 'Change requests that the client agreed to.',
    rejected: 'Change requests that the client refused.',
    withdrawn: 'Change requests that were taken back.',
    open: 'Change requests without a decision.',
  },
  oracles: [
    { inputs: { accepted: 6, rejected: 2, withdrawn: 1, open: 1 }, value: '0.75' },
    { inputs: { accepted: 0, rejected: 0, withdrawn: 1, open: 1 }, value: null },
  ],
  compute: whenKnown(({ accepted, rejected }) =>
    ratio(accepted, { of: accepted.plus(rejected), called: 'The number of decided change requests' }),
  ),
});

export const changeRequestCycleTime = defineMetric<{ decidedSeconds: readonly number[] | null }>({
  name: 'changeRequestCycleTime',
  description: 'How long it takes from the submission of a change request to the client’s decision, in the median.',
  unit: 'DAYS',
  formula: 'median(decidedSeconds) / 86400',
  edge: 'None when nothing was decided. Open ones have a figure of their own.',
  period: 'Decisions by their day.',
  inputs: { decidedSeconds: 'For every decided change request the seconds from its submission to the decision.' },
  oracles: [
    { inputs: { decidedSeconds: [172_800, 1_036_800, 259_200, 691_200, 432_000] }, value: '5' },
    { inputs: { decidedSeconds: [172_800, 259_200] }, value: '2.5' },
    { inputs: { decidedSeconds: [] }, value: null },
  ],
  compute: whenKnown(({ decidedSeconds }) => medianDays(decidedSeconds, 'No change request is decided.')),
});

export const openChangeRequestAge = defineMetric<{ openSeconds: readonly number[] | null }>({
  name: 'openChangeRequestAge',
  description: 'How long ago the change requests that wait for a decision were submitted, in the median.',
  unit: 'DAYS',
  formula: 'median(openSeconds) / 86400',
  edge: 'None when none is open.',
  inputs: { openSeconds: 'For every open change request the seconds since its submission.' },
  oracles: [
    { inputs: { openSeconds: [86_400, 604_800, 345_600] }, value: '4' },
    { inputs: { openSeconds: [] }, value: null },
  ],
  compute: whenKnown(({ openSeconds }) => medianDays(openSeconds, 'No change request is open.')),
});

function medianDays(seconds: readonly number[], otherwise: string) {
  const middle = median(seconds.map(decimal));
  return middle ? rounded(middle.div(SECONDS_PER_DAY)) : none(otherwise);
}
