import { decimal } from '../kernel/decimal.ts';
import { exact, none, whenKnown } from '../kernel/figure.ts';
import { defineMetric } from '../kernel/metric.ts';

type CloseDates = { closeDates: readonly (string | null)[] | null };

const inputs = {
  closeDates: 'In their order, every day the deal was expected to close; null while there was none.',
} as const;
const dates = ['2025-03-31', '2025-04-30', '2025-04-15', '2025-06-30'];
const noDate = 'The deal never had a close date.';

export const closeDateChanges = defineMetric<CloseDates>({
  name: 'closeDateChanges',
  description: 'How often the expected close date was moved, in either direction.',
  unit: 'COUNT',
  formula: 'count(closeDates[i] != closeDates[i - 1])',
  edge: 'None when there never was a close date. The same day twice in a row is one; days without a date are passed over.',
  inputs,
  oracles: [
    { inputs: { closeDates: dates }, value: '3' },
    { inputs: { closeDates: ['2025-03-31', '2025-03-31', null, '2025-03-31'] }, value: '0' },
    { inputs: { closeDates: [] }, value: null },
  ],
  compute: whenKnown(({ closeDates }) => countMoves(closeDates, (days) => days !== 0)),
});

export const closeDatePushes = defineMetric<CloseDates>({
  name: 'closeDatePushes',
  description: 'How often the expected close date was put off.',
  unit: 'COUNT',
  formula: 'count(closeDates[i] > closeDates[i - 1])',
  edge: 'None when there never was a close date. Pulls are counted apart.',
  inputs,
  oracles: [
    { inputs: { closeDates: dates }, value: '2' },
    { inputs: { closeDates: ['2025-03-31'] }, value: '0' },
    { inputs: { closeDates: [null] }, value: null },
  ],
  compute: whenKnown(({ closeDates }) => countMoves(closeDates, (days) => days > 0)),
});

export const closeDatePulls = defineMetric<CloseDates>({
  name: 'closeDatePulls',
  description: 'How often the expected close date was brought forward.',
  unit: 'COUNT',
  formula: 'count(closeDates[i] < closeDates[i - 1])',
  edge: 'None when there never was a close date. Pushes are counted apart.',
  inputs,
  oracles: [
    { inputs: { closeDates: dates }, value: '1' },
    { inputs: { closeDates: [] }, value: null },
  ],
  compute: whenKnown(({ closeDates }) => countMoves(closeDates, (days) => days < 0)),
});

export const closeDateSlippage = defineMetric<CloseDates>({
  name: 'closeDateSlippage',
  description: 'By how many calendar days the close date has moved in all, pulls taken off.',
  unit: 'DAYS',
  formula: 'closeDates[last] - closeDates[first]',
  edge: 'None when there never was a close date. Below 0 when it was brought forward.',
  inputs,
  oracles: [
    { inputs: { closeDates: dates }, value: '91' },
    { inputs: { closeDates: ['2025-03-31', '2025-03-01'] }, value: '-30' },
    { inputs: { closeDates: [] }, value: null },
  ],
  compute: whenKnown(({ closeDates }) => {
    const given = closeDates.filter((date) => date !== null);
    const [first, last] = [given[0], given.at(-1)];
    return first !== undefined && last !== undefined ? exact(decimal(daysBetween(first, last))) : none(noDate);
  }),
});

function countMoves(closeDates: readonly (string | null)[], counts: (days: number) => boolean) {
  const given = closeDates.filter((date) => date !== null);
  if (given.length === 0) return none(noDate);
  const moves = given.slice(1).map((date, index) => daysBetween(given[index] ?? date, date));
  return exact(decimal(moves.filter((days) => counts(days)).length));
}

function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;
}
