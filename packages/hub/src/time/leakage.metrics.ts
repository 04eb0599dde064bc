import { decimal, larger, smaller, sum } from '../kernel/decimal.ts';
import { exact, none, ratio, whenKnown, type Figure } from '../kernel/figure.ts';
import { defineMetric, type DecimalInput } from '../kernel/metric.ts';

export const scopeClasses = ['BASELINE', 'APPROVED_CHANGE', 'UNAPPROVED_CHANGE', 'UNLINKED', 'INTERNAL'] as const;
export type ScopeClass = (typeof scopeClasses)[number];

/** Work of one scope class: a time entry, or the sum of many. Amounts are at the rates of its days, null where none is known. */
export type PricedWork = { scope: ScopeClass; seconds: number; atBillRates: string | null; atCostRates: string | null };

const leaked = ['UNAPPROVED_CHANGE', 'UNLINKED'] as const satisfies readonly ScopeClass[];
const workMeaning =
  'Worked time, each with its scope at the time the work was done, its seconds, and what it comes to at the bill and at the cost rates of its days.';

/** 40 hours that nobody ordered, in two ways of not ordering, beside work that was. */
const work: readonly PricedWork[] = [
  { scope: 'UNAPPROVED_CHANGE', seconds: 108_000, atBillRates: '4500', atCostRates: '2700' },
  { scope: 'UNLINKED', seconds: 36_000, atBillRates: '1500', atCostRates: '900' },
  { scope: 'BASELINE', seconds: 3_600_000, atBillRates: '150000', atCostRates: '90000' },
];
const unrated: readonly PricedWork[] = [{ scope: 'UNLINKED', seconds: 36_000, atBillRates: null, atCostRates: null }];

export const leakedTime = defineMetric<{ work: readonly PricedWork[] | null }>({
  name: 'leakedTime',
  description: 'Time worked on what the client has not ordered: unapproved changes, and work linked to nothing.',
  unit: 'SECONDS',
  formula: 'sum(work.seconds)',
  edge: 'Only work on unapproved or unlinked scope counts, by its scope at the time the work was done.',
  period: 'Work by its local day.',
  inputs: { work: workMeaning },
  oracles: [
    { inputs: { work }, value: '144000' },
    { inputs: { work: [] }, value: '0' },
    { inputs: { work: null }, value: null },
  ],
  compute: whenKnown((known) => exact(sum(leakedWork(known.work).map(({ seconds }) => decimal(seconds))))),
});

export const unratedLeakage = defineMetric<{ work: readonly PricedWork[] | null }>({
  name: 'unratedLeakage',
  description: 'Leaked time for which a bill or cost rate is missing, so that the money is more than is shown.',
  unit: 'SECONDS',
  formula: 'sum(work.seconds)',
  edge: 'Only work on unapproved or unlinked scope counts, where one of its rates is missing.',
  period: 'Work by its local day.',
  inputs: { work: workMeaning },
  oracles: [
    { inputs: { work: [...work, ...unrated] }, value: '36000' },
    { inputs: { work: [{ scope: 'UNLINKED', seconds: 3_600, atBillRates: '150', atCostRates: null }] }, value: '3600' },
    { inputs: { work: null }, value: null },
  ],
  compute: whenKnown((known) => {
    const missing = leakedWork(known.work).filter(
      ({ atBillRates, atCostRates }) => atBillRates === null || atCostRates === null,
    );
    return exact(sum(missing.map(({ seconds }) => decimal(seconds))));
  }),
});

export const revenueAtRisk = defineMetric<{ work: readonly PricedWork[] | null }>({
  name: 'revenueAtRisk',
  description: 'What the time worked on unapproved or unlinked scope would have been billed for.',
  unit: 'MONEY',
  formula: 'sum(work.atBillRates)',
  edge: 'Only work on unapproved or unlinked scope counts. Work without a bill rate is left out and shows in the unrated leakage; none when all of it is.',
  period: 'Work by its local day.',
  inputs: { work: workMeaning },
  oracles: [
    { inputs: { work }, value: '6000' },
    { inputs: { work: [...work, ...unrated] }, value: '6000' },
    { inputs: { work: unrated }, value: null },
  ],
  compute: whenKnown((known) => price(known.work, 'atBillRates')),
});

export const costLeak = defineMetric<{ work: readonly PricedWork[] | null }>({
  name: 'costLeak',
  description: 'What the time worked on unapproved or unlinked scope has cost.',
  unit: 'MONEY',
  formula: 'sum(work.atCostRates)',
  edge: 'Only work on unapproved or unlinked scope counts. Work without a cost rate is left out and shows in the unrated leakage; none when all of it is.',
  period: 'Work by its local day.',
  inputs: { work: workMeaning },
  oracles: [
    { inputs: { work }, value: '3600' },
    { inputs: { work: unrated }, value: null },
  ],
  compute: whenKnown((known) => price(known.work, 'atCostRates')),
});

export const recoveredRevenue = defineMetric<{ revenueAtRisk: DecimalInput; executedPrice: DecimalInput }>({
  name: 'recoveredRevenue',
  description: 'How much of the revenue at risk executed change orders have brought back.',
  unit: 'MONEY',
  formula: 'max(0, min(revenueAtRisk, executedPrice))',
  edge: 'A late approval moves value here; it never erases what was at risk. Credits recover nothing. Counted by project, as an order may also pay for work that was linked to nothing: one for quite other work makes this too high.',
  inputs: {
    revenueAtRisk: 'What the time worked on unapproved or unlinked scope would have been billed for.',
    executedPrice: 'Price of the executed change orders of the project.',
  },
  oracles: [
    { inputs: { revenueAtRisk: '6000', executedPrice: '5000' }, value: '5000' },
    { inputs: { revenueAtRisk: '6000', executedPrice: '7000' }, value: '6000' },
    { inputs: { revenueAtRisk: '6000', executedPrice: '-500' }, value: '0' },
    { inputs: { revenueAtRisk: null, executedPrice: '5000' }, value: null },
  ],
  compute: whenKnown((known) => exact(larger(decimal(0), smaller(known.revenueAtRisk, known.executedPrice)))),
});

export const netLeakage = defineMetric<{ revenueAtRisk: DecimalInput; recoveredRevenue: DecimalInput }>({
  name: 'netLeakage',
  description: 'What is left of the revenue at risk after what change orders brought back: work nobody will pay for.',
  unit: 'MONEY',
  formula: 'revenueAtRisk - recoveredRevenue',
  edge: 'Shown beside both of its parts: a net of 0 does not mean that nothing leaked.',
  inputs: {
    revenueAtRisk: 'What the time worked on unapproved or unlinked scope would have been billed for.',
    recoveredRevenue: 'How much of that executed change orders have brought back.',
  },
  oracles: [
    { inputs: { revenueAtRisk: '6000', recoveredRevenue: '5000' }, value: '1000' },
    { inputs: { revenueAtRisk: '6000', recoveredRevenue: null }, value: null },
  ],
  compute: whenKnown((known) => exact(known.revenueAtRisk.minus(known.recoveredRevenue))),
});

export const revenueLeakageRatio = defineMetric<{ earnedUnbilled: DecimalInput; earned: DecimalInput }>({
  name: 'revenueLeakageRatio',
  description: 'How much of what was earned has not been billed.',
  unit: 'RATIO',
  formula: 'earnedUnbilled / earned',
  edge: 'None when nothing was earned.',
  inputs: { earnedUnbilled: 'What was earned and not billed.', earned: 'What was earned.' },
  oracles: [
    { inputs: { earnedUnbilled: '20000', earned: '500000' }, value: '0.04' },
    { inputs: { earnedUnbilled: '0', earned: '0' }, value: null },
  ],
  compute: whenKnown(({ earnedUnbilled, earned }) => ratio(earnedUnbilled, { of: earned, called: 'What was earned' })),
});

function leakedWork(work: readonly PricedWork[]): PricedWork[] {
  return work.filter(({ scope }) => leaked.some((each) => each === scope));
}

function price(work: readonly PricedWork[], by: 'atBillRates' | 'atCostRates'): Figure {
  const all = leakedWork(work);
  const amounts = all.flatMap(({ [by]: amount }) => (amount === null ? [] : [decimal(amount)]));
  if (all.length > 0 && amounts.length === 0)
    return none(`No leaked work has a ${by === 'atBillRates' ? 'bill' : 'cost'} rate.`);
  return exact(sum(amounts));
}
