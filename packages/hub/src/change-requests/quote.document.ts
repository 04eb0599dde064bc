import type { MoneyValue } from '@plumbline/connector';
import { decimal } from '../kernel/decimal.ts';
import type { Document } from '../kernel/document.ts';
import type { ChangeRequestState } from './change-control.rules.ts';

/** What a client may know of a change request: never its cost, its margin, a waiver or a reason given inside the firm. */
export interface QuoteFacts {
  state: ChangeRequestState | null;
  key: string | null;
  title: string | null;
  description: string | null;
  project: string | null;
  client: string | null;
  price: MoneyValue | null;
  effortSeconds: number | null;
  scheduleDays: number | null;
  /** The last day of the project and the contract's value, as they were when it was quoted. */
  end: string | null;
  contractValue: MoneyValue | null;
  /** The local days of the offer; null as long as nobody has quoted it here. */
  quotedOn: string | null;
  validUntil: string | null;
  decision: { accepted: boolean; by: string; on: string } | null;
}

/** Composes the quote, or says in a sentence why there is none. Pure. */
export function composeQuote(facts: QuoteFacts): { document: Document } | { reason: string } {
  const { price, effortSeconds, scheduleDays, state, decision } = facts;
  if (state === 'WITHDRAWN') return { reason: 'It was withdrawn.' };
  if (state === 'ABSORBED') return { reason: 'It is given away, so there is nothing to quote.' };
  if (!price) return { reason: 'Its price is not known yet.' };
  if (effortSeconds === null) return { reason: 'Its work is not known yet.' };
  if (scheduleDays === null) return { reason: 'Its effect on the schedule is not known yet.' };
  const title = facts.title ?? 'Change request';
  const asked = (facts.description ?? '').split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const about = given([
    ['Client', facts.client],
    ['Project', facts.project],
    ['Request', facts.key],
  ]);
  const means = given([
    ['Price', moneyText(price)],
    ['Additional work', `${hours(effortSeconds)} hours`],
    ['Schedule', scheduleText(scheduleDays, facts.end)],
    ...contractRows(price, facts.contractValue),
    ['Valid until', facts.validUntil],
  ]);
  return {
    document: {
      title: `Quote for a change: ${title}`,
      blocks: [
        { kind: 'status', text: statusOf(facts) },
        { kind: 'pairs', rows: about },
        { kind: 'heading', text: 'What is asked for' },
        { kind: 'quote', lines: asked.length === 0 ? [title] : asked },
        { kind: 'heading', text: 'What it means' },
        { kind: 'pairs', rows: means },
        { kind: 'heading', text: 'Decision' },
        decision ? { kind: 'text', text: decisionText(decision) } : { kind: 'pairs', rows: roomToDecide },
      ],
    },
  };
}

const roomToDecide = [
  ['Decision', '☐ accepted / ☐ declined'],
  ['Name', ''],
  ['Date', ''],
  ['Signature', ''],
] as const;

function statusOf({ decision, quotedOn }: QuoteFacts): string {
  if (decision) return decisionText(decision);
  return quotedOn ? `Offer of ${quotedOn}.` : 'Draft, not an offer: nobody has released it yet.';
}

function decisionText({ accepted, by, on }: NonNullable<QuoteFacts['decision']>): string {
  return `${accepted ? 'Accepted' : 'Declined'} by ${by} on ${on}.`;
}

function contractRows(price: MoneyValue, before: MoneyValue | null): [string, string | null][] {
  if (!before) return [];
  const after = decimal(before.amount).plus(price.amount).toFixed();
  return [
    ['Contract value before', moneyText(before)],
    [
      'Contract value after',
      before.currency === price.currency
        ? moneyText({ amount: after, currency: before.currency })
        : `${moneyText(before)} and ${moneyText(price)}`,
    ],
  ];
}

function scheduleText(days: number, end: string | null): string {
  if (days === 0) return 'No change';
  const moved = `${Math.abs(days)} calendar day${Math.abs(days) === 1 ? '' : 's'} ${days > 0 ? 'later' : 'earlier'}`;
  return end ? `${moved}: ${Temporal.PlainDate.from(end).add({ days }).toString()} instead of ${end}` : moved;
}

function hours(seconds: number): string {
  return decimal(seconds).div(3_600).toDecimalPlaces(2).toFixed();
}

/** Every digit there is, at least as many decimal places as the currency has. */
export function moneyText({ amount, currency }: MoneyValue): string {
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    maximumFractionDigits: 18,
  });
  return format.format(amount as Intl.StringNumericLiteral).replaceAll('\u00A0', ' ');
}

function given(rows: readonly (readonly [string, string | null])[]): [string, string][] {
  return rows.flatMap(([label, value]): [string, string][] => (value === null ? [] : [[label, value]]));
}
