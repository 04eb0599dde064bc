import { decimal } from '../kernel/decimal.ts';
import type { PresentedMetric } from '../kernel/metric.graphql.ts';
import type { WarningLimits } from '../reports/early-warning.settings.ts';

export const figureStatuses = ['GOOD', 'WATCH', 'BAD'] as const;
export type FigureStatus = (typeof figureStatuses)[number];

/** How a figure of a review stands, and what might be decided. */
export interface Judgement {
  /** What is to be reached, in the unit of the figure; null where nobody says. */
  target: string | null;
  /** From where on it is BAD, in the same unit; null where there is no such limit. */
  threshold: string | null;
  /** Null where there is no figure, or nothing to measure it by. */
  status: FigureStatus | null;
  /** Why it has that status, or none. */
  reason: string;
  /** A suggested decision; null where nothing is to be decided. */
  suggestion: string | null;
}

/** What figures are measured by. */
export interface Standards {
  limits: WarningLimits;
  /** The part of the period that is over, 0 to 1. */
  elapsed: string;
  /** What a sheet says is to be reached, by the names of the figures. */
  targets: ReadonlyMap<string, string>;
}

interface Rule {
  better: 'MORE' | 'LESS';
  /** The target where no sheet names one. */
  target?: (standards: Standards) => string;
  threshold?: (standards: Standards, target: string | null) => string | null;
  decide: Readonly<Record<'WATCH' | 'BAD', string>>;
}

/** How far beneath a target that somebody set a figure is BAD: 5 points. */
const SLACK = '0.05';
/** The part of what should have been won by now beneath which it is BAD. */
const PACE = '0.75';

const beneathTarget = (_: Standards, target: string | null): string | null =>
  target === null ? null : decimal(target).minus(SLACK).toFixed();

const rules: Readonly<Record<string, Rule>> = {
  quotaAttainment: {
    better: 'MORE',
    target: ({ elapsed }) => elapsed,
    threshold: (_, target) => (target === null ? null : decimal(target).times(PACE).toFixed()),
    decide: {
      WATCH: 'Go through what can still be won in this quarter, deal by deal.',
      BAD: 'Lower the forecast of this quarter, and decide which deals get help this week.',
    },
  },
  pipelineCoverage: {
    better: 'MORE',
    target: () => '3',
    threshold: () => '1',
    decide: {
      WATCH: 'Decide who brings more deals into this quarter, and from where.',
      BAD: 'The quota cannot be reached with what is open: decide whether to lower it or to move people to new business.',
    },
  },
  remainingQuotaCoverage: {
    better: 'MORE',
    target: () => '2',
    threshold: () => '1',
    decide: {
      WATCH: 'Keep the open deals in this quarter: ask each seller what would hold them.',
      BAD: 'What is open does not fill what is missing: decide what else can be sold in this quarter.',
    },
  },
  winRate: {
    better: 'MORE',
    threshold: beneathTarget,
    decide: {
      WATCH: 'Look at the deals that were lost since the last review, and at what they had in common.',
      BAD: 'Decide which deals not to go after: fewer, and qualified better.',
    },
  },
  margin: {
    better: 'MORE',
    threshold: beneathTarget,
    decide: {
      WATCH: 'Ask the managers of the projects that cost most what brings the margin back.',
      BAD: 'Decide on a recovery plan: scope, price or people.',
    },
  },
  marginErosion: {
    better: 'LESS',
    target: () => '0',
    threshold: ({ limits }) => limits.marginErosion,
    decide: {
      WATCH: 'Find out which projects lose margin, and agree on change orders for what was added.',
      BAD: 'Decide which project to stop losing on first: a change order, less scope, or other people.',
    },
  },
  costPerformanceIndex: {
    better: 'MORE',
    target: () => '1',
    threshold: ({ limits }) => limits.costPerformance,
    decide: {
      WATCH: 'Ask the managers what the work that is left will cost.',
      BAD: 'Decide on a recovery plan before more is spent.',
    },
  },
  schedulePerformanceIndex: {
    better: 'MORE',
    target: () => '1',
    threshold: ({ limits }) => limits.schedulePerformance,
    decide: {
      WATCH: 'Ask which milestones are at risk, and whether the clients know.',
      BAD: 'Decide which dates are moved, and tell the clients.',
    },
  },
  burnGap: {
    better: 'LESS',
    target: () => '0',
    threshold: ({ limits }) => limits.burnGap,
    decide: {
      WATCH: 'Check whether the work that is done is written down as done.',
      BAD: 'Stop work that is not ordered, and decide where the rest of the money goes.',
    },
  },
  leakedTime: {
    better: 'LESS',
    target: () => '0',
    threshold: ({ limits }) => decimal(String(limits.leakedHours)).times(3_600).toFixed(),
    decide: {
      WATCH: 'Link the hours to a commitment or to a change request.',
      BAD: 'Have every hour that nobody ordered linked, quoted or given away by decision.',
    },
  },
  unquantifiedRisks: {
    better: 'LESS',
    target: () => '0',
    decide: {
      WATCH: 'Have the owners say what each of these risks would cost.',
      BAD: 'Have the owners say what each of these risks would cost.',
    },
  },
  netUtilisation: {
    better: 'MORE',
    threshold: beneathTarget,
    decide: {
      WATCH: 'Look at who has time from next week on, and at what is to start.',
      BAD: 'Decide what the free people start on, or whom not to hire.',
    },
  },
};

/** Measures a figure by its target and its threshold. Pure. */
export function judge({ definition, figure }: PresentedMetric, standards: Standards): Judgement {
  const rule = rules[definition.name];
  const target = standards.targets.get(definition.name) ?? rule?.target?.(standards) ?? null;
  const threshold = rule?.threshold?.(standards, target) ?? null;
  const none = (reason: string): Judgement => ({ target, threshold, status: null, reason, suggestion: null });
  if (figure.value === null) return none(figure.reason);
  if (target === null) return none('Nobody has set a target for it.');
  const value = decimal(figure.value);
  const better = rule?.better ?? 'MORE';
  const beyond = (limit: string): boolean => (better === 'MORE' ? value.lessThan(limit) : value.greaterThan(limit));
  if (!beyond(target)) return { target, threshold, status: 'GOOD', reason: 'It reaches its target.', suggestion: null };
  const status = threshold !== null && beyond(threshold) ? 'BAD' : 'WATCH';
  const side = better === 'MORE' ? 'beneath' : 'above';
  const reason = `It is ${side} its ${status === 'BAD' ? 'threshold' : 'target'}.`;
  return { target, threshold, status, reason, suggestion: rule?.decide[status] ?? null };
}
