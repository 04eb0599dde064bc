import {
  changeOrderConversion,
  changeOrderRatio,
  changeRequestCycleTime,
  openChangeRequestAge,
  scopeCreepIndexByHours,
  scopeCreepIndexByItems,
  scopeGrowth,
} from '../change-requests/change-request.metrics.ts';
import { decimal, sum, type Decimal } from '../kernel/decimal.ts';
import { none } from '../kernel/figure.ts';
import { present, type PresentedMetric } from '../kernel/metric.graphql.ts';
import {
  forecastMargin,
  margin,
  marginErosion,
  marginErosionAmount,
  marginWithChangeOrders,
  overrun,
} from '../money/margin.metrics.ts';
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
import { earnedValueOf } from '../projects/earned-value.rules.ts';
import type { EarnedValueMethod } from '../projects/earned-value.settings.ts';
import { riskExposure, unquantifiedRisks } from '../risks/risk.metrics.ts';
import {
  costLeak,
  leakedTime,
  netLeakage,
  recoveredRevenue,
  revenueAtRisk,
  unratedLeakage,
  type PricedWork,
} from '../time/leakage.metrics.ts';
import type { NaturedWork } from '../time/nature.metrics.ts';
import type { WorkWorth } from '../time/work-worth.store.ts';
import type { LocalPeriod } from '../time/worked.store.ts';
import type { Performance } from './performance.rules.ts';
import type { ProjectFacts } from './project-facts.store.ts';
import { wasteFigures } from './waste.rules.ts';

const WEEKS_LATELY = 4;

/**
 * What the figures of a project are computed of, in one currency. Everything in it adds up over projects, so the figures
 * of many are those of their sum. Null where something is not known.
 */
export interface Basis {
  contractValue: string | null;
  plannedCost: string | null;
  /** Planned cost of what stands agreed now: BAC. */
  budgetAtCompletion: string | null;
  /** How the earned value was counted. */
  methods: readonly EarnedValueMethod[];
  plannedSeconds: number | null;
  earnedValue: string | null;
  plannedValue: string | null;
  actualCost: string | null;
  /** What the work will have cost in the end, or has, where it has ended. */
  costAtCompletion: string | null;
  weeklyBurn: string | null;
  workedSeconds: number;
  unapprovedSeconds: number;
  orders: ProjectFacts['orders'];
  items: Pick<ProjectFacts['items'], 'committed' | 'added' | 'unapproved'>;
  requests: ProjectFacts['requests'];
  risks: ProjectFacts['risks'];
  work: readonly PricedWork[];
  /** Of that work, what waited for the client, and rework. */
  waste: readonly NaturedWork[];
}

/** `worth` is what one unit of the project's currency is worth in the currency of the figures; 1 in its own. Pure. */
export function basisOf(facts: ProjectFacts, worth = '1'): Basis {
  const { plan, performance, orders, items, requests, risks, status } = facts;
  const into = (amount: string): string => times(amount, worth) ?? amount;
  const convert = (amount: string | null): string | null => times(amount, worth);
  const plannedCost = convert(plan.plannedCost);
  const actualCost = convert(costOf(facts.worked));
  const budgetAtCompletion = convert(performance.budgetAtCompletion);
  const earnedAt = ({ done }: Performance): string | null => earnedValueOf(budgetAtCompletion, done);
  const plannedAt = ({ plannedValue }: Performance): string | null => convert(plannedValue);
  const earnedValue = since(facts, earnedAt);
  const { method } = performance;
  const estimate = estimateAtCompletion.compute({ budgetAtCompletion, earnedValue, actualCost, method }).value;
  return {
    contractValue: convert(plan.contractValue),
    plannedCost,
    budgetAtCompletion,
    methods: [method],
    plannedSeconds: plan.plannedSeconds,
    earnedValue,
    plannedValue: since(facts, plannedAt),
    actualCost,
    costAtCompletion: status === 'DELIVERED' || status === 'CLOSED' ? actualCost : estimate,
    weeklyBurn: convert(weekly(latelyCostOf(facts.worked))),
    workedSeconds: sumSeconds(facts.worked),
    unapprovedSeconds: sumSeconds(facts.worked, ['UNAPPROVED_CHANGE', 'UNLINKED']),
    orders: {
      executedPrice: into(orders.executedPrice),
      executedCost: into(orders.executedCost),
      pendingPrice: into(orders.pendingPrice),
      pendingCost: into(orders.pendingCost),
    },
    items,
    requests,
    risks: risks.map(({ probability, impact }) => ({ probability, impact: convert(impact) })),
    work: facts.worked.map((line) => ({ scope: line.scope, ...pricedIn(line, worth) })),
    waste: facts.worked
      .filter(({ nature }) => nature !== 'WORK')
      .map((line) => ({ nature: line.nature, ...pricedIn(line, worth) })),
  };
}

/** The basis of several projects: sums, null where one of them does not know its part. Pure. */
export function sumOf(bases: readonly Basis[]): Basis {
  const amount = (of: (basis: Basis) => string | null): string | null =>
    bases.reduce<string | null>((total, basis) => {
      const part = of(basis);
      return total === null || part === null ? null : decimal(total).plus(part).toFixed();
    }, '0');
  const count = (of: (basis: Basis) => number): number => bases.reduce((total, basis) => total + of(basis), 0);
  const order = (name: keyof Basis['orders']): string => amount(({ orders }) => orders[name]) ?? '0';
  return {
    contractValue: amount((basis) => basis.contractValue),
    plannedCost: amount((basis) => basis.plannedCost),
    budgetAtCompletion: amount((basis) => basis.budgetAtCompletion),
    methods: [...new Set(bases.flatMap(({ methods }) => methods))].toSorted(),
    plannedSeconds: bases.some((basis) => basis.plannedSeconds === null)
      ? null
      : count((basis) => basis.plannedSeconds ?? 0),
    earnedValue: amount((basis) => basis.earnedValue),
    plannedValue: amount((basis) => basis.plannedValue),
    actualCost: amount((basis) => basis.actualCost),
    costAtCompletion: amount((basis) => basis.costAtCompletion),
    weeklyBurn: amount((basis) => basis.weeklyBurn),
    workedSeconds: count((basis) => basis.workedSeconds),
    unapprovedSeconds: count((basis) => basis.unapprovedSeconds),
    orders: {
      executedPrice: order('executedPrice'),
      executedCost: order('executedCost'),
      pendingPrice: order('pendingPrice'),
      pendingCost: order('pendingCost'),
    },
    items: {
      committed: count(({ items }) => items.committed),
      added: count(({ items }) => items.added),
      unapproved: count(({ items }) => items.unapproved),
    },
    requests: {
      accepted: count(({ requests }) => requests.accepted),
      rejected: count(({ requests }) => requests.rejected),
      withdrawn: count(({ requests }) => requests.withdrawn),
      open: count(({ requests }) => requests.open),
      decidedSeconds: bases.flatMap(({ requests }) => requests.decidedSeconds),
      openSeconds: bases.flatMap(({ requests }) => requests.openSeconds),
    },
    risks: bases.flatMap(({ risks }) => risks),
    work: bases.flatMap(({ work }) => work),
    waste: bases.flatMap(({ waste }) => waste),
  };
}

/** Every figure of a project, or of several, each with what it was computed of. Pure. */
export function figuresOf(basis: Basis, currency: string | null): PresentedMetric[] {
  const { orders, items, requests, risks, work, actualCost, earnedValue, plannedValue } = basis;
  const { budgetAtCompletion } = basis;
  const method = basis.methods.join(', ') || null;
  const earned = { budgetAtCompletion, earnedValue, actualCost, method };
  const byPerformance = present(estimateAtCompletion, earned, currency);
  const cost = basis.costAtCompletion;
  const revenue = plus(basis.contractValue, orders.executedPrice);
  const planned = { plannedRevenue: basis.contractValue, plannedCost: basis.plannedCost };
  const done =
    budgetAtCompletion === null || earnedValue === null || decimal(budgetAtCompletion).isZero()
      ? null
      : ratioText(decimal(earnedValue), decimal(budgetAtCompletion));
  const atRisk = present(revenueAtRisk, { work }, currency);
  const recovered = present(
    recoveredRevenue,
    { revenueAtRisk: atRisk.figure.value, executedPrice: orders.executedPrice },
    currency,
  );
  return [
    present(margin, { revenue, cost }, currency),
    present(marginErosion, { ...planned, revenue, cost }, currency),
    present(marginErosionAmount, { ...planned, revenue, cost }, currency),
    present(
      marginWithChangeOrders,
      {
        revenue: basis.contractValue,
        cost: basis.plannedCost,
        executedPrice: orders.executedPrice,
        executedCost: orders.executedCost,
      },
      currency,
    ),
    present(forecastMargin, { revenue: basis.contractValue, cost: basis.plannedCost, ...orders }, currency),
    present(overrun, {
      actual: String(basis.workedSeconds),
      planned: basis.plannedSeconds === null ? null : String(basis.plannedSeconds),
    }),
    atRisk,
    present(costLeak, { work }, currency),
    recovered,
    present(netLeakage, { revenueAtRisk: atRisk.figure.value, recoveredRevenue: recovered.figure.value }, currency),
    present(leakedTime, { work }),
    present(unratedLeakage, { work }),
    ...wasteFigures({ work: basis.waste, workedSeconds: basis.workedSeconds, currency }),
    present(costPerformanceIndex, { earnedValue, actualCost, method }, currency),
    present(schedulePerformanceIndex, { earnedValue, plannedValue, method }, currency),
    byPerformance,
    present(estimateAtCompletionAsPlanned, earned, currency),
    present(estimateAtCompletionByCostAndSchedule, { ...earned, plannedValue }, currency),
    present(varianceAtCompletion, { budgetAtCompletion, estimateAtCompletion: byPerformance.figure.value }, currency),
    present(toCompletePerformanceIndex, earned, currency),
    present(burnGap, { actualCost, budgetAtCompletion, done, method }, currency),
    present(runway, { budgetAtCompletion, actualCost, weeklyBurn: basis.weeklyBurn }, currency),
    present(scopeGrowth, { addedItems: items.added, baselineItems: items.committed }),
    present(scopeCreepIndexByItems, { unapprovedItems: items.unapproved, baselineItems: items.committed }),
    present(scopeCreepIndexByHours, {
      unapprovedSeconds: basis.unapprovedSeconds,
      baselineSeconds: basis.plannedSeconds,
    }),
    present(changeOrderRatio, { executedPrice: orders.executedPrice, contractValue: basis.contractValue }, currency),
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

/** The same within a period: none for what is of a project as a whole. Pure. */
export function withinPeriod(metrics: readonly PresentedMetric[], { from, to }: LocalPeriod): PresentedMetric[] {
  const days = [from && `from ${from}`, to && `to ${to}`].filter(Boolean).join(' ');
  return metrics.map((metric) =>
    metric.definition.period
      ? metric
      : { ...metric, inputs: {}, figure: none(`It is of the project as a whole, and not of its days ${days}.`) },
  );
}

/** What was reached, less what had been before the period began. */
function since({ performance, before }: ProjectFacts, reached: (on: Performance) => string | null): string | null {
  const [now, then] = [reached(performance), before && reached(before)];
  return before === null || now === null ? now : then === null ? null : decimal(now).minus(then).toFixed();
}

/** An amount that cannot be converted is not known. */
function pricedIn({ seconds, bill, cost }: WorkWorth, worth: string): Omit<PricedWork, 'scope'> {
  return { seconds, atBillRates: times(bill, worth), atCostRates: times(cost, worth) };
}

/** What work cost; null when some of it cannot be priced: a cost that is too low would make every index too good. */
function costOf(lines: readonly WorkWorth[]): string | null {
  return sumKnown(lines.map(({ cost }) => cost));
}

/** The same of the last days. */
function latelyCostOf(lines: readonly WorkWorth[]): string | null {
  return sumKnown(lines.flatMap((line) => (line.lately_seconds > 0 ? [line.lately_cost] : [])));
}

/** Null where one is not known. */
function sumKnown(amounts: readonly (string | null)[]): string | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length < amounts.length ? null : sum(known.map(decimal)).toFixed();
}

function sumSeconds(lines: readonly WorkWorth[], scopes?: readonly WorkWorth['scope'][]): number {
  return lines.reduce((all, { scope, seconds }) => (!scopes || scopes.includes(scope) ? all + seconds : all), 0);
}

function ratioText(part: Decimal, whole: Decimal): string {
  return part.div(whole).toSignificantDigits(20).toFixed();
}

/** Most amounts are whole and in the project's own currency: those are as they are. */
function times(amount: string | null, worth: string): string | null {
  if (amount === null || (worth === '1' && !amount.includes('.'))) return amount;
  return decimal(amount).times(worth).toDecimalPlaces(18).toFixed();
}

function plus(a: string | null, b: string): string | null {
  return a === null ? null : decimal(a).plus(b).toFixed();
}

function weekly(cost: string | null): string | null {
  return cost === null ? null : decimal(cost).div(WEEKS_LATELY).toDecimalPlaces(18).toFixed();
}
