import { decimal } from '../kernel/decimal.ts';
import type { EarnedValueMethod } from './earned-value.settings.ts';

const PLACES = 18;

/** What is done of the work that was agreed, each way it can be counted. Counts, seconds, or decimal text. */
export interface Progress {
  items: { count: number; done: number; estimate: number; doneEstimate: number };
  milestones: {
    count: number;
    /** Null where a milestone has none. */
    weights: { all: string; reached: string } | null;
    /** Null where a milestone has none, or where they are in several currencies. */
    amounts: { all: string; reached: string } | null;
  };
}

/** A part of the agreed work, as two amounts of which neither is rounded: decimal text. */
export interface Share {
  part: string;
  whole: string;
}

/** How much of the work is done; null where the method has nothing to count. Pure. */
export function earnedShare(method: EarnedValueMethod, { items, milestones }: Progress): Share | null {
  switch (method) {
    case 'WEIGHTED_ITEMS':
      return shareOf(String(items.doneEstimate), String(items.estimate));
    case 'ZERO_HUNDRED':
      return shareOf(String(items.done), String(items.count));
    default: {
      const counted = method === 'MILESTONE_AMOUNTS' ? milestones.amounts : milestones.weights;
      return milestones.count === 0 || !counted ? null : shareOf(counted.reached, counted.all);
    }
  }
}

/** What keeps a method from telling how much is done. */
export const nothingToCount: Readonly<Record<EarnedValueMethod, string>> = {
  WEIGHTED_ITEMS: 'None of its work has an estimate, so nobody knows how much is done.',
  ZERO_HUNDRED: 'It has no work items that were agreed, so nobody knows how much is done.',
  MILESTONE_AMOUNTS: 'It has no milestones, or one has no amount in their currency, so nobody knows how much is done.',
  MILESTONE_WEIGHTS: 'It has no milestones, or one has no weight, so nobody knows how much is done.',
};

/** Planned cost of what is done: that of the whole work, multiplied first and divided once. Null where either is not known. Pure. */
export function earnedValueOf(budgetAtCompletion: string | null, share: Share | null): string | null {
  if (budgetAtCompletion === null || share === null) return null;
  return decimal(budgetAtCompletion).times(share.part).div(share.whole).toDecimalPlaces(PLACES).toFixed();
}

function shareOf(part: string, whole: string): Share | null {
  return decimal(whole).greaterThan(0) ? { part, whole } : null;
}
