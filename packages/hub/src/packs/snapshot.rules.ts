import type { JsonValue } from '@plumbline/connector';
import { canonical } from '../kernel/columns.ts';
import { decimal } from '../kernel/decimal.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import type { PresentedMetric } from '../kernel/metric.graphql.ts';
import type { FigureQuality } from '../sources/figure-quality.rules.ts';
import type { LeftOut } from '../reports/portfolio.rules.ts';
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

/** When a stream had last been read to its end; null where it never was. */
export interface Watermark {
  source: string;
  stream: string;
  readAt: string | null;
}

/** What a snapshot keeps of the figures of a review. */
export interface KeptState {
  /** The instant that they are of. */
  asOf: string;
  metricVersion: string;
  inputsHash: string;
  watermarks: readonly Watermark[];
  figures: readonly KeptFigure[];
  leftOut: readonly LeftOut[];
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
