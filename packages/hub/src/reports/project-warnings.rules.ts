import { longestDecisionWait } from '../change-requests/decision-wait.metrics.ts';
import { decimal } from '../kernel/decimal.ts';
import { present, readFrom, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { fallingCostPerformance, type CostPoint } from '../projects/cost-trend.metrics.ts';
import { costPerformanceIndex } from '../projects/earned-value.metrics.ts';
import { earnedValueOf } from '../projects/earned-value.rules.ts';
import type { EarnedValueSettings } from '../projects/earned-value.settings.ts';
import { figureWarnings, inOrder, type EarlyWarning } from './early-warning.rules.ts';
import type { WarningLimits } from './early-warning.settings.ts';
import type { PastPerformance, WarningFacts } from './early-warning.store.ts';
import { missedReportCount, unsentReportDays } from './missed-report.metrics.ts';
import { missedDays } from './missed-report.rules.ts';
import { performanceOn, type MeasuredPlan } from './performance.rules.ts';

const SECONDS_PER_DAY = 86_400;

interface ProjectWarnings {
  projectId: string;
  /** The day of asking. */
  today: string;
  plan: MeasuredPlan;
  /** Its figures. */
  metrics: readonly PresentedMetric[];
  facts: WarningFacts;
  limits: WarningLimits;
  settings: EarnedValueSettings;
}

/** Everything of a project that is past its limit, in the order of the codes. Pure. */
export function projectWarnings(of: ProjectWarnings): EarlyWarning[] {
  const { projectId, metrics, limits } = of;
  return inOrder([
    ...figureWarnings(projectId, metrics, limits),
    ...trendWarning(of),
    ...waitWarning(of),
    ...reportWarning(of),
    ...sendingWarning(of),
  ]);
}

function trendWarning({ projectId, plan, facts, limits, settings }: ProjectWarnings): EarlyWarning[] {
  const points = facts.trend.map((past) => costPoint(past, plan, settings));
  const falling = present(fallingCostPerformance, { points });
  const { periods, days } = limits.costTrend;
  if (falling.figure.value === null || decimal(falling.figure.value).lessThan(periods)) return [];
  const [first, last] = [points.at(0)?.day ?? '', points.at(-1)?.day ?? ''];
  return [
    {
      code: 'COST_TREND',
      subject: { kind: 'project', id: projectId },
      message: `What a unit of money brings has fallen for ${periods} periods of ${days} days in a row.`,
      metric: readFrom(['timeEntry', 'rate', 'workItem', 'milestone', 'changeRequest'], falling),
      threshold: String(periods),
      period: { from: first, to: last },
      causes: [],
    },
  ];
}

/** The cost performance by the end of a day, of the plan that stands now. */
function costPoint(past: PastPerformance, plan: MeasuredPlan, settings: EarnedValueSettings): CostPoint {
  const { method, budgetAtCompletion, done } = performanceOn(past.day, { plan, progress: past.progress, settings });
  const earnedValue = earnedValueOf(budgetAtCompletion, done);
  const { value } = costPerformanceIndex.compute({ earnedValue, actualCost: past.actualCost, method });
  return { day: past.day, costPerformanceIndex: value };
}

function waitWarning({ projectId, facts: { waiting }, limits }: ProjectWarnings): EarlyWarning[] {
  const late = waiting.filter(({ seconds }) => seconds > limits.decisionDays * SECONDS_PER_DAY);
  const [longest] = late;
  if (!longest) return [];
  const days = Math.floor(longest.seconds / SECONDS_PER_DAY);
  const metric = present(longestDecisionWait, { waitingSeconds: waiting.map(({ seconds }) => seconds) });
  const requests = late.length === 1 ? 'A change request waits' : `${late.length} change requests wait`;
  return [
    {
      code: 'DECISION_WAIT',
      subject: { kind: 'project', id: projectId },
      message: `${requests} for a decision, for up to ${days} days.`,
      metric: readFrom(['changeRequest'], metric),
      threshold: String(limits.decisionDays),
      period: null,
      causes: late.map(({ id }) => ({ kind: 'changeRequest', id })),
    },
  ];
}

/** R31: a report of the statement of work's cadence is missed. */
function reportWarning({ projectId, today, facts: { missed } }: ProjectWarnings): EarlyWarning[] {
  if (!missed || missed.missed === 0) return [];
  const { dueOn, missed: count } = missed;
  const metric = present(missedReportCount, { missedOn: missedDays(missed) });
  const said = count === 1 ? `The report that was due on ${dueOn} is` : `${count} reports are`;
  return [
    {
      code: 'REPORT_MISSED',
      subject: { kind: 'project', id: projectId },
      message: `${said} not there${count === 1 ? '' : `, the first of ${dueOn}`}.`,
      metric: readFrom(['project', 'proposal', 'client'], metric),
      threshold: '0',
      period: { from: dueOn, to: today },
      causes: [],
    },
  ];
}

/** R31: a report of that cadence was taken, and nobody says that its client has it. */
function sendingWarning({ projectId, today, facts: { missed } }: ProjectWarnings): EarlyWarning[] {
  if (!missed?.unsent) return [];
  const { takenOn, dueOn } = missed.unsent;
  const { days } = Temporal.PlainDate.from(dueOn).until(today, { largestUnit: 'days' });
  const metric = present(unsentReportDays, { waitingSeconds: days * SECONDS_PER_DAY });
  return [
    {
      code: 'REPORT_NOT_SENT',
      subject: { kind: 'project', id: projectId },
      message: `The report that was taken on ${takenOn} was not sent; the client was to have one by ${dueOn}.`,
      metric: readFrom(['project', 'proposal', 'client'], metric),
      threshold: '0',
      period: { from: dueOn, to: today },
      causes: [],
    },
  ];
}
