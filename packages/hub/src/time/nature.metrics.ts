import { decimal, sum } from '../kernel/decimal.ts';
import { exact, none, ratio, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput, type MetricDefinition } from '../kernel/metric.ts';

export const workNatures = ['WORK', 'CLIENT_WAIT', 'REWORK'] as const;
export type WorkNature = (typeof workNatures)[number];
type Waste = Exclude<WorkNature, 'WORK'>;

/** Work of one nature: a time entry, or the sum of many. Amounts are at the rates of its days, null where none is known. */
export type NaturedWork = {
  nature: WorkNature;
  seconds: number;
  atBillRates: string | null;
  atCostRates: string | null;
};

type OfWork = { work: readonly NaturedWork[] | null };

const workMeaning =
  'Worked time, each with its nature at the time the work was done, its seconds, and what it comes to at the bill and at the cost rates of its days.';
const edges = {
  CLIENT_WAIT: 'Only work whose nature is CLIENT_WAIT counts; what waits is waiting, were it rework as well.',
  REWORK: 'Only work whose nature is REWORK counts; what waits for the client as well is waiting.',
} as const satisfies Record<Waste, string>;

/** 250 hours, of which 30 were spent waiting and 20 doing once more. */
const work: readonly NaturedWork[] = [
  { nature: 'WORK', seconds: 720_000, atBillRates: '30000', atCostRates: '18000' },
  { nature: 'CLIENT_WAIT', seconds: 108_000, atBillRates: '4500', atCostRates: '2700' },
  { nature: 'REWORK', seconds: 72_000, atBillRates: '3000', atCostRates: '1800' },
];
const unrated: readonly NaturedWork[] = [
  { nature: 'CLIENT_WAIT', seconds: 18_000, atBillRates: null, atCostRates: '450' },
  { nature: 'REWORK', seconds: 7_200, atBillRates: '300', atCostRates: null },
];

export const clientWaitTime = timeOf('CLIENT_WAIT', {
  name: 'clientWaitTime',
  description: 'Time that was logged while the work waited for the client: hours that subsidise indecision.',
  example: '108000',
});
export const clientWaitShare = shareOf({
  name: 'clientWaitShare',
  description: 'How much of the worked time went into waiting for the client.',
  meaning: 'Time that was logged while the work waited for the client, in seconds.',
  example: { seconds: 108_000, share: '0.12' },
});
export const clientWaitPrice = worthOf('CLIENT_WAIT', 'atBillRates', {
  name: 'clientWaitPrice',
  description: 'What the time that waited for the client would have been billed for.',
  example: '4500',
});
export const clientWaitCost = worthOf('CLIENT_WAIT', 'atCostRates', {
  name: 'clientWaitCost',
  description: 'What the time that waited for the client has cost.',
  example: '2700',
});
export const unratedClientWait = unratedOf('CLIENT_WAIT', {
  name: 'unratedClientWait',
  description: 'Time that waited for the client for which a bill or cost rate is missing, so that the money is more.',
  example: '18000',
});

export const reworkTime = timeOf('REWORK', {
  name: 'reworkTime',
  description: 'Time that went into doing once more what had been done.',
  example: '72000',
});
export const reworkShare = shareOf({
  name: 'reworkShare',
  description: 'How much of the worked time went into doing once more what had been done.',
  meaning: 'Time that went into rework, in seconds.',
  example: { seconds: 72_000, share: '0.08' },
});
export const reworkPrice = worthOf('REWORK', 'atBillRates', {
  name: 'reworkPrice',
  description: 'What the rework would have been billed for.',
  example: '3000',
});
export const reworkCost = worthOf('REWORK', 'atCostRates', {
  name: 'reworkCost',
  description: 'What the rework has cost.',
  example: '1800',
});
export const unratedRework = unratedOf('REWORK', {
  name: 'unratedRework',
  description: 'Rework for which a bill or cost rate is missing, so that the money is more than is shown.',
  example: '7200',
});

interface Words {
  name: string;
  description: string;
  /** What `work` comes to; with `unrated` beside it where rates are what it is about. */
  example: string;
}

function timeOf(nature: Waste, { name, description, example }: Words): MetricDefinition<OfWork> {
  return defineMetric<OfWork>({
    name,
    description,
    unit: 'SECONDS',
    formula: 'sum(work.seconds)',
    edge: edges[nature],
    period: 'Work by its local day.',
    inputs: { work: workMeaning },
    oracles: [
      { inputs: { work }, value: example },
      { inputs: { work: [] }, value: '0' },
      { inputs: { work: null }, value: null },
    ],
    compute: whenKnown((known) => exact(secondsOf(ofNature(known.work, nature)))),
  });
}

function shareOf(words: {
  name: string;
  description: string;
  meaning: string;
  example: { seconds: number; share: string };
}): MetricDefinition<{ seconds: CountInput; workedSeconds: CountInput }> {
  const { name, description, meaning, example } = words;
  return defineMetric<{ seconds: CountInput; workedSeconds: CountInput }>({
    name,
    description,
    unit: 'RATIO',
    formula: 'seconds / workedSeconds',
    edge: 'None when nothing was worked. All worked time is the whole, that of the firm’s own projects too.',
    period: 'Work by its local day.',
    inputs: { seconds: meaning, workedSeconds: 'All worked time, in seconds.' },
    oracles: [
      { inputs: { seconds: example.seconds, workedSeconds: 900_000 }, value: example.share },
      { inputs: { seconds: 0, workedSeconds: 900_000 }, value: '0' },
      { inputs: { seconds: 0, workedSeconds: 0 }, value: null },
    ],
    compute: whenKnown(({ seconds, workedSeconds }) =>
      ratio(seconds, { of: workedSeconds, called: 'The worked time' }),
    ),
  });
}

function worthOf(
  nature: Waste,
  by: 'atBillRates' | 'atCostRates',
  { name, description, example }: Words,
): MetricDefinition<OfWork> {
  const rate = by === 'atBillRates' ? 'bill rate' : 'cost rate';
  const withoutRates = unrated.map((each) => ({ ...each, atBillRates: null, atCostRates: null }));
  return defineMetric<OfWork>({
    name,
    description,
    unit: 'MONEY',
    formula: `sum(work.${by})`,
    edge: `${edges[nature]} Work without a ${rate} is left out and shows beside it as unrated; none when all of it is.`,
    period: 'Work by its local day.',
    inputs: { work: workMeaning },
    oracles: [
      { inputs: { work }, value: example },
      { inputs: { work: [...work, ...withoutRates] }, value: example },
      { inputs: { work: withoutRates }, value: null },
      { inputs: { work: [] }, value: '0' },
    ],
    compute: whenKnown((known) => {
      const all = ofNature(known.work, nature);
      const amounts = all.flatMap(({ [by]: amount }) => (amount === null ? [] : [decimal(amount)]));
      if (all.length > 0 && amounts.length === 0) return none(`None of this work has a ${rate}.`);
      return exact(sum(amounts));
    }),
  });
}

function unratedOf(nature: Waste, { name, description, example }: Words): MetricDefinition<OfWork> {
  return defineMetric<OfWork>({
    name,
    description,
    unit: 'SECONDS',
    formula: 'sum(work.seconds)',
    edge: `${edges[nature]} Of that, what lacks one of its rates.`,
    period: 'Work by its local day.',
    inputs: { work: workMeaning },
    oracles: [
      { inputs: { work: [...work, ...unrated] }, value: example },
      { inputs: { work }, value: '0' },
      { inputs: { work: null }, value: null },
    ],
    compute: whenKnown((known) =>
      exact(
        secondsOf(
          ofNature(known.work, nature).filter(
            ({ atBillRates, atCostRates }) => atBillRates === null || atCostRates === null,
          ),
        ),
      ),
    ),
  });
}

function ofNature(work: readonly NaturedWork[], nature: WorkNature): NaturedWork[] {
  return work.filter((each) => each.nature === nature);
}

function secondsOf(work: readonly NaturedWork[]) {
  return sum(work.map(({ seconds }) => decimal(seconds)));
}
