import type { MoneyValue } from '@plumbline/connector';
import type { Audience, Perspective } from '../check-ins/opportunity-view.ts';
import { moneyText } from '../change-requests/quote.document.ts';
import { decimal } from '../kernel/decimal.ts';
import type { Block, Document, RowMark } from '../kernel/document.ts';
import { spokenCode, spokenName } from '../kernel/names.ts';
import type { FigureQuality } from '../sources/figure-quality.rules.ts';
import { doubts, figureName, marked } from './figure-doubts.ts';
import { list, table, type Listed } from './listed-table.ts';
import type { FigureStatus } from './judgement.rules.ts';
import type { JudgedFigure } from './pack-figures.store.ts';
import type { Movement } from './movement.rules.ts';
import type { ReviewLens } from './review-scope.ts';
import { minute, shown } from './shown.ts';

/** What the document of a review says: with names for ids, and texts as people wrote them. */
export interface ReviewWords {
  of: string;
  lens: ReviewLens;
  now: string;
  since: string;
  /** Each with the sources it depends on that are late, and the quality of what it is computed of. */
  figures: readonly (JudgedFigure & { stale: readonly string[]; quality: FigureQuality | null })[];
  movements: Listed<
    Pick<Movement, 'operation' | 'field' | 'at'> & { record: string; before: string; after: string; who: string }
  > & {
    recordsLeftOut: number;
  };
  questions: Listed<{ severity: string; text: string; record: string }>;
  points: Listed<{
    kind: 'obstacle' | 'closeNeed';
    title: string;
    /** Since when it is open, in whole days; null where nobody knows. */
    ageDays: number | null;
    due: string | null;
    owner: string;
  }>;
  views: Listed<{
    record: string;
    perspective: Perspective;
    text: string;
    confidence: string | null;
    next_step: string | null;
    next_step_date: string | null;
    help_wanted: string | null;
    audience: Audience;
  }>;
  deals: Listed<{
    name: string;
    client: string;
    owner: string;
    stage: string;
    amount: MoneyValue | null;
    closeDate: string;
  }>;
  projects: Listed<{ name: string; client: string; manager: string; status: string; end: string }>;
  leftOut: Listed<{ record: string; reason: string }>;
}

export const lensWords: Readonly<Record<ReviewLens, string>> = {
  SALES: 'sales',
  DELIVERY: 'delivery',
  BOTH: 'sales and delivery',
};

/** How the row of a figure looks, by how it stands. */
export const marks = { GOOD: 'good', WATCH: 'watch', BAD: 'bad' } as const satisfies Record<FigureStatus, RowMark>;

/** A review as a document. Pure. */
export function composeReview(words: ReviewWords): Document {
  const { lens, questions, points, views, deals, projects, leftOut } = words;
  return {
    title: `Review of ${words.of}: ${lensWords[lens]}`,
    blocks: [
      { kind: 'status', text: statusOf(words) },
      ...figureTable(words),
      ...decisions(words.figures),
      ...table({
        heading: 'What to ask',
        head: ['About', 'Question', 'How grave'],
        of: questions,
        cells: ({ severity, record, text }) => [record, text, severity.toLowerCase()],
      }),
      ...movementTable(words),
      ...table({
        heading: 'In the way, and needed',
        head: ['What', 'It is', 'Who', 'Open for', 'Due'],
        of: points,
        cells: ({ kind, title, owner, ageDays, due }) => [
          title,
          kind === 'obstacle' ? 'in the way' : 'needed',
          owner,
          ageDays === null ? '' : `${ageDays} day${ageDays === 1 ? '' : 's'}`,
          due ?? '',
        ],
      }),
      ...viewTable(views),
      ...dealTable(deals),
      ...table({
        heading: 'Projects under way',
        head: ['Project', 'Client', 'Manager', 'Status', 'End'],
        of: projects,
        cells: ({ name, client, manager, status, end }) => [name, client, manager, spokenCode(status), end],
      }),
      ...table({
        heading: 'In none of the figures',
        head: ['Project', 'Why'],
        of: leftOut,
        cells: ({ record, reason }) => [record, reason],
      }),
    ],
  };
}

function statusOf({ figures, now, since }: ReviewWords): string {
  const count = (status: JudgedFigure['status']): number => figures.filter((each) => each.status === status).length;
  const counted = `${count('GOOD')} of ${figures.length} figures are good, ${count('WATCH')} to watch, ${count('BAD')} bad.`;
  const late = [...new Set(figures.flatMap(({ stale }) => stale))].toSorted();
  const badge = late.length === 0 ? '' : ` Not fresh: ${late.join(', ')}; figures that depend on it say so.`;
  return `As of ${minute(now)}, movements since ${minute(since)}. ${counted}${badge}`;
}

function figureTable({ figures }: ReviewWords): Block[] {
  const rows = table({
    heading: 'Figures',
    head: ['Figure', 'Value', 'Target', 'Threshold', 'Status', 'Why'],
    of: { rows: figures, more: 0 },
    cells: ({ metric, target, threshold, status, reason, stale, quality }) => [
      marked(figureName(metric), quality),
      shown(metric.figure.value, metric),
      shown(target, metric),
      shown(threshold, metric),
      status?.toLowerCase() ?? '',
      stale.length === 0 ? reason : `${reason} Not fresh: ${stale.join(', ')}.`,
    ],
    numbers: ['Value', 'Target', 'Threshold'],
    mark: ({ status }) => (status === null ? null : marks[status]),
  });
  return [...rows, ...doubts(figures)];
}

/** What the figures suggest to decide. Pure. */
export function decisions(figures: readonly Pick<JudgedFigure, 'metric' | 'suggestion'>[]): Block[] {
  const items = figures.flatMap(({ metric, suggestion }) =>
    suggestion === null ? [] : [`${figureName(metric)}: ${suggestion}`],
  );
  return list('Suggested decisions', items);
}

function movementTable({ movements }: ReviewWords): Block[] {
  const rows = table({
    heading: 'What moved',
    head: ['When', 'Record', 'What', 'From', 'To', 'Who'],
    of: movements,
    cells: ({ at, record, field, operation, before, after, who }) => [
      minute(at),
      record,
      field === null ? operation.toLowerCase() : spokenName(field),
      before,
      after,
      who,
    ],
  });
  const { recordsLeftOut: left } = movements;
  if (left === 0) return rows;
  return [...rows, { kind: 'text', text: `${left} more record${left === 1 ? '' : 's'} moved before these.` }];
}

function viewTable(views: ReviewWords['views']): Block[] {
  return table({
    heading: 'What people say',
    head: ['About', 'Side', 'Sure', 'View', 'Next step', 'What would help'],
    of: views,
    cells: ({ record, perspective, confidence, text, audience, next_step: step, next_step_date: day, ...view }) => [
      record,
      perspective.toLowerCase(),
      confidence === null ? '' : `${decimal(confidence).times(100).toDecimalPlaces(0).toFixed()} %`,
      audience === 'TEAM' || audience === 'CLIENT' ? text : `${text} (${audience.toLowerCase()})`,
      step === null ? '' : `${step}${day === null ? '' : ` (${day})`}`,
      view.help_wanted ?? '',
    ],
  });
}

function dealTable(deals: ReviewWords['deals']): Block[] {
  return table({
    heading: 'Open deals',
    head: ['Deal', 'Client', 'Seller', 'Stage', 'Amount', 'Close date'],
    of: deals,
    cells: ({ name, client, owner, stage, amount, closeDate }) => [
      name,
      client,
      owner,
      stage,
      amount === null ? '' : moneyText(amount),
      closeDate,
    ],
    numbers: ['Amount'],
  });
}
