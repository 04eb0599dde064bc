import type { MoneyValue } from '@plumbline/connector';
import type { DealFacts } from '../check-ins/deal-questions.rules.ts';
import type { Question, QuestionRule, Severity } from '../check-ins/question.rules.ts';
import { decimal, larger, type Decimal } from '../kernel/decimal.ts';
import { marginOf } from '../money/margin-floor.rules.ts';
import type { CapacityCheck } from '../proposals/capacity-check.store.ts';
import type { ProposalTerms } from '../proposals/proposal-terms.rules.ts';
import { complianceOf, type Standard } from '../proposals/standard.rules.ts';

/** What is looked at before a signature beside the questions of a review: how grave it is, and when it is found. */
export const termRules = {
  NO_PROPOSAL: { severity: 'HIGH', meaning: 'There is no proposal to sign.' },
  NO_PRICE: { severity: 'HIGH', meaning: 'The proposal says no price.' },
  CURRENCY_DIFFERS: { severity: 'HIGH', meaning: 'The deal and the proposal are in different currencies.' },
  AMOUNT_DIFFERS: { severity: 'HIGH', meaning: 'The amount of the deal is not the price of the proposal.' },
  NO_PLANNED_COST: { severity: 'HIGH', meaning: 'Nobody has said what the work will cost.' },
  MARGIN_UNKNOWN: { severity: 'HIGH', meaning: 'Price and planned cost make no margin.' },
  MARGIN_BELOW_FLOOR: { severity: 'HIGH', meaning: 'The margin is beneath the floor.' },
  NO_DELIVERABLES: { severity: 'HIGH', meaning: 'The proposal does not say what the client gets.' },
  NO_PLAN: { severity: 'HIGH', meaning: 'The proposal says no days, no roles or no work.' },
  SOW_INCOMPLETE: {
    severity: 'HIGH',
    meaning: 'The proposal does not say what the standard that holds says it must.',
  },
  STARTS_BEFORE_CLOSE: { severity: 'HIGH', meaning: 'Work would begin before the deal is to close.' },
  CAPACITY_SHORT: { severity: 'HIGH', meaning: 'There are not enough people for what is promised.' },
  CAPACITY_UNKNOWN: { severity: 'MEDIUM', meaning: 'Nobody can tell whether there are enough people.' },
} as const satisfies Record<string, { severity: Severity; meaning: string }>;
type TermRule = keyof typeof termRules;

export type AuditRule = TermRule | QuestionRule;

/** What is missing or risky, and what it would cost; where nobody can tell that, why. */
export interface AuditItem {
  rule: AuditRule;
  severity: Severity;
  text: string;
  cost: MoneyValue | null;
  /** Why there is no cost; null where there is one. */
  reason: string | null;
  rows: Question['rows'];
}

export interface AuditFacts {
  deal: DealFacts;
  questions: readonly Question[];
  /** Null where there is no proposal. */
  capacity: CapacityCheck | null;
  /** What every proposal has to say. */
  standard: Standard;
  /** The least margin without a waiver: 0.20 is 20 %. */
  marginFloor: string;
}

type Cost = { cost: MoneyValue; reason: null } | { cost: null; reason: string };

const unmeasured: Cost = { cost: null, reason: 'Nobody has measured what that costs.' };
const LEAST_DIFFERENCE = 100;
const LEAST_SHARE = '0.01';
const MONEY_PLACES = 18;

/** Everything that is missing or risky before the signature, the terms first. Pure. */
export function auditOf(facts: AuditFacts): AuditItem[] {
  const { deal, questions } = facts;
  // Without a proposal there is nothing to review, which is found anyway.
  const asked = questions
    .filter(({ rule }) => deal.offered || rule !== 'NOT_REVIEWED')
    .map((question) => ({ ...question, ...costOfQuestion(question, deal) }));
  const ofDeal = [{ kind: 'opportunity', id: deal.id }] as const;
  if (!deal.offered) return [withoutProposal(deal, ofDeal), ...asked];
  const { id, terms } = deal.offered.proposal;
  const rows = [{ kind: 'proposal', id }] as const;
  const looked = { ...facts, terms, rows, both: [...rows, ...ofDeal] };
  return [
    ...priceItems(looked),
    ...marginItems(looked),
    ...contentItems(looked),
    ...startItems(looked),
    ...capacityItems(looked),
    ...asked,
  ];
}

/** Of a firm that keeps its offers elsewhere, or did then, it is only said that nobody looks at the terms. */
function withoutProposal({ isKeptHere }: DealFacts, rows: AuditItem['rows']): AuditItem {
  if (isKeptHere) return item('NO_PROPOSAL', { text: 'There is no proposal to sign.', rows });
  const text = 'What is offered is not kept here, so nobody looks at its terms.';
  return { ...item('NO_PROPOSAL', { text, rows }), severity: 'LOW' };
}

/** What is looked at, and the rows behind what is found: the proposal, and the proposal and the deal. */
interface Looked extends AuditFacts {
  terms: ProposalTerms;
  rows: AuditItem['rows'];
  both: AuditItem['rows'];
}

function item(rule: TermRule, found: { text: string; rows: AuditItem['rows']; cost?: Cost }): AuditItem {
  const { text, rows, cost = unmeasured } = found;
  return { rule, severity: termRules[rule].severity, text, rows, ...cost };
}

function money(amount: Decimal, currency: string): Cost {
  return { cost: { amount: amount.toDecimalPlaces(MONEY_PLACES).toFixed(), currency }, reason: null };
}

function unknown(reason: string): Cost {
  return { cost: null, reason };
}

function plain({ amount, currency }: MoneyValue): string {
  return `${decimal(amount).toFixed()} ${currency}`;
}

function priceItems({ deal, terms: { price }, rows, both }: Looked): AuditItem[] {
  if (!price) return [item('NO_PRICE', { text: 'The proposal says no price.', rows })];
  if (!deal.amount) return [];
  if (deal.amount.currency !== price.currency) {
    const text = `The deal is in ${deal.amount.currency}, the proposal in ${price.currency}.`;
    return [item('CURRENCY_DIFFERS', { text, rows: both })];
  }
  const difference = decimal(deal.amount.amount).minus(price.amount).abs();
  const tolerated = larger(decimal(price.amount).abs().times(LEAST_SHARE), decimal(LEAST_DIFFERENCE));
  if (difference.lessThanOrEqualTo(tolerated)) return [];
  const text = `The deal is ${plain(deal.amount)}, the proposal ${plain(price)}.`;
  return [item('AMOUNT_DIFFERS', { text, rows: both, cost: money(difference, price.currency) })];
}

function marginItems({ terms: { price, plannedCost }, marginFloor: floor, rows }: Looked): AuditItem[] {
  if (!plannedCost) {
    const text = 'Nobody has said what the work will cost, so the margin is not known.';
    return [item('NO_PLANNED_COST', { text, rows })];
  }
  if (!price) return [];
  const margin = marginOf({ price, cost: plannedCost });
  if (margin === null) {
    const why =
      price.currency === plannedCost.currency
        ? `The price is ${plain(price)}, which is not above zero`
        : `The price is in ${price.currency} and the planned cost in ${plannedCost.currency}`;
    return [item('MARGIN_UNKNOWN', { text: `${why}, so the margin is not known.`, rows, cost: unknown(`${why}.`) })];
  }
  if (decimal(margin).greaterThanOrEqualTo(floor)) return [];
  const missing = decimal(price.amount).times(floor).minus(decimal(price.amount).minus(plannedCost.amount));
  const text = `The margin is ${percent(margin)}, and the floor ${percent(floor)}.`;
  return [item('MARGIN_BELOW_FLOOR', { text, rows, cost: money(missing, price.currency) })];
}

function percent(share: string): string {
  return `${decimal(share).times(100).toDecimalPlaces(1).toFixed()} %`;
}

function contentItems({ terms, standard, rows }: Looked): AuditItem[] {
  const { deliverables, start, end, plannedSeconds, roles } = terms;
  const found = (rule: TermRule, parts: Readonly<Record<string, unknown>>): AuditItem[] => {
    const missing = Object.entries(parts).flatMap(([name, value]) => (value ? [] : [name]));
    return missing.length === 0 ? [] : [item(rule, { text: `The proposal says no ${missing.join(', no ')}.`, rows })];
  };
  return [
    ...found('NO_DELIVERABLES', { deliverables: deliverables?.length }),
    ...found('NO_PLAN', { 'first day': start, 'last day': end, work: plannedSeconds, roles: roles?.length }),
    ...standardItems(terms, { standard, rows }),
  ];
}

function standardItems(terms: ProposalTerms, { standard, rows }: Pick<Looked, 'standard' | 'rows'>): AuditItem[] {
  const missing = complianceOf(terms, standard).missing.filter(({ clause }) => clause.severity === 'MUST');
  if (missing.length === 0) return [];
  const text = missing.map(({ clause, found }) => `${clause.wants} ${found}`).join(' ');
  return [item('SOW_INCOMPLETE', { text, rows })];
}

/** What the work would cost that is done before the deal is to close, if it costs the same on every day. */
function startItems({ deal: { closeDate }, terms, both: rows }: Looked): AuditItem[] {
  const { start, end, plannedCost } = terms;
  if (start === null || closeDate === null || start >= closeDate) return [];
  const text = `Work would begin on ${start}, and the deal is to close on ${closeDate}.`;
  if (end === null || end < start || !plannedCost)
    return [item('STARTS_BEFORE_CLOSE', { text, rows, cost: unknown('The plan says no end or no cost.') })];
  const days = daysBetween(start, end) + 1;
  const early = Math.min(days, daysBetween(start, closeDate));
  const cost = money(decimal(plannedCost.amount).times(early).div(days), plannedCost.currency);
  return [item('STARTS_BEFORE_CLOSE', { text, rows, cost })];
}

function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
}

/** What the hours that nobody can work would cost, at what an hour of the plan costs. */
function capacityItems({ capacity, terms: { plannedCost, plannedSeconds }, rows }: Looked): AuditItem[] {
  if (!capacity || capacity.feasible === true) return [];
  const text = capacity.reason ?? 'Nobody can tell whether there are enough people.';
  if (capacity.feasible === null) return [item('CAPACITY_UNKNOWN', { text, rows })];
  if (!plannedCost || !plannedSeconds)
    return [item('CAPACITY_SHORT', { text, rows, cost: unknown('Nobody has said what an hour of the plan costs.') })];
  const short = capacity.weeks.reduce((sum, week) => sum + week.short, 0);
  const cost = money(decimal(plannedCost.amount).times(short).div(plannedSeconds), plannedCost.currency);
  return [item('CAPACITY_SHORT', { text, rows, cost })];
}

/** What is in the forecast that the seller does not see, and what fell away; the rest nobody has measured. */
function costOfQuestion({ rule }: Question, { amount, amountBefore, probability, latest }: DealFacts): Cost {
  if (!amount) return unmeasured;
  if (rule === 'AMOUNT_CHANGED' && amountBefore?.currency === amount.currency) {
    const lost = decimal(amountBefore.amount).minus(amount.amount);
    return lost.greaterThan(0) ? money(lost, amount.currency) : unknown('It grew.');
  }
  const confidence = latest.views.SELLER?.confidence ?? null;
  if (rule !== 'CONFIDENCE_GAP' || probability === null || confidence === null) return unmeasured;
  const gap = decimal(probability).minus(confidence);
  if (gap.lessThanOrEqualTo(0)) return unknown('The forecast counts less than the seller does.');
  return money(gap.times(amount.amount), amount.currency);
}
