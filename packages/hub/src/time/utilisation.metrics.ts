import { decimal, sum, type Decimal } from '../kernel/decimal.ts';
import { exact, ratio, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput } from '../kernel/metric.ts';

export const netUtilisation = defineMetric<{
  billableSeconds: CountInput;
  creditedSeconds: CountInput;
  calendarSeconds: CountInput;
  excludedSeconds: CountInput;
}>({
  name: 'netUtilisation',
  description: 'Billable time, measured by the time that was there to work: the calendar without leave and holidays.',
  unit: 'RATIO',
  formula: '(billableSeconds + creditedSeconds) / (calendarSeconds - excludedSeconds)',
  edge: 'None without capacity. Above 1 is valid: somebody worked more than the calendar gives.',
  inputs: {
    billableSeconds: 'Time the client pays for, in seconds.',
    creditedSeconds: 'Time that counts as billable by policy, such as approved training, in seconds.',
    calendarSeconds: 'Working time by the calendar, in seconds.',
    excludedSeconds: 'Leave and holidays within it, in seconds.',
  },
  oracles: [
    {
      inputs: { billableSeconds: 388_800, creditedSeconds: 0, calendarSeconds: 576_000, excludedSeconds: 57_600 },
      value: '0.75',
    },
    {
      inputs: { billableSeconds: 180_000, creditedSeconds: 0, calendarSeconds: 144_000, excludedSeconds: 0 },
      value: '1.25',
    },
    {
      inputs: { billableSeconds: 388_800, creditedSeconds: 0, calendarSeconds: 57_600, excludedSeconds: 57_600 },
      value: null,
    },
  ],
  compute: whenKnown(({ billableSeconds, creditedSeconds, calendarSeconds, excludedSeconds }) =>
    ratio(billableSeconds.plus(creditedSeconds), {
      of: calendarSeconds.minus(excludedSeconds),
      called: 'The capacity (calendar less what is excluded)',
    }),
  ),
});

export const grossUtilisation = defineMetric<{
  billableSeconds: CountInput;
  creditedSeconds: CountInput;
  calendarSeconds: CountInput;
}>({
  name: 'grossUtilisation',
  description: 'Billable time, measured by the whole calendar, leave and holidays included.',
  unit: 'RATIO',
  formula: '(billableSeconds + creditedSeconds) / calendarSeconds',
  edge: 'None without capacity. Above 1 is valid.',
  inputs: {
    billableSeconds: 'Time the client pays for, in seconds.',
    creditedSeconds: 'Time that counts as billable by policy, such as approved training, in seconds.',
    calendarSeconds: 'Working time by the calendar, in seconds.',
  },
  oracles: [
    { inputs: { billableSeconds: 388_800, creditedSeconds: 0, calendarSeconds: 576_000 }, value: '0.675' },
    { inputs: { billableSeconds: 388_800, creditedSeconds: 0, calendarSeconds: 0 }, value: null },
  ],
  compute: whenKnown(({ billableSeconds, creditedSeconds, calendarSeconds }) =>
    ratio(billableSeconds.plus(creditedSeconds), { of: calendarSeconds, called: 'The capacity' }),
  ),
});

export const billableRatio = defineMetric<{ billableSeconds: CountInput; workedSeconds: CountInput }>({
  name: 'billableRatio',
  description: 'How much of the time that was worked the client pays for.',
  unit: 'RATIO',
  formula: 'billableSeconds / workedSeconds',
  edge: 'None when nothing was worked.',
  inputs: { billableSeconds: 'Time the client pays for, in seconds.', workedSeconds: 'All worked time, in seconds.' },
  oracles: [
    { inputs: { billableSeconds: 388_800, workedSeconds: 432_000 }, value: '0.90' },
    { inputs: { billableSeconds: 0, workedSeconds: 0 }, value: null },
  ],
  compute: whenKnown(({ billableSeconds, workedSeconds }) =>
    ratio(billableSeconds, { of: workedSeconds, called: 'The worked time' }),
  ),
});

/** Time that is wanted but not confirmed, with the chance that it will be, 0 to 1. */
type TentativeBooking = { seconds: number; probability: string };

type Bookings = {
  confirmedSeconds: CountInput;
  tentative: readonly TentativeBooking[] | null;
  capacitySeconds: CountInput;
};

const bookingInputs = {
  confirmedSeconds: 'Confirmed bookings, in seconds.',
  tentative: 'Bookings that are not confirmed, each with its seconds and its probability, 0 to 1.',
  capacitySeconds: 'Time that is there to work, in seconds.',
};

/** 1,200 hours confirmed; 400 at 0.5 and 600 at 0.25 besides. */
const booked = {
  confirmedSeconds: 4_320_000,
  tentative: [
    { seconds: 1_440_000, probability: '0.5' },
    { seconds: 2_160_000, probability: '0.25' },
  ],
};

export const bookingRatio = defineMetric<Bookings>({
  name: 'bookingRatio',
  description: 'What is booked, measured by capacity; what is not confirmed counts by its probability.',
  unit: 'RATIO',
  formula: '(confirmedSeconds + sum(tentative.seconds * tentative.probability)) / capacitySeconds',
  edge: 'None without capacity. Above 1: more is booked than can be worked.',
  inputs: bookingInputs,
  oracles: [
    { inputs: { ...booked, capacitySeconds: 5_040_000 }, value: '1.107' },
    { inputs: { ...booked, capacitySeconds: 0 }, value: null },
  ],
  compute: whenKnown(({ confirmedSeconds, tentative, capacitySeconds }) =>
    ratio(confirmedSeconds.plus(weighted(tentative)), { of: capacitySeconds, called: 'The capacity' }),
  ),
});

export const freeCapacity = defineMetric<Bookings>({
  name: 'freeCapacity',
  description: 'What is left of capacity after all bookings; what is not confirmed counts by its probability.',
  unit: 'SECONDS',
  formula: 'capacitySeconds - confirmedSeconds - sum(tentative.seconds * tentative.probability)',
  edge: 'Below 0: more is booked than can be worked. −540,000 s are −150 h.',
  inputs: bookingInputs,
  oracles: [
    { inputs: { ...booked, capacitySeconds: 5_040_000 }, value: '-540000' },
    { inputs: { ...booked, capacitySeconds: null }, value: null },
  ],
  compute: whenKnown(({ confirmedSeconds, tentative, capacitySeconds }) =>
    exact(capacitySeconds.minus(confirmedSeconds).minus(weighted(tentative))),
  ),
});

function weighted(bookings: readonly TentativeBooking[]): Decimal {
  return sum(bookings.map(({ seconds, probability }) => decimal(probability).times(seconds)));
}
