import type { PresentedMetric } from '../kernel/metric.graphql.ts';
import { decimal } from '../kernel/decimal.ts';

export const warningCodes = [
  'COST_PERFORMANCE',
  'SCHEDULE_PERFORMANCE',
  'BURN_GAP',
  'MARGIN_EROSION',
  'LEAKAGE',
  'OVERRUN',
  'RUNWAY',
] as const;
type WarningCode = (typeof warningCodes)[number];

/** A figure that is past where somebody should look. */
export interface EarlyWarning {
  code: WarningCode;
  /** What is so, in one sentence. */
  message: string;
  metric: PresentedMetric;
}

interface Threshold {
  code: WarningCode;
  metric: string;
  /** Whether a figure below or above the limit is one to look at. */
  when: 'below' | 'above';
  limit: string;
  say: (value: string) => string;
}

const percent = (value: string): string => `${decimal(value).times(100).toDecimalPlaces(0).toFixed()} %`;

const thresholds: readonly Threshold[] = [
  {
    code: 'COST_PERFORMANCE',
    metric: 'costPerformanceIndex',
    when: 'below',
    limit: '0.9',
    say: (value) => `A unit of money brings ${percent(value)} of what was planned.`,
  },
  {
    code: 'SCHEDULE_PERFORMANCE',
    metric: 'schedulePerformanceIndex',
    when: 'below',
    limit: '0.9',
    say: (value) => `Of what was to be done by now ${percent(value)} is.`,
  },
  {
    code: 'BURN_GAP',
    metric: 'burnGap',
    when: 'above',
    limit: '0.10',
    say: (value) => `The money is ${percent(value)} of the budget ahead of the work.`,
  },
  {
    code: 'MARGIN_EROSION',
    metric: 'marginErosion',
    when: 'above',
    limit: '0.05',
    say: (value) => `The margin is ${decimal(value).times(100).toDecimalPlaces(0).toFixed()} points beneath the plan.`,
  },
  {
    code: 'LEAKAGE',
    metric: 'leakedTime',
    when: 'above',
    limit: '0',
    say: (value) => `${decimal(value).div(3_600).toDecimalPlaces(0).toFixed()} hours were worked that nobody ordered.`,
  },
  {
    code: 'OVERRUN',
    metric: 'overrun',
    when: 'above',
    limit: '0',
    say: (value) => `It took ${percent(value)} more time than planned.`,
  },
  {
    code: 'RUNWAY',
    metric: 'runway',
    when: 'below',
    limit: '2',
    say: (value) => `At the present rate the budget lasts ${decimal(value).toDecimalPlaces(1).toFixed()} weeks.`,
  },
];

/** The figures of a project that are past their limits, in the order of the limits. A figure that is not known warns of nothing. Pure. */
export function earlyWarnings(metrics: readonly PresentedMetric[]): EarlyWarning[] {
  return thresholds.flatMap(({ code, metric: name, when, limit, say }) => {
    const metric = metrics.find(({ definition }) => definition.name === name);
    const value = metric?.figure.value ?? null;
    if (!metric || value === null) return [];
    const isPast = when === 'below' ? decimal(value).lessThan(limit) : decimal(value).greaterThan(limit);
    return isPast ? [{ code, message: say(value), metric }] : [];
  });
}
