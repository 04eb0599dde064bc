import type { Block, Document } from '../kernel/document.ts';
import { doubts, figureName, marked } from './figure-doubts.ts';
import type { FigureStatus } from './judgement.rules.ts';
import { list, table, type Listed } from './listed-table.ts';
import { decisions, lensWords, marks } from './review.document.ts';
import type { ReviewLens } from './review-scope.ts';
import { minute, shown, shownChange } from './shown.ts';
import { caveatsOf, isMove, moveOf, pairsOf, type FigurePair, type LateState } from './snapshot-comparison.rules.ts';
import type { KeptFigure } from './snapshot.rules.ts';

/** What the document of a comparison says, with names for ids. */
export interface ComparisonWords {
  of: string;
  lens: ReviewLens;
  /** ISO 4217 code of all amounts. */
  currency: string;
  before: LateState;
  after: LateState;
  /** Whether the second is a snapshot; else it is how things stand. */
  isKept: boolean;
  /** Projects that are left out of the figures of one of them, and why. */
  leftOut: Listed<{ record: string; at: string; reason: string }>;
}

/** The two states as heads of columns: by their days, or by their minutes where the day is the same. */
type Heads = readonly [before: string, after: string];

/** A comparison of two states of a review as a document. Pure. */
export function composeComparison(words: ComparisonWords): Document {
  const { of, lens, before, after, leftOut } = words;
  const pairs = pairsOf(before.figures, after.figures);
  const heads = headsOf(words);
  return {
    title: `What moved in the review of ${of}: ${lensWords[lens]}`,
    blocks: [
      { kind: 'status', text: statusOf(words, pairs) },
      ...list('Before you compare', caveatsOf(lens, before, after)),
      ...figureTable(pairs, heads),
      ...standingTable(pairs, heads),
      ...list(
        'No change can be told',
        pairs.flatMap((pair) => {
          const { reason } = moveOf(pair);
          return reason === null ? [] : [`${figureName(pair.metric)}: ${reason}`];
        }),
      ),
      ...decisions(after.figures),
      ...table({
        heading: 'Left out of the figures of one',
        head: ['Project', 'On', 'Why'],
        of: leftOut,
        cells: ({ record, at, reason }) => [record, minute(at), reason],
      }),
    ],
  };
}

function headsOf({ before, after }: ComparisonWords): Heads {
  const [one, other] = [minute(before.asOf), minute(after.asOf)];
  return one.slice(0, 10) === other.slice(0, 10) ? [one, other] : [one.slice(0, 10), other.slice(0, 10)];
}

const ranks: Readonly<Record<FigureStatus, number>> = { BAD: 0, WATCH: 1, GOOD: 2 };

function statusOf({ before, after, currency, isKept }: ComparisonWords, pairs: readonly FigurePair[]): string {
  const steps = pairs.map((pair) => {
    const { statusBefore: from, statusAfter: to } = moveOf(pair);
    return from === null || to === null ? 0 : ranks[to] - ranks[from];
  });
  const moved = pairs.map(moveOf).filter(isMove).length;
  const better = steps.filter((step) => step > 0).length;
  const worse = steps.filter((step) => step < 0).length;
  const now = isKept ? '' : ', which is now';
  return `From ${minute(before.asOf)} to ${minute(after.asOf)}${now}, in ${currency}. ${moved} of ${pairs.length} figures moved; ${better} stand better, ${worse} worse.`;
}

function figureTable(pairs: readonly FigurePair[], heads: Heads): Block[] {
  const value = (figure: KeptFigure | null): string =>
    figure === null ? '' : marked(shown(figure.metric.figure.value, figure.metric), figure.quality ?? null).trim();
  const rows = table({
    heading: 'Figures',
    head: ['Figure', ...heads, 'Change'],
    of: { rows: pairs, more: 0 },
    cells: (pair) => [
      figureName(pair.metric),
      value(pair.before),
      value(pair.after),
      shownChange(moveOf(pair).change, pair.metric),
    ],
    numbers: [...heads, 'Change'],
  });
  const rated = (side: 'before' | 'after') =>
    pairs.flatMap((pair) => {
      const figure = pair[side];
      return figure ? [{ metric: figure.metric, quality: figure.quality ?? null }] : [];
    });
  return [...rows, ...doubts(rated('before'), heads[0]), ...doubts(rated('after'), heads[1])];
}

/** Targets and thresholds move too: those of a quota grow by the day. */
function standingTable(pairs: readonly FigurePair[], heads: Heads): Block[] {
  const measure = ({ metric, before, after }: FigurePair, name: 'target' | 'threshold'): string => {
    const is = shown((after ?? before)?.[name] ?? null, metric);
    const was = shown((before ?? after)?.[name] ?? null, metric);
    return is === was ? is : `${is || 'none'}, was ${was || 'none'}`;
  };
  return table({
    heading: 'How they stand',
    head: ['Figure', 'Target', 'Threshold', ...heads],
    of: { rows: pairs.filter(({ before, after }) => before?.status || after?.status), more: 0 },
    cells: (pair) => [
      figureName(pair.metric),
      measure(pair, 'target'),
      measure(pair, 'threshold'),
      pair.before?.status?.toLowerCase() ?? '',
      pair.after?.status?.toLowerCase() ?? '',
    ],
    numbers: ['Target', 'Threshold'],
    mark: ({ after }) => (after?.status ? marks[after.status] : null),
  });
}
