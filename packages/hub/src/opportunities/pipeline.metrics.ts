import { decimal, larger, sum } from '../kernel/decimal.ts';
import { exact, none, ratio, rounded, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput, type DecimalInput } from '../kernel/metric.ts';

/** Open deals of one probability added up, 0 to 1; null where nobody has said. */
export type OpenDeals = {
  /** How many deals they are. */
  count: number;
  amount: string | null;
  probability: string | null;
  stageProbability: string | null;
};

/** What could not be added up, since no exchange rate is known for its day: how much, and of what. */
export type Unconverted = { of: 'OPEN' | 'WON' | 'QUOTA'; amount: string; currency: string };

const dealsMeaning =
  'Open deals, added up by probability: how many, their amount, their probability, 0 to 1, and where they have none the default of their stage.';
const unconvertedMeaning =
  'Amounts left out, since no exchange rate is known for them: of what, how much, and in which currency.';
const noRates = 'There is no exchange rate for any of the open amounts.';
const noQuota = { quota: 'There is no quota to compare with.', openAmount: noRates };

const deals: readonly OpenDeals[] = [
  { count: 1, amount: '100000', probability: '0.2', stageProbability: null },
  { count: 1, amount: '200000', probability: null, stageProbability: '0.5' },
  { count: 2, amount: '50000', probability: '0.9', stageProbability: '0.8' },
];
const unpriced: OpenDeals = { count: 1, amount: null, probability: '0.5', stageProbability: null };
const uncertain: OpenDeals = { count: 1, amount: '70000', probability: null, stageProbability: null };
const unconverted: readonly Unconverted[] = [{ of: 'OPEN', amount: '9000', currency: 'CHF' }];

type Pipeline = { deals: readonly OpenDeals[] | null; unconverted: readonly Unconverted[] | null };

export const openPipeline = defineMetric<Pipeline>({
  name: 'openPipeline',
  description: 'What all open deals would bring.',
  unit: 'MONEY',
  formula: 'sum(deals.amount)',
  edge: 'Deals without an amount and amounts that are `unconverted` are left out; none when all of them are.',
  inputs: { deals: dealsMeaning, unconverted: unconvertedMeaning },
  oracles: [
    { inputs: { deals: [...deals, unpriced], unconverted: [] }, value: '350000' },
    { inputs: { deals, unconverted }, value: '350000' },
    { inputs: { deals: [], unconverted: [] }, value: '0' },
    { inputs: { deals: [unpriced], unconverted: [] }, value: null },
    { inputs: { deals: [], unconverted }, value: null },
  ],
  compute: whenKnown((known) => {
    const amounts = known.deals.flatMap(({ amount }) => (amount === null ? [] : [decimal(amount)]));
    if (amounts.length === 0 && isOpen(known.unconverted)) return none(noRates);
    if (known.deals.length > 0 && amounts.length === 0) return none('None of the deals has an amount.');
    return exact(sum(amounts));
  }),
});

export const weightedPipeline = defineMetric<Pipeline>({
  name: 'weightedPipeline',
  description: 'What open deals are expected to bring: every amount by its probability.',
  unit: 'MONEY',
  formula: 'sum(deals.amount * deals.probability)',
  edge: 'Where a deal has no probability, the default of its stage counts. Deals without an amount or without either probability and amounts that are `unconverted` are left out; none when all of them are.',
  inputs: { deals: dealsMeaning, unconverted: unconvertedMeaning },
  oracles: [
    { inputs: { deals, unconverted: [] }, value: '165000' },
    { inputs: { deals: [...deals, unpriced, uncertain], unconverted }, value: '165000' },
    { inputs: { deals: [], unconverted: [] }, value: '0' },
    { inputs: { deals: [unpriced, uncertain], unconverted: [] }, value: null },
    { inputs: { deals: [], unconverted }, value: null },
  ],
  compute: whenKnown((known) => {
    const amounts = known.deals.flatMap(({ amount, probability, stageProbability }) => {
      const chance = probability ?? stageProbability;
      return amount === null || chance === null ? [] : [decimal(amount).times(chance)];
    });
    if (amounts.length === 0 && isOpen(known.unconverted)) return none(noRates);
    if (known.deals.length > 0 && amounts.length === 0)
      return none('None of the deals has both an amount and a probability.');
    return exact(sum(amounts));
  }),
});

export const pipelineCoverage = defineMetric<{
  openAmount: DecimalInput;
  quota: DecimalInput;
  unconverted: readonly Unconverted[] | null;
}>({
  name: 'pipelineCoverage',
  description: 'How many times over the open deals would fill the quota.',
  unit: 'RATIO',
  formula: 'openAmount / quota',
  edge: 'None without a quota or with one of 0. Amounts that are `unconverted` are left out of either side.',
  inputs: {
    openAmount: 'What all open deals would bring.',
    quota: 'What is to be sold within the period.',
    unconverted: unconvertedMeaning,
  },
  oracles: [
    { inputs: { openAmount: '1200000', quota: '500000', unconverted }, value: '2.4' },
    { inputs: { openAmount: '1200000', quota: '0', unconverted: [] }, value: null },
    { inputs: { openAmount: '1200000', quota: null, unconverted: [] }, value: null },
  ],
  compute: whenKnown(({ openAmount, quota }) => ratio(openAmount, { of: quota, called: 'The quota' }), noQuota),
});

export const remainingQuotaCoverage = defineMetric<{
  openAmount: DecimalInput;
  quota: DecimalInput;
  wonAmount: DecimalInput;
  unconverted: readonly Unconverted[] | null;
}>({
  name: 'remainingQuotaCoverage',
  description: 'How many times over the open deals would fill what is still missing from the quota.',
  unit: 'RATIO',
  formula: 'openAmount / (quota - wonAmount)',
  edge: 'None without a quota, and when it is reached. Amounts that are `unconverted` are left out of either side.',
  inputs: {
    openAmount: 'What all open deals would bring.',
    quota: 'What is to be sold within the period.',
    wonAmount: 'What was won within the period.',
    unconverted: unconvertedMeaning,
  },
  oracles: [
    { inputs: { openAmount: '1200000', quota: '500000', wonAmount: '200000', unconverted }, value: '4.0' },
    { inputs: { openAmount: '1200000', quota: '500000', wonAmount: '500000', unconverted: [] }, value: null },
    { inputs: { openAmount: '1200000', quota: '500000', wonAmount: '600000', unconverted: [] }, value: null },
  ],
  compute: whenKnown(({ openAmount, quota, wonAmount }) => {
    const remaining = quota.minus(wonAmount);
    return remaining.greaterThan(0) ? rounded(openAmount.div(remaining)) : none('The quota is reached.');
  }, noQuota),
});

export const quotaAttainment = defineMetric<{
  wonAmount: DecimalInput;
  quota: DecimalInput;
  unconverted: readonly Unconverted[] | null;
}>({
  name: 'quotaAttainment',
  description: 'How much of the quota was won so far.',
  unit: 'RATIO',
  formula: 'wonAmount / quota',
  edge: 'None without a quota or with one of 0. Amounts that are `unconverted` are left out of either side.',
  inputs: {
    wonAmount: 'What was won within the period.',
    quota: 'What is to be sold within the period.',
    unconverted: unconvertedMeaning,
  },
  oracles: [
    { inputs: { wonAmount: '200000', quota: '500000', unconverted }, value: '0.4' },
    { inputs: { wonAmount: '200000', quota: '0', unconverted: [] }, value: null },
    { inputs: { wonAmount: '200000', quota: null, unconverted: [] }, value: null },
  ],
  compute: whenKnown(({ wonAmount, quota }) => ratio(wonAmount, { of: quota, called: 'The quota' }), {
    ...noQuota,
    wonAmount: 'There is no exchange rate for any of the won amounts.',
  }),
});

const forecastMissing = {
  forecast: 'The period is not over, or not all that was expected of it can be converted.',
  actual: 'The period is not over, or not all that was won in it can be converted.',
};

export const forecastAccuracy = defineMetric<{ forecast: DecimalInput; actual: DecimalInput }>({
  name: 'forecastAccuracy',
  description: 'How near the forecast came, 0 to 1.',
  unit: 'RATIO',
  formula: 'max(0, 1 - abs(forecast - actual) / actual)',
  edge: 'None when nothing was sold. 0 when the forecast was wrong by all that was sold or more.',
  inputs: { forecast: 'What was said to be sold.', actual: 'What was sold.' },
  oracles: [
    { inputs: { forecast: '550000', actual: '500000' }, value: '0.90' },
    { inputs: { forecast: '1500000', actual: '500000' }, value: '0' },
    { inputs: { forecast: '550000', actual: '0' }, value: null },
  ],
  compute: whenKnown(({ forecast, actual }) => {
    if (!actual.greaterThan(0)) return none('The actual amount is not above 0.');
    return rounded(larger(decimal(0), decimal(1).minus(forecast.minus(actual).abs().div(actual))));
  }, forecastMissing),
});

export const forecastBias = defineMetric<{ forecast: DecimalInput; actual: DecimalInput }>({
  name: 'forecastBias',
  description: 'In which direction the forecast was wrong and by how much: above 0 it promised too much.',
  unit: 'RATIO',
  formula: '(forecast - actual) / actual',
  edge: 'None when nothing was sold.',
  inputs: { forecast: 'What was said to be sold.', actual: 'What was sold.' },
  oracles: [
    { inputs: { forecast: '550000', actual: '500000' }, value: '0.10' },
    { inputs: { forecast: '450000', actual: '500000' }, value: '-0.10' },
    { inputs: { forecast: '550000', actual: '0' }, value: null },
  ],
  compute: whenKnown(({ forecast, actual }) => {
    if (!actual.greaterThan(0)) return none('The actual amount is not above 0.');
    return rounded(forecast.minus(actual).div(actual));
  }, forecastMissing),
});

export const winRate = defineMetric<{
  won: CountInput;
  lost: CountInput;
  noDecision: CountInput;
  open: CountInput;
}>({
  name: 'winRate',
  description: 'How many of the deals that were won or lost were won.',
  unit: 'RATIO',
  formula: 'won / (won + lost)',
  edge: 'None when nothing was won or lost. `open` deals and those that ended in `noDecision` do not count.',
  inputs: {
    won: 'Deals won.',
    lost: 'Deals lost.',
    noDecision: 'Deals the client never decided on.',
    open: 'Deals still open.',
  },
  oracles: [
    { inputs: { won: 45, lost: 135, noDecision: 0, open: 80 }, value: '0.25' },
    { inputs: { won: 0, lost: 0, noDecision: 3, open: 80 }, value: null },
  ],
  compute: whenKnown(({ won, lost }) => ratio(won, { of: won.plus(lost), called: 'The number of deals won or lost' })),
});

export const rigourUplift = defineMetric<{
  reviewedWon: CountInput;
  reviewedLost: CountInput;
  unreviewedWon: CountInput;
  unreviewedLost: CountInput;
}>({
  name: 'rigourUplift',
  description:
    'By how much more often deals were won whose proposal had passed a feasibility review; a correlation, not a cause.',
  unit: 'RATIO',
  formula: 'reviewedWon / (reviewedWon + reviewedLost) - unreviewedWon / (unreviewedWon + unreviewedLost)',
  edge: 'None when no deal of either sort was won or lost. Deals that closed before the firm asked for its first review here are of neither sort. Few deals say little, so their numbers are shown.',
  inputs: {
    reviewedWon: 'Deals won with a feasibility review.',
    reviewedLost: 'Deals lost with a feasibility review.',
    unreviewedWon: 'Deals won without one.',
    unreviewedLost: 'Deals lost without one.',
  },
  oracles: [
    { inputs: { reviewedWon: 9, reviewedLost: 11, unreviewedWon: 6, unreviewedLost: 18 }, value: '0.20' },
    { inputs: { reviewedWon: 9, reviewedLost: 11, unreviewedWon: 0, unreviewedLost: 0 }, value: null },
    { inputs: { reviewedWon: 0, reviewedLost: 0, unreviewedWon: 6, unreviewedLost: 18 }, value: null },
  ],
  compute: whenKnown(({ reviewedWon, reviewedLost, unreviewedWon, unreviewedLost }) => {
    const reviewed = reviewedWon.plus(reviewedLost);
    const unreviewed = unreviewedWon.plus(unreviewedLost);
    if (reviewed.isZero()) return none('The number of deals won or lost with a review is 0.');
    if (unreviewed.isZero()) return none('The number of deals won or lost without a review is 0.');
    return rounded(reviewedWon.div(reviewed).minus(unreviewedWon.div(unreviewed)));
  }),
});

function isOpen(unconverted: readonly Unconverted[]): boolean {
  return unconverted.some((each) => each.of === 'OPEN');
}
