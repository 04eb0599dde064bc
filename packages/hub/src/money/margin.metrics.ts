import { exact, none, ratio, rounded, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type DecimalInput } from '../kernel/metric.ts';

const noBaseline = { plannedRevenue: 'There is no baseline.', plannedCost: 'There is no baseline.' };

export const margin = defineMetric<{ revenue: DecimalInput; cost: DecimalInput }>({
  name: 'margin',
  description: 'What is left of the revenue after its cost, as a share of the revenue.',
  unit: 'RATIO',
  formula: '(revenue - cost) / revenue',
  edge: 'None for a revenue of 0. Below 0 when the cost exceeds the revenue.',
  inputs: { revenue: 'What the client pays.', cost: 'What the work costs.' },
  oracles: [
    { inputs: { revenue: '500000', cost: '300000' }, value: '0.40' },
    { inputs: { revenue: '500000', cost: '600000' }, value: '-0.20' },
    { inputs: { revenue: '0', cost: '300000' }, value: null },
  ],
  compute: whenKnown(({ revenue, cost }) => ratio(revenue.minus(cost), { of: revenue, called: 'The revenue' })),
});

export const marginErosion = defineMetric<{
  plannedRevenue: DecimalInput;
  plannedCost: DecimalInput;
  revenue: DecimalInput;
  cost: DecimalInput;
}>({
  name: 'marginErosion',
  description: 'By how much the margin is lower than planned, in points: 0.24 is 24 points.',
  unit: 'RATIO',
  formula: '(plannedRevenue - plannedCost) / plannedRevenue - (revenue - cost) / revenue',
  edge: 'None without a baseline, and for a planned or actual revenue of 0. Below 0 when the margin grew.',
  inputs: {
    plannedRevenue: 'Contract value of the baseline.',
    plannedCost: 'Planned cost of the baseline.',
    revenue: 'What the client pays.',
    cost: 'What the work costs.',
  },
  oracles: [
    { inputs: { plannedRevenue: '500000', plannedCost: '300000', revenue: '500000', cost: '420000' }, value: '0.24' },
    { inputs: { plannedRevenue: null, plannedCost: null, revenue: '500000', cost: '420000' }, value: null },
    { inputs: { plannedRevenue: '500000', plannedCost: '300000', revenue: '0', cost: '420000' }, value: null },
  ],
  compute: whenKnown(({ plannedRevenue, plannedCost, revenue, cost }) => {
    if (plannedRevenue.isZero()) return none('The planned revenue is 0.');
    if (revenue.isZero()) return none('The revenue is 0.');
    const planned = plannedRevenue.minus(plannedCost).div(plannedRevenue);
    return rounded(planned.minus(revenue.minus(cost).div(revenue)));
  }, noBaseline),
});

export const marginErosionAmount = defineMetric<{
  plannedRevenue: DecimalInput;
  plannedCost: DecimalInput;
  revenue: DecimalInput;
  cost: DecimalInput;
}>({
  name: 'marginErosionAmount',
  description: 'By how much less is left of the revenue than was planned.',
  unit: 'MONEY',
  formula: '(plannedRevenue - plannedCost) - (revenue - cost)',
  edge: 'None without a baseline. Below 0 when more is left.',
  inputs: {
    plannedRevenue: 'Contract value of the baseline.',
    plannedCost: 'Planned cost of the baseline.',
    revenue: 'What the client pays.',
    cost: 'What the work costs.',
  },
  oracles: [
    { inputs: { plannedRevenue: '500000', plannedCost: '300000', revenue: '500000', cost: '420000' }, value: '120000' },
    { inputs: { plannedRevenue: '500000', plannedCost: null, revenue: '500000', cost: '420000' }, value: null },
  ],
  compute: whenKnown(
    ({ plannedRevenue, plannedCost, revenue, cost }) =>
      exact(plannedRevenue.minus(plannedCost).minus(revenue.minus(cost))),
    noBaseline,
  ),
});

export const marginWithChangeOrders = defineMetric<{
  revenue: DecimalInput;
  cost: DecimalInput;
  executedPrice: DecimalInput;
  executedCost: DecimalInput;
}>({
  name: 'marginWithChangeOrders',
  description: 'The margin of the contract together with what was added by executed change orders.',
  unit: 'RATIO',
  formula: '(revenue + executedPrice - cost - executedCost) / (revenue + executedPrice)',
  edge: 'None when contract and change orders come to 0. Pending change orders count only in the forecast margin.',
  inputs: {
    revenue: 'What the client pays by the contract.',
    cost: 'What the work of the contract costs.',
    executedPrice: 'Price of the executed change orders; credits are negative.',
    executedCost: 'Cost of the executed change orders.',
  },
  oracles: [
    { inputs: { revenue: '500000', cost: '300000', executedPrice: '75000', executedCost: '45000' }, value: '0.40' },
    { inputs: { revenue: '500000', cost: '300000', executedPrice: '-500000', executedCost: '0' }, value: null },
  ],
  compute: whenKnown(({ revenue, cost, executedPrice, executedCost }) => {
    const all = revenue.plus(executedPrice);
    return ratio(all.minus(cost).minus(executedCost), { of: all, called: 'The revenue with change orders' });
  }),
});

export const forecastMargin = defineMetric<{
  revenue: DecimalInput;
  cost: DecimalInput;
  executedPrice: DecimalInput;
  executedCost: DecimalInput;
  pendingPrice: DecimalInput;
  pendingCost: DecimalInput;
}>({
  name: 'forecastMargin',
  description: 'The margin as it will be if the change orders that are still pending are executed too.',
  unit: 'RATIO',
  formula:
    '(revenue + executedPrice + pendingPrice - cost - executedCost - pendingCost) / (revenue + executedPrice + pendingPrice)',
  edge: 'None when contract and change orders come to 0. Declined and void change orders do not count.',
  inputs: {
    revenue: 'What the client pays by the contract.',
    cost: 'What the work of the contract costs.',
    executedPrice: 'Price of the executed change orders; credits are negative.',
    executedCost: 'Cost of the executed change orders.',
    pendingPrice: 'Price of the change orders that are drafted or sent.',
    pendingCost: 'Cost of the change orders that are drafted or sent.',
  },
  oracles: [
    {
      inputs: {
        revenue: '500000',
        cost: '300000',
        executedPrice: '75000',
        executedCost: '45000',
        pendingPrice: '25000',
        pendingCost: '27000',
      },
      value: '0.38',
    },
    {
      inputs: {
        revenue: '0',
        cost: '300000',
        executedPrice: '0',
        executedCost: '0',
        pendingPrice: '0',
        pendingCost: '0',
      },
      value: null,
    },
  ],
  compute: whenKnown(({ revenue, cost, executedPrice, executedCost, pendingPrice, pendingCost }) => {
    const all = revenue.plus(executedPrice).plus(pendingPrice);
    const left = all.minus(cost).minus(executedCost).minus(pendingCost);
    return ratio(left, { of: all, called: 'The revenue with change orders' });
  }),
});

export const overrun = defineMetric<{ actual: DecimalInput; planned: DecimalInput }>({
  name: 'overrun',
  description: 'By how much more was used than planned: cost, hours or weeks, both in the same unit.',
  unit: 'RATIO',
  formula: 'actual / planned - 1',
  edge: 'None for a plan of 0. Below 0 when less was used.',
  inputs: { actual: 'What was used.', planned: 'What was planned, in the same unit.' },
  oracles: [
    { inputs: { actual: '15', planned: '12' }, value: '0.25' },
    { inputs: { actual: '15', planned: '0' }, value: null },
    { inputs: { actual: '15', planned: null }, value: null },
  ],
  compute: whenKnown(({ actual, planned }) => ratio(actual.minus(planned), { of: planned, called: 'The plan' }), {
    planned: 'There is no plan.',
  }),
});
