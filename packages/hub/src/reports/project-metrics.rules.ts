import {
  changeOrderConversion,
  changeOrderRatio,
  changeRequestCycleTime,
  openChangeRequestAge,
  scopeCreepIndexByHours,
  scopeCreepIndexByItems,
  scopeGrowth,
} from '../change-requests/change-request.metrics.ts';
import { decimal, type Decimal } from '../kernel/decimal.ts';
import { present, type PresentedMetric } from '../kernel/metric.graphql.ts';
import { forecastMargin, margin, marginErosion, marginErosionAmount, overrun } from '../money/margin.metrics.ts';
import {
  burnGap,
  costPerformanceIndex,
  estimateAtCompletion,
  estimateAtCompletionAsPlanned,
  estimateAtCompletionByCostAndSchedule,
  runway,
  schedulePerformanceIndex,
  toCompletePerformanceIndex,
  varianceAtCompletion,
} from '../projects/earned-value.metrics.ts';
import { riskExposure, unquantifiedRisks } from '../risks/risk.metrics.ts';
import {
  costLeak,
  leakedTime,
  netLeakage,
  recoveredRevenue,
  revenueAtRisk,
  unratedLeakage,
  type RatedWork,
} from '../time/leakage.metrics.ts';
import type { WorkedLine } from '../time/worked.store.ts';
import type { ProjectFacts } from './project-facts.store.ts';

const SECONDS_PER_HOUR = 3_600;
const WEEKS_LATELY = 4;

/** Every figure of a project, each with what it was computed of. Pure. */
export function projectMetrics(facts: ProjectFacts): PresentedMetric[] {
  const { plan, orders, items, requests, risks } = facts;
  const { currency } = plan;
  const work = facts.worked.map(toRatedWork);
  const spent = costOf(facts.worked);
  const done = items.estimate > 0 ? ratioText(decimal(items.doneEstimate), decimal(items.estimate)) : null;
  const budgetAtCompletion = plan.plannedCost;
  const earnedValue = times(budgetAtCompletion, done);
  const plannedValue = times(budgetAtCompletion, elapsed(facts));
  const actualCost = spent;
  const earned = { budgetAtCompletion, earnedValue, actualCost };
  const byPerformance = present(estimateAtCompletion, earned, currency);
  const ended = facts.status === 'DELIVERED' || facts.status === 'CLOSED';
  const cost = ended ? spent : byPerformance.figure.value;
  const revenue = plus(plan.contractValue, orders.executedPrice);
  const planned = { plannedRevenue: plan.contractValue, plannedCost: plan.plannedCost };
  const atRisk = present(revenueAtRisk, { work }, currency);
  const recovered = present(
    recoveredRevenue,
    { revenueAtRisk: atRisk.figure.value, executedPrice: orders.executedPrice },
    currency,
  );
  const unapprovedSeconds = sumSeconds(facts.worked, ['UNAPPROVED_CHANGE', 'UNLINKED']);
  return [
    present(margin, { revenue, cost }, currency),
    present(marginErosion, { ...planned, revenue, cost }, currency),
    present(marginErosionAmount, { ...planned, revenue, cost }, currency),
    present(forecastMargin, { revenue: plan.contractValue, cost: plan.plannedCost, ...orders }, currency),
    present(overrun, {
      actual: String(sumSeconds(facts.worked)),
      planned: plan.plannedSeconds === null ? null : String(plan.plannedSeconds),
    }),
    atRisk,
    present(costLeak, { work }, currency),
    recovered,
    present(netLeakage, { revenueAtRisk: atRisk.figure.value, recoveredRevenue: recovered.figure.value }, currency),
    present(leakedTime, { work }),
    present(unratedLeakage, { work }),
    present(costPerformanceIndex, { earnedValue, actualCost }, currency),
    present(schedulePerformanceIndex, { earnedValue, plannedValue }, currency),
    byPerformance,
    present(estimateAtCompletionAsPlanned, earned, currency),
    present(estimateAtCompletionByCostAndSchedule, { ...earned, plannedValue }, currency),
    present(varianceAtCompletion, { budgetAtCompletion, estimateAtCompletion: byPerformance.figure.value }, currency),
    present(toCompletePerformanceIndex, earned, currency),
    present(burnGap, { actualCost, budgetAtCompletion, done }, currency),
    present(runway, { budgetAtCompletion, actualCost, weeklyBurn: weekly(costOf(facts.lately)) }, currency),
    present(scopeGrowth, { addedItems: items.added, baselineItems: items.committed }),
    present(scopeCreepIndexByItems, { unapprovedItems: items.unapproved, baselineItems: items.committed }),
    present(scopeCreepIndexByHours, { unapprovedSeconds, baselineSeconds: plan.plannedSeconds }),
    present(changeOrderRatio, { executedPrice: orders.executedPrice, contractValue: plan.contractValue }, currency),
    present(changeOrderConversion, {
      accepted: requests.accepted,
      rejected: requests.rejected,
      withdrawn: requests.withdrawn,
      open: requests.open,
    }),
    present(changeRequestCycleTime, { decidedSeconds: requests.decidedSeconds }),
    present(openChangeRequestAge, { openSeconds: requests.openSeconds }),
    present(riskExposure, { risks }, currency),
    present(unquantifiedRisks, { risks }),
  ];
}

/** At the rates of its days, in the project's currency; a rate that cannot be converted is not known. */
function toRatedWork(line: WorkedLine): RatedWork {
  return {
    scope: line.scope,
    seconds: line.seconds,
    billRate: times(line.bill_rate, line.bill_exchange),
    costRate: times(line.cost_rate, line.cost_exchange),
  };
}

/** What work cost; null when some of it cannot be priced: a cost that is too low would make every index too good. */
function costOf(lines: readonly WorkedLine[]): string | null {
  const parts = lines.map(({ seconds, cost_rate, cost_exchange }) => {
    const rate = times(cost_rate, cost_exchange);
    return rate === null ? null : decimal(rate).times(seconds);
  });
  if (parts.some((part) => part === null)) return null;
  return parts
    .reduce<Decimal>((sum, part) => sum.plus(part ?? 0), decimal(0))
    .div(SECONDS_PER_HOUR)
    .toDecimalPlaces(18)
    .toFixed();
}

function sumSeconds(lines: readonly WorkedLine[], scopes?: readonly WorkedLine['scope'][]): number {
  return lines.reduce((sum, { scope, seconds }) => (!scopes || scopes.includes(scope) ? sum + seconds : sum), 0);
}

/** Share of the planned days that have passed, 0 to 1: the planned value grows evenly between start and end. */
function elapsed({ plan: { start, end }, today }: ProjectFacts): string | null {
  if (start === null || end === null) return null;
  const days = (to: string): number => Temporal.PlainDate.from(start).until(to, { largestUnit: 'day' }).days + 1;
  const whole = days(end);
  if (whole <= 0) return null;
  return ratioText(decimal(Math.min(whole, Math.max(0, days(today)))), decimal(whole));
}

function ratioText(part: Decimal, whole: Decimal): string {
  return part.div(whole).toSignificantDigits(20).toFixed();
}

function times(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : decimal(a).times(b).toDecimalPlaces(18).toFixed();
}

function plus(a: string | null, b: string): string | null {
  return a === null ? null : decimal(a).plus(b).toFixed();
}

function weekly(cost: string | null): string | null {
  return cost === null ? null : decimal(cost).div(WEEKS_LATELY).toDecimalPlaces(18).toFixed();
}
