import { decimal } from '../kernel/decimal.ts';
import type { PresentedMetric } from '../kernel/metric.graphql.ts';
import { spokenName } from '../kernel/names.ts';
import type { FigureStatus } from './judgement.rules.ts';
import { quarterOf } from './quarter.rules.ts';
import { looksAt, type ReviewLens } from './review-scope.ts';
import { minute } from './shown.ts';
import type { KeptFigure, KeptState } from './snapshot.rules.ts';

/** A figure of two states of a review; null where one of them has it not. */
export interface FigurePair {
  /** As it is in the later state of the two that has it. */
  metric: PresentedMetric;
  before: KeptFigure | null;
  after: KeptFigure | null;
}

/** How one figure differs between two states of a review. */
export interface FigureMove {
  metric: PresentedMetric;
  before: string | null;
  after: string | null;
  /** After less before; null where they cannot be compared. */
  change: string | null;
  /** Why they cannot be; null where they can. */
  reason: string | null;
  statusBefore: FigureStatus | null;
  statusAfter: FigureStatus | null;
}

/** All figures of two states, in the order of the second; those that only the first has come last. Pure. */
export function pairsOf(before: readonly KeptFigure[], after: readonly KeptFigure[]): FigurePair[] {
  const nameOf = ({ metric }: KeptFigure): string => metric.definition.name;
  const earlier = new Map(before.map((figure) => [nameOf(figure), figure]));
  const later = new Set(after.map(nameOf));
  return [
    ...after.map((figure) => ({ metric: figure.metric, before: earlier.get(nameOf(figure)) ?? null, after: figure })),
    ...before
      .filter((figure) => !later.has(nameOf(figure)))
      .map((figure) => ({ metric: figure.metric, before: figure, after: null })),
  ];
}

/** How a figure differs. Pure. */
export function moveOf({ metric, before: one, after: other }: FigurePair): FigureMove {
  const [before, after] = [one?.metric.figure.value ?? null, other?.metric.figure.value ?? null];
  const reason = reasonAgainst(one, other);
  return {
    metric,
    before,
    after,
    change: before === null || after === null || reason !== null ? null : decimal(after).minus(before).toFixed(),
    reason,
    statusBefore: one?.status ?? null,
    statusAfter: other?.status ?? null,
  };
}

/** Whether a figure differs in value or in how it stands. Pure. */
export function isMove({ before, after, statusBefore, statusAfter }: FigureMove): boolean {
  return before !== after || statusBefore !== statusAfter;
}

function reasonAgainst(one: KeptFigure | null, other: KeptFigure | null): string | null {
  if (!one) return 'Only the second has it.';
  if (!other) return 'Only the first has it.';
  const redefined = redefinition(one.metric, other.metric);
  if (redefined !== null) return redefined;
  const [before, after] = [one.metric.figure.reason, other.metric.figure.reason];
  if (before === after) return before;
  return [before && `In the first: ${before}`, after && `In the second: ${after}`].filter(Boolean).join(' ');
}

/** What of the definition is another, so that two values are not of the same; null where nothing is. */
function redefinition({ definition: one }: PresentedMetric, { definition: other }: PresentedMetric): string | null {
  if (one.unit !== other.unit)
    return `It is counted in ${other.unit.toLowerCase()}, and was in ${one.unit.toLowerCase()}.`;
  if (one.formula !== other.formula) return `It is computed as ${other.formula}, and was as ${one.formula}.`;
  const inputs = [...new Set([...Object.keys(one.inputs), ...Object.keys(other.inputs)])];
  const changed = inputs.filter((name) => one.inputs[name] !== other.inputs[name]);
  if (changed.length === 0) return null;
  return `What it is computed of has another meaning: ${changed.map(spokenName).join(', ')}.`;
}

/** A state of a review, with the sources that were late in it. */
export interface LateState extends KeptState {
  late: readonly string[];
}

/** What to know before two states are compared, in sentences. Pure. */
export function caveatsOf(lens: ReviewLens, before: LateState, after: LateState): string[] {
  const said: string[] = [];
  if (Temporal.Instant.compare(before.asOf, after.asOf) > 0) said.push('The second is the earlier one of the two.');
  const [first, second] = [quarterOf(before.asOf.slice(0, 10)), quarterOf(after.asOf.slice(0, 10))];
  if (looksAt(lens, 'SALES') && first.to !== second.to)
    said.push(
      `Sales figures are of another quarter: that until ${second.to}, and they were of that until ${first.to}.`,
    );
  for (const [state, other] of [[before, after] as const, [after, before] as const]) {
    const at = `On ${minute(state.asOf)}`;
    if (state.late.length > 0) said.push(`${at}, what had been read was not fresh: ${state.late.join(', ')}.`);
    const absent = [...sourcesOf(other)].filter((source) => !sourcesOf(state).has(source));
    if (absent.length > 0) said.push(`${at}, there was no source ${absent.join(', ')}.`);
  }
  if (before.inputsHash === after.inputsHash && pairsOf(before.figures, after.figures).map(moveOf).some(isMove))
    said.push('Both are made of the same: what moved is computed otherwise.');
  return said;
}

function sourcesOf({ watermarks }: KeptState): ReadonlySet<string> {
  return new Set(watermarks.map(({ source }) => source));
}
