import { moneyText } from '../change-requests/quote.document.ts';
import { decimal, type Decimal } from '../kernel/decimal.ts';
import type { PresentedMetric } from '../kernel/metric.graphql.ts';

/** Ratios that people read as so many times something, and not as a part of it. */
const timesOf: ReadonlySet<string> = new Set([
  'pipelineCoverage',
  'remainingQuotaCoverage',
  'costPerformanceIndex',
  'schedulePerformanceIndex',
]);

type Unit = Pick<PresentedMetric, 'definition' | 'currency'>;

/** A figure as people read it: rounded here and nowhere else. Empty where there is none. */
export function shown(value: string | null, metric: Unit): string {
  if (value === null) return '';
  return inUnit(decimal(value), metric, { percent: '%', round: (number, places) => number.toDecimalPlaces(places) });
}

/** By how much a figure moved, with its sign, and what is a part of something in points; empty where it did not. */
export function shownChange(change: string | null, metric: Unit): string {
  const by = decimal(change ?? '0');
  if (by.isZero()) return '';
  return `${by.isNegative() ? '-' : '+'}${inUnit(by.abs(), metric, { percent: 'points', round: neverToNothing })}`;
}

/** What moved by less than is shown did move. */
function neverToNothing(number: Decimal, places: number): Decimal {
  const near = number.toDecimalPlaces(places);
  return near.isZero() ? number.toSignificantDigits(1) : near;
}

function inUnit(
  number: Decimal,
  { definition: { name, unit }, currency }: Unit,
  { percent, round }: { percent: string; round(number: Decimal, places: number): Decimal },
): string {
  switch (unit) {
    case 'MONEY':
      return currency === null
        ? round(number, 2).toFixed()
        : moneyText({ amount: round(number, 2).toFixed(), currency });
    case 'SECONDS':
      return `${round(number.div(3_600), 1).toFixed()} h`;
    case 'RATIO':
      return timesOf.has(name) ? round(number, 2).toFixed() : `${round(number.times(100), 1).toFixed()} ${percent}`;
    default:
      return round(number, 1).toFixed();
  }
}

/** An instant to the minute, in UTC. */
export function minute(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
