import { earnedShare, type Progress, type Share } from '../projects/earned-value.rules.ts';
import type { EarnedValueMethod, EarnedValueSettings } from '../projects/earned-value.settings.ts';
import { curveOf, plannedValueOn, type CostPlan } from '../projects/planned-value.rules.ts';

/** What earned value is measured by: the baseline that stands now, or the budget where there is none. */
export interface MeasuredPlan extends CostPlan {
  code: string | null;
  /** What the baseline says; null leaves it to the configuration. */
  method: EarnedValueMethod | null;
}

/** Where a project stands on a day, in the currency of its plan; null where that is not known. */
export interface Performance {
  method: EarnedValueMethod;
  budgetAtCompletion: string | null;
  plannedValue: string | null;
  done: Share | null;
}

/** Pure. */
export function performanceOn(
  day: string,
  { plan, progress, settings }: { plan: MeasuredPlan; progress: Progress | undefined; settings: EarnedValueSettings },
): Performance {
  const method = plan.method ?? (plan.code === null ? undefined : settings.projects[plan.code]) ?? settings.method;
  return {
    method,
    budgetAtCompletion: plan.plannedCost,
    plannedValue: plan.plannedCost === null ? null : plannedValueOn(curveOf(plan), day, settings.calendar),
    done: progress ? earnedShare(method, progress) : null,
  };
}
