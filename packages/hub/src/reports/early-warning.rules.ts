import type { KindName } from '@plumbline/connector';
import { decimal } from '../kernel/decimal.ts';
import type { PresentedMetric } from '../kernel/metric.graphql.ts';
import type { WarningLimits } from './early-warning.settings.ts';

export const warningCodes = [
  'COST_PERFORMANCE',
  'COST_TREND',
  'SCHEDULE_PERFORMANCE',
  'BURN_GAP',
  'MARGIN_EROSION',
  'LEAKAGE',
  'OVERRUN',
  'RUNWAY',
  'DECISION_WAIT',
  'REPORT_MISSED',
  'REPORT_NOT_SENT',
  'OVER_ALLOCATION',
  'SOFT_DEMAND',
  'OVERLOAD',
] as const;
export type WarningCode = (typeof warningCodes)[number];

/** A figure that is past where somebody should look. */
export interface EarlyWarning {
  code: WarningCode;
  /** What it is about, by its id. */
  subject: { kind: 'project' | 'person'; id: string };
  /** What is so, in one sentence. */
  message: string;
  metric: PresentedMetric;
  /** The limit that the figure is past, in the figure's unit. */
  threshold: string;
  /** Days that it is about, both included; null where it is about now. */
  period: { from: string; to: string } | null;
  /** The rows behind it, where they are few. */
  causes: readonly { kind: KindName; id: string }[];
}

interface Threshold {
  code: WarningCode;
  metric: string;
  /** Whether a figure below or above the limit is one to look at. */
  when: 'below' | 'above';
  limit: (limits: WarningLimits) => string;
  say: (value: string) => string;
}

export const percent = (value: string): string => `${decimal(value).times(100).toDecimalPlaces(0).toFixed()} %`;

const thresholds: readonly Threshold[] = [
  {
    code: 'COST_PERFORMANCE',
    metric: 'costPerformanceIndex',
    when: 'below',
    limit: ({ costPerformance }) => costPerformance,
    say: (value) => `A unit of money brings ${percent(value)} of what was planned.`,
  },
  {
    code: 'SCHEDULE_PERFORMANCE',
    metric: 'schedulePerformanceIndex',
    when: 'below',
    limit: ({ schedulePerformance }) => schedulePerformance,
    say: (value) => `Of what was to be done by now ${percent(value)} is.`,
  },
  {
    code: 'BURN_GAP',
    metric: 'burnGap',
    when: 'above',
    limit: ({ burnGap }) => burnGap,
    say: (value) => `The money is ${percent(value)} of the budget ahead of the work.`,
  },
  {
    code: 'MARGIN_EROSION',
    metric: 'marginErosion',
    when: 'above',
    limit: ({ marginErosion }) => marginErosion,
    say: (value) => `The margin is ${decimal(value).times(100).toDecimalPlaces(0).toFixed()} points beneath the plan.`,
  },
  {
    code: 'LEAKAGE',
    metric: 'leakedTime',
    when: 'above',
    limit: ({ leakedHours }) => decimal(String(leakedHours)).times(3_600).toFixed(),
    say: (value) => `${decimal(value).div(3_600).toDecimalPlaces(0).toFixed()} hours were worked that nobody ordered.`,
  },
  {
    code: 'OVERRUN',
    metric: 'overrun',
    when: 'above',
    limit: ({ overrun }) => overrun,
    say: (value) => `It took ${percent(value)} more time than planned.`,
  },
  {
    code: 'RUNWAY',
    metric: 'runway',
    when: 'below',
    limit: ({ runwayWeeks }) => String(runwayWeeks),
    say: (value) => `At the present rate the budget lasts ${decimal(value).toDecimalPlaces(1).toFixed()} weeks.`,
  },
];

/** The figures of a project that are past their limits, in the order of the limits. A figure that is not known warns of nothing. Pure. */
export function figureWarnings(
  projectId: string,
  metrics: readonly PresentedMetric[],
  limits: WarningLimits,
): EarlyWarning[] {
  return thresholds.flatMap(({ code, metric: name, when, limit, say }) => {
    const metric = metrics.find(({ definition }) => definition.name === name);
    const value = metric?.figure.value ?? null;
    if (!metric || value === null) return [];
    const threshold = limit(limits);
    const isPast = when === 'below' ? decimal(value).lessThan(threshold) : decimal(value).greaterThan(threshold);
    if (!isPast) return [];
    const subject = { kind: 'project', id: projectId } as const;
    return [{ code, subject, message: say(value), metric, threshold, period: null, causes: [] }];
  });
}

/** In the order of the codes, then of time. Pure. */
export function inOrder(warnings: readonly EarlyWarning[]): EarlyWarning[] {
  return warnings.toSorted(
    (a, b) =>
      warningCodes.indexOf(a.code) - warningCodes.indexOf(b.code) ||
      compare(a.period?.from ?? '', b.period?.from ?? '') ||
      compare(a.subject.id, b.subject.id),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
