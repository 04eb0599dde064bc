import type { JsonValue } from '@plumbline/connector';
import { canonical } from '../kernel/columns.ts';
import { decimal } from '../kernel/decimal.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import type { PresentedMetric } from '../kernel/metric.graphql.ts';
import type { FigureQuality } from '../sources/figure-quality.rules.ts';
import type { FigureStatus } from './judgement.rules.ts';
import type { JudgedFigure, PackFigures } from './pack-figures.store.ts';

/**
 * The version of the figures' definitions: their names, units, formulas and the meanings of their inputs. A definition
 * that says something else gives another one, without anybody having to remember it. Pure.
 */
export function metricVersionOf(figures: readonly JudgedFigure[]): string {
  return fingerprint(
    figures.map(({ metric: { definition } }) => [
      definition.name,
      definition.unit,
      definition.formula,
      Object.entries(definition.inputs),
    ]),
  );
}

/** Equal where all figures, and their targets, are made of the same: whatever the order it was read in. Pure. */
export function inputsHashOf({ question, quarter, figures, leftOut }: PackFigures): string {
  const { scope, lens, currency } = question;
  return fingerprint({
    scope,
    lens,
    currency,
    quarter,
    figures: figures.map(({ metric, target, threshold }) => ({
      name: metric.definition.name,
      inputs: settled(metric.inputs),
      target: settled(target),
      threshold: settled(threshold),
    })),
    leftOut: settled(leftOut.map(({ projectId, reason }) => ({ projectId, reason }))),
  });
}

const plainDecimal = /^-?\d+\.\d+$/;

/** The same text for the same value: decimals without zeros at their end, the rows of a list in one order. */
function settled(value: unknown): JsonValue {
  if (typeof value === 'string') return plainDecimal.test(value) ? decimal(value).toFixed() : value;
  if (Array.isArray(value))
    return value
      .map(settled)
      .map((each) => [canonical(each), each] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, each]) => each);
  if (value === null || typeof value !== 'object') return (value ?? null) as JsonValue;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, settled(member)]));
}

/** A figure as a snapshot keeps it; `quality` is absent in those that were taken before it was kept. */
export interface KeptFigure extends JudgedFigure {
  quality?: FigureQuality | null;
}

/** The figure without what it was computed of, and with the quality that was shown beside it. Pure. */
export function kept({ metric, ...judgement }: JudgedFigure, quality: FigureQuality | null): KeptFigure {
  return {
    ...judgement,
    metric: { ...keptMetric(metric), inputs: {} },
    quality: quality && { ...quality, figure: keptMetric(quality.figure) },
  };
}

function keptMetric(metric: PresentedMetric): PresentedMetric {
  const { name, description, unit, formula, inputs } = metric.definition;
  return { ...metric, definition: { name, description, unit, formula, inputs } };
}

/** How one figure differs between two snapshots. */
export interface FigureMove {
  metric: PresentedMetric;
  before: string | null;
  after: string | null;
  /** After less before; null where one of them has no figure. */
  change: string | null;
  statusBefore: FigureStatus | null;
  statusAfter: FigureStatus | null;
}

/** The figures that differ in value or status, in the order of the later snapshot. Pure. */
export function movesBetween(before: readonly JudgedFigure[], after: readonly JudgedFigure[]): FigureMove[] {
  const earlier = new Map(before.map((figure) => [figure.metric.definition.name, figure]));
  const later = new Set(after.map(({ metric }) => metric.definition.name));
  const gone = before.filter(({ metric }) => !later.has(metric.definition.name));
  const pairs = [
    ...after.map((figure) => [earlier.get(figure.metric.definition.name) ?? null, figure] as const),
    ...gone.map((figure) => [figure, null] as const),
  ];
  return pairs
    .flatMap(([one, other]) => {
      const metric = other?.metric ?? one?.metric;
      return metric ? [moveOf(metric, one, other)] : [];
    })
    .filter(({ before: from, after: to, statusBefore, statusAfter }) => from !== to || statusBefore !== statusAfter);
}

function moveOf(metric: PresentedMetric, one: JudgedFigure | null, other: JudgedFigure | null): FigureMove {
  const [before, after] = [one?.metric.figure.value ?? null, other?.metric.figure.value ?? null];
  return {
    metric,
    before,
    after,
    change: before === null || after === null ? null : decimal(after).minus(before).toFixed(),
    statusBefore: one?.status ?? null,
    statusAfter: other?.status ?? null,
  };
}
