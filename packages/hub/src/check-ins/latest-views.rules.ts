import { decimal, larger, smaller, type Decimal } from '../kernel/decimal.ts';
import { perspectives, type Perspective } from './opportunity-view.ts';

/** What the essence looks at. */
export interface Confident {
  confidence: string | null;
}

export interface NextStep {
  text: string;
  date: string | null;
}

const names: Readonly<Record<Perspective, string>> = { SELLER: 'Seller', CLIENT: 'client', OPERATIONS: 'operations' };

/**
 * One line out of the latest views: how sure each side is, how far they are apart, and what happens next. Null as long as
 * nobody has said anything. Pure.
 */
export function essenceOf(
  views: Readonly<Partial<Record<Perspective, Confident | null>>>,
  nextStep: NextStep | null,
): string | null {
  if (perspectives.every((each) => !views[each])) return null;
  const sides = perspectives.map((each) => `${names[each]} ${sureness(views[each] ?? null)}`).join(', ');
  const known = perspectives.flatMap((each) => {
    const confidence = views[each]?.confidence ?? null;
    return confidence === null ? [] : [decimal(confidence)];
  });
  const next = nextStep
    ? `Next: ${nextStep.text}${nextStep.date === null ? '' : ` (${nextStep.date})`}`
    : 'No next step';
  return `${sides}${apart(known)}. ${next}${/[.!?]$/.test(next) ? '' : '.'}`.replace(/\s+/g, ' ');
}

function sureness(view: Confident | null): string {
  if (!view) return 'not heard';
  return view.confidence === null ? 'gives no figure' : `${points(decimal(view.confidence))} %`;
}

function apart([first, ...others]: readonly Decimal[]): string {
  if (!first || others.length === 0) return '';
  const span = others.reduce(larger, first).minus(others.reduce(smaller, first));
  return span.isZero() ? ': they agree' : `: ${points(span)} points apart`;
}

function points(share: Decimal): string {
  return share.times(100).toDecimalPlaces(0).toFixed();
}
