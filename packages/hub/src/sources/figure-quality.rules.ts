import { decimal } from '../kernel/decimal.ts';
import type { PresentedMetric } from '../kernel/metric.graphql.ts';
import { qualityOf, type FieldCheck } from './quality.rules.ts';

/** How far the deals or projects can be relied on that a figure is computed of. */
export interface FigureQuality {
  figure: PresentedMetric;
  kind: 'opportunity' | 'project';
  /** How many there are. */
  records: number;
  /** Beneath it the figure is marked, 0 to 1. */
  threshold: string;
  /** What is missing or does not hold, the most frequent first. */
  shortfalls: readonly Shortfall[];
}

/** What is wrong with a mandatory field, and in how many records. */
export interface Shortfall {
  field: string;
  problem: string;
  count: number;
}

/** Their mandatory fields taken together; null where there are no records. `checks` are those of each. Pure. */
export function figureQualityOf(
  kind: FigureQuality['kind'],
  checks: readonly (readonly FieldCheck[])[],
  { fresh, threshold }: { fresh: string | null; threshold: string },
): FigureQuality | null {
  if (checks.length === 0) return null;
  const { figure } = qualityOf(checks.flat(), fresh);
  return { figure, kind, records: checks.length, threshold, shortfalls: shortfallsOf(checks.flat()) };
}

/** Whether it is beneath its threshold; one that is not known marks nothing. Pure. */
export function isLow({ figure: { figure }, threshold }: Pick<FigureQuality, 'figure' | 'threshold'>): boolean {
  return figure.value !== null && decimal(figure.value).lessThan(threshold);
}

function shortfallsOf(checks: readonly FieldCheck[]): Shortfall[] {
  const wrong = checks.flatMap(({ field, isGiven, problem }) => {
    const found = isGiven ? problem : 'It is missing.';
    return found === null ? [] : [{ field, problem: found }];
  });
  const alike = Map.groupBy(wrong, wordsOf);
  return [...alike.values()]
    .flatMap(([first, ...more]) => (first ? [{ ...first, count: 1 + more.length }] : []))
    .toSorted((a, b) => b.count - a.count || (wordsOf(a) < wordsOf(b) ? -1 : 1));
}

function wordsOf({ field, problem }: Pick<Shortfall, 'field' | 'problem'>): string {
  return `${field}: ${problem}`;
}
