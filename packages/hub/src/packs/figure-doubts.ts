import { decimal } from '../kernel/decimal.ts';
import type { Block } from '../kernel/document.ts';
import type { PresentedMetric } from '../kernel/metric.graphql.ts';
import { spokenName } from '../kernel/names.ts';
import { isLow, type FigureQuality, type Shortfall } from '../sources/figure-quality.rules.ts';

interface Rated {
  metric: Pick<PresentedMetric, 'definition'>;
  quality: FigureQuality | null;
}

const MARK = '†';
/** As many shortfalls as are named of a figure. */
const MOST_NAMED = 3;

/** A text, with a mark where the quality of what it is computed of is low. Pure. */
export function marked(text: string, quality: FigureQuality | null): string {
  return quality && isLow(quality) ? `${text} ${MARK}` : text;
}

export function figureName({ definition }: Pick<PresentedMetric, 'definition'>): string {
  return capital(spokenName(definition.name));
}

/**
 * What the marks mean: each quality that is low, with the figures that it is of and what lowers it; `on` is the day where
 * there are marks of several. Pure.
 */
export function doubts(figures: readonly Rated[], on?: string): Block[] {
  const low = figures.flatMap(({ metric, quality }) => (quality && isLow(quality) ? [{ metric, quality }] : []));
  const [first] = low;
  if (!first) return [];
  const alike = Map.groupBy(low, ({ quality }) => said(quality));
  return [
    {
      kind: 'text',
      text: `${MARK} ${on === undefined ? 'The' : `On ${on}, the`} quality of what it is computed of ${on === undefined ? 'is' : 'was'} beneath ${percent(first.quality.threshold)}.`,
    },
    {
      kind: 'list',
      items: [...alike].map(([words, of]) => `${of.map(({ metric }) => figureName(metric)).join(', ')}: ${words}`),
    },
  ];
}

function said({ figure, kind, records, shortfalls }: FigureQuality): string {
  const things = `${records} ${kind === 'project' ? 'project' : 'deal'}${records === 1 ? '' : 's'}`;
  const left = shortfalls.slice(MOST_NAMED).reduce((total, { count }) => total + count, 0);
  return [
    `${percent(figure.figure.value ?? '0')}, of ${things}.`,
    ...shortfalls.slice(0, MOST_NAMED).map(shortfallText),
    ...(left > 0 ? [`${left} more such field${left === 1 ? '' : 's'}.`] : []),
    ...(figure.inputs['fresh'] === '1' ? [] : ['Its source is late.']),
  ].join(' ');
}

function shortfallText({ field, problem, count }: Shortfall): string {
  return `${capital(spokenName(field))} (${count}): ${problem}`;
}

/** Never rounded up, so that what is beneath a threshold looks so. */
function percent(share: string): string {
  return `${decimal(share).times(1_000).floor().div(10).toFixed()} %`;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
