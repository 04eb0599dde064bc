import { exact, none, ratio, roundedAmount, whenKnown, type Figure } from '../kernel/figure.ts';
import { defineMetric, type DecimalInput } from '../kernel/metric.ts';

const budgetAtCompletion = 'What the whole work is planned to cost (BAC).';
const plannedValue = 'Planned cost of the work that was to be done by now (PV).';
const earnedValue = 'Planned cost of the work that is done (EV).';
const actualCost = 'What the work has cost until now (AC).';
const method =
  'How it was counted how much is done: WEIGHTED_ITEMS, ZERO_HUNDRED, MILESTONE_AMOUNTS, MILESTONE_WEIGHTS, or several of them.';
const byMethod = '`method` says how the earned value was counted.';
const noBaseline = { budgetAtCompletion: 'There is no baseline.', plannedValue: 'There is no baseline.' };

/** Half of the work was to be done by now, 40 % is, for 45 % of the money. */
const spent = { budgetAtCompletion: '100000', earnedValue: '40000', actualCost: '45000', method: 'WEIGHTED_ITEMS' };
const planned = { ...spent, plannedValue: '50000' };

/** Computes what an earned value is part of, once it is known how that was counted. */
function counted<Inputs extends { method: string | null }>(
  compute: (inputs: Omit<Inputs, 'method'>) => Figure,
): (inputs: Inputs) => Figure {
  return ({ method: by, ...inputs }) =>
    by === null ? none('Nobody says how the earned value is counted.') : compute(inputs);
}

export const costPerformanceIndex = defineMetric<{
  earnedValue: DecimalInput;
  actualCost: DecimalInput;
  method: string | null;
}>({
  name: 'costPerformanceIndex',
  description: 'What a unit of money brought (CPI): below 1 the work costs more than planned.',
  unit: 'RATIO',
  formula: 'earnedValue / actualCost',
  edge: `None while nothing was spent. ${byMethod}`,
  period: 'What was earned in it by what its work cost: earned value at its end less that before it began.',
  inputs: { earnedValue, actualCost, method },
  oracles: [
    { inputs: { earnedValue: '40000', actualCost: '45000', method: 'WEIGHTED_ITEMS' }, value: '0.8889' },
    { inputs: { earnedValue: '40000', actualCost: '0', method: 'WEIGHTED_ITEMS' }, value: null },
  ],
  compute: counted(whenKnown((known) => ratio(known.earnedValue, { of: known.actualCost, called: 'The actual cost' }))),
});

export const schedulePerformanceIndex = defineMetric<{
  earnedValue: DecimalInput;
  plannedValue: DecimalInput;
  method: string | null;
}>({
  name: 'schedulePerformanceIndex',
  description: 'How much of what was to be done by now is done (SPI): below 1 the work is late.',
  unit: 'RATIO',
  formula: 'earnedValue / plannedValue',
  edge: `None without a baseline, and while nothing was to be done yet. ${byMethod}`,
  period: 'What was earned in it by what it should have: values at its end less those before it began.',
  inputs: { earnedValue, plannedValue, method },
  oracles: [
    { inputs: { earnedValue: '40000', plannedValue: '50000', method: 'WEIGHTED_ITEMS' }, value: '0.8' },
    { inputs: { earnedValue: '40000', plannedValue: '0', method: 'WEIGHTED_ITEMS' }, value: null },
    { inputs: { earnedValue: '40000', plannedValue: null, method: 'WEIGHTED_ITEMS' }, value: null },
  ],
  compute: counted(
    whenKnown((known) => ratio(known.earnedValue, { of: known.plannedValue, called: 'The planned value' }), noBaseline),
  ),
});

export const estimateAtCompletion = defineMetric<{
  budgetAtCompletion: DecimalInput;
  earnedValue: DecimalInput;
  actualCost: DecimalInput;
  method: string | null;
}>({
  name: 'estimateAtCompletion',
  description: 'What the whole work will cost if it goes on at the cost performance so far (EAC = BAC / CPI).',
  unit: 'MONEY',
  formula: 'budgetAtCompletion / (earnedValue / actualCost)',
  edge: `None without a baseline, while nothing is earned, and while nothing was spent. ${byMethod}`,
  inputs: { budgetAtCompletion, earnedValue, actualCost, method },
  oracles: [
    { inputs: spent, value: '112500' },
    { inputs: { ...spent, earnedValue: '0' }, value: null },
    { inputs: { ...spent, actualCost: '0' }, value: null },
    { inputs: { ...spent, budgetAtCompletion: null }, value: null },
  ],
  compute: counted(
    whenKnown((known) => {
      if (known.earnedValue.isZero()) return none('The earned value is 0.');
      if (known.actualCost.isZero()) return none('The actual cost is 0.');
      return roundedAmount(known.budgetAtCompletion.times(known.actualCost).div(known.earnedValue));
    }, noBaseline),
  ),
});

export const estimateAtCompletionAsPlanned = defineMetric<{
  budgetAtCompletion: DecimalInput;
  earnedValue: DecimalInput;
  actualCost: DecimalInput;
  method: string | null;
}>({
  name: 'estimateAtCompletionAsPlanned',
  description: 'What the whole work will cost if the rest goes as planned (EAC = AC + BAC − EV).',
  unit: 'MONEY',
  formula: 'actualCost + budgetAtCompletion - earnedValue',
  edge: `None without a baseline. The only estimate there is while nothing is earned. ${byMethod}`,
  inputs: { budgetAtCompletion, earnedValue, actualCost, method },
  oracles: [
    { inputs: spent, value: '105000' },
    { inputs: { ...spent, earnedValue: '0' }, value: '145000' },
    { inputs: { ...spent, budgetAtCompletion: null }, value: null },
  ],
  compute: counted(
    whenKnown((known) => exact(known.actualCost.plus(known.budgetAtCompletion).minus(known.earnedValue)), noBaseline),
  ),
});

export const estimateAtCompletionByCostAndSchedule = defineMetric<{
  budgetAtCompletion: DecimalInput;
  plannedValue: DecimalInput;
  earnedValue: DecimalInput;
  actualCost: DecimalInput;
  method: string | null;
}>({
  name: 'estimateAtCompletionByCostAndSchedule',
  description:
    'What the whole work will cost if the rest suffers from cost and delay as before (EAC = AC + (BAC − EV) / (CPI × SPI)).',
  unit: 'MONEY',
  formula:
    'actualCost + (budgetAtCompletion - earnedValue) / ((earnedValue / actualCost) * (earnedValue / plannedValue))',
  edge: `None without a baseline, while nothing is earned or spent, and while nothing was to be done yet. ${byMethod}`,
  inputs: { budgetAtCompletion, plannedValue, earnedValue, actualCost, method },
  oracles: [
    { inputs: planned, value: '129375' },
    { inputs: { ...planned, earnedValue: '0' }, value: null },
    { inputs: { ...planned, actualCost: '0' }, value: null },
    { inputs: { ...planned, plannedValue: '0' }, value: null },
  ],
  compute: counted(
    whenKnown((known) => {
      if (known.earnedValue.isZero()) return none('The earned value is 0.');
      if (known.actualCost.isZero()) return none('The actual cost is 0.');
      if (known.plannedValue.isZero()) return none('The planned value is 0.');
      const rest = known.budgetAtCompletion.minus(known.earnedValue);
      const costOfRest = rest.times(known.actualCost).times(known.plannedValue).div(known.earnedValue.pow(2));
      return roundedAmount(known.actualCost.plus(costOfRest));
    }, noBaseline),
  ),
});

export const varianceAtCompletion = defineMetric<{
  budgetAtCompletion: DecimalInput;
  estimateAtCompletion: DecimalInput;
}>({
  name: 'varianceAtCompletion',
  description: 'What will be left of the budget in the end (VAC); below 0 it will be exceeded.',
  unit: 'MONEY',
  formula: 'budgetAtCompletion - estimateAtCompletion',
  edge: 'None without a baseline or an estimate.',
  inputs: { budgetAtCompletion, estimateAtCompletion: 'What the whole work will cost, by one of the estimates (EAC).' },
  oracles: [
    { inputs: { budgetAtCompletion: '100000', estimateAtCompletion: '112500' }, value: '-12500' },
    { inputs: { budgetAtCompletion: null, estimateAtCompletion: '112500' }, value: null },
  ],
  compute: whenKnown((known) => exact(known.budgetAtCompletion.minus(known.estimateAtCompletion)), noBaseline),
});

export const toCompletePerformanceIndex = defineMetric<{
  budgetAtCompletion: DecimalInput;
  earnedValue: DecimalInput;
  actualCost: DecimalInput;
  method: string | null;
}>({
  name: 'toCompletePerformanceIndex',
  description: 'What a unit of money has to bring from now on for the budget to be kept (TCPI).',
  unit: 'RATIO',
  formula: '(budgetAtCompletion - earnedValue) / (budgetAtCompletion - actualCost)',
  edge: `None without a baseline, and when the budget is spent to the last unit. Below 0 when more than the budget is spent: it cannot be kept. ${byMethod}`,
  inputs: { budgetAtCompletion, earnedValue, actualCost, method },
  oracles: [
    { inputs: spent, value: '1.0909' },
    { inputs: { ...spent, actualCost: '100000' }, value: null },
  ],
  compute: counted(
    whenKnown(
      (known) =>
        ratio(known.budgetAtCompletion.minus(known.earnedValue), {
          of: known.budgetAtCompletion.minus(known.actualCost),
          called: 'What is left of the budget at completion',
        }),
      noBaseline,
    ),
  ),
});

export const burnGap = defineMetric<{
  actualCost: DecimalInput;
  budgetAtCompletion: DecimalInput;
  done: DecimalInput;
  method: string | null;
}>({
  name: 'burnGap',
  description:
    'By how much the money is ahead of the work: the share of the budget that is spent less the share of the work that is done.',
  unit: 'RATIO',
  formula: 'actualCost / budgetAtCompletion - done',
  edge: `None without a baseline or with a budget of 0. Below 0 the work is ahead. ${byMethod}`,
  inputs: { actualCost, budgetAtCompletion, done: 'Share of the work that is done, 0 to 1.', method },
  oracles: [
    {
      inputs: { actualCost: '45000', budgetAtCompletion: '100000', done: '0.40', method: 'WEIGHTED_ITEMS' },
      value: '0.05',
    },
    { inputs: { actualCost: '45000', budgetAtCompletion: '0', done: '0.40', method: 'WEIGHTED_ITEMS' }, value: null },
  ],
  compute: counted(
    whenKnown(
      (known) =>
        ratio(known.actualCost.minus(known.done.times(known.budgetAtCompletion)), {
          of: known.budgetAtCompletion,
          called: 'The budget at completion',
        }),
      noBaseline,
    ),
  ),
});

export const runway = defineMetric<{
  budgetAtCompletion: DecimalInput;
  actualCost: DecimalInput;
  weeklyBurn: DecimalInput;
}>({
  name: 'runway',
  description: 'For how many weeks the rest of the budget lasts at the present rate of spending.',
  unit: 'WEEKS',
  formula: '(budgetAtCompletion - actualCost) / weeklyBurn',
  edge: 'None without a baseline, and while nothing is spent. Below 0 when the budget is exceeded already.',
  inputs: { budgetAtCompletion, actualCost, weeklyBurn: 'What is spent in a week at present.' },
  oracles: [
    { inputs: { budgetAtCompletion: '100000', actualCost: '45000', weeklyBurn: '5000' }, value: '11' },
    { inputs: { budgetAtCompletion: '100000', actualCost: '45000', weeklyBurn: '0' }, value: null },
  ],
  compute: whenKnown(
    (known) =>
      ratio(known.budgetAtCompletion.minus(known.actualCost), { of: known.weeklyBurn, called: 'The weekly burn' }),
    noBaseline,
  ),
});
