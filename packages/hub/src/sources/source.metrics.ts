import { decimal, larger, smaller, sum } from '../kernel/decimal.ts';
import { none, ratio, rounded, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput, type DecimalInput } from '../kernel/metric.ts';

export const freshness = defineMetric<{ ageSeconds: CountInput; serviceLevelSeconds: CountInput }>({
  name: 'freshness',
  description: 'How fresh a source is: 1 up to its service level, then less, and 0 from three times the level on.',
  unit: 'RATIO',
  formula: 'max(0, min(1, (3 * serviceLevelSeconds - ageSeconds) / (2 * serviceLevelSeconds)))',
  edge: 'None when it was never synced, and for a service level of 0.',
  inputs: {
    ageSeconds: 'Seconds since the source was last read to its end.',
    serviceLevelSeconds: 'How old it may be, in seconds.',
  },
  oracles: [
    { inputs: { ageSeconds: 1_200, serviceLevelSeconds: 900 }, value: '0.8333' },
    { inputs: { ageSeconds: 900, serviceLevelSeconds: 900 }, value: '1' },
    { inputs: { ageSeconds: 60, serviceLevelSeconds: 900 }, value: '1' },
    { inputs: { ageSeconds: 2_700, serviceLevelSeconds: 900 }, value: '0' },
    { inputs: { ageSeconds: 9_000, serviceLevelSeconds: 900 }, value: '0' },
    { inputs: { ageSeconds: null, serviceLevelSeconds: 900 }, value: null },
    { inputs: { ageSeconds: 60, serviceLevelSeconds: 0 }, value: null },
  ],
  compute: whenKnown(
    ({ ageSeconds, serviceLevelSeconds }) => {
      if (serviceLevelSeconds.isZero()) return none('The service level is 0.');
      const left = serviceLevelSeconds.times(3).minus(ageSeconds).div(serviceLevelSeconds.times(2));
      return rounded(larger(decimal(0), smaller(decimal(1), left)));
    },
    { ageSeconds: 'It was never synced.' },
  ),
});

export const quality = defineMetric<{ complete: DecimalInput; valid: DecimalInput; fresh: DecimalInput }>({
  name: 'quality',
  description: 'How far the data can be relied on, 0 to 1: complete, valid and fresh, weighed.',
  unit: 'RATIO',
  formula: '0.4 * complete + 0.3 * valid + 0.3 * fresh',
  edge: 'None when one of the three is not known. The mandatory fields are those that `quality` of a project or an opportunity names; a value in doubt counts as given, and not as valid.',
  inputs: {
    complete: 'Share of the mandatory fields that have a value, 0 to 1.',
    valid:
      'Share of those values that hold: what is referred to is there, days are in order, codes and zones exist, 0 to 1.',
    fresh: 'Freshness of the least fresh source of its kind, 0 to 1.',
  },
  oracles: [
    { inputs: { complete: '0.9', valid: '0.94444444444444444444', fresh: '0.83333333333333333333' }, value: '0.8933' },
    { inputs: { complete: '1', valid: '1', fresh: '1' }, value: '1' },
    { inputs: { complete: '0.9', valid: '1', fresh: null }, value: null },
  ],
  compute: whenKnown(
    ({ complete, valid, fresh }) => rounded(complete.times('0.4').plus(valid.times('0.3')).plus(fresh.times('0.3'))),
    { valid: 'No mandatory field has a value.', fresh: 'One of its sources was never read to its end.' },
  ),
});

/** A field that two systems both keep: whether their values differ, null where one of them has none. */
export type ComparedField = { field: string; weight: number; disagrees: boolean | null };

const agreement: readonly ComparedField[] = [
  { field: 'amount', weight: 3, disagrees: true },
  { field: 'currency', weight: 3, disagrees: false },
  { field: 'client', weight: 3, disagrees: false },
  { field: 'start', weight: 2, disagrees: true },
  { field: 'end', weight: 2, disagrees: false },
  { field: 'owner', weight: 1, disagrees: false },
];

export const drift = defineMetric<{ fields: readonly ComparedField[] | null }>({
  name: 'drift',
  description: 'How far two systems disagree about the same thing: 0 they say the same, 1 they agree on nothing.',
  unit: 'RATIO',
  formula: 'sum(fields.weight * fields.disagrees) / sum(fields.weight)',
  edge: 'A field that one side does not know is incomplete, not drift, and left out. None when nothing can be compared.',
  inputs: { fields: 'Fields that both keep, each with its weight and whether the two values differ.' },
  oracles: [
    { inputs: { fields: agreement }, value: '0.3571' },
    { inputs: { fields: [...agreement, { field: 'zone', weight: 9, disagrees: null }] }, value: '0.3571' },
    { inputs: { fields: [{ field: 'zone', weight: 9, disagrees: null }] }, value: null },
  ],
  compute: whenKnown(({ fields }) => {
    const comparable = fields.filter(({ disagrees }) => disagrees !== null);
    const weightOf = (some: readonly ComparedField[]) => sum(some.map(({ weight }) => decimal(weight)));
    return ratio(weightOf(comparable.filter(({ disagrees }) => disagrees)), {
      of: weightOf(comparable),
      called: 'The weight of what both sides know',
    });
  }),
});
