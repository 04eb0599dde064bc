import type { MoneyValue } from '@plumbline/connector';
import { decimal } from '../kernel/decimal.ts';
import { closeDatePushes } from '../opportunities/close-date.metrics.ts';
import { stageAgeing } from '../opportunities/stage.metrics.ts';
import type { StageStay } from '../opportunities/stage.store.ts';
import type { CheckInSettings } from './check-ins.settings.ts';
import type { ReviewState } from '../reviews/feasibility-review.rules.ts';
import type { Offered } from './offered.store.ts';
import type { OpenPoint } from './open-points.store.ts';
import type { LatestViews } from './opportunity-view.store.ts';
import { ask, quoted, type Asked, type Question } from './question.rules.ts';
import { helpQuestions, pointQuestions, viewQuestion, wholeDays } from './shared-questions.rules.ts';

/** What the questions about a deal are made of. */
export interface DealFacts {
  id: string;
  isOpen: boolean;
  /** Whether the client has been offered something, by its state. */
  isProposed: boolean;
  /** Whether the firm kept its offers here by the time this deal came into its stage: what is not here then is missing. */
  isKeptHere: boolean;
  /** What is offered, and where its review stands; null where there is no proposal. */
  offered: Offered | null;
  closeDate: string | null;
  nextStep: string | null;
  nextStepDate: string | null;
  /** The last contact with the client, or else when the deal was made. */
  activeAt: string | null;
  amount: MoneyValue | null;
  /** What it was so many days ago as the settings say; null where nobody knows. */
  amountBefore: MoneyValue | null;
  probability: string | null;
  owner: { hasLeft: boolean } | null;
  closeDates: readonly (string | null)[];
  stay: StageStay;
  latest: LatestViews;
  points: readonly OpenPoint[];
}

interface Asking {
  now: string;
  settings: CheckInSettings;
}

/** What there is to ask about a deal; nothing about one that is closed. What is not known asks nothing. Pure. */
export function dealQuestions(deal: DealFacts, asking: Asking): Question[] {
  if (!deal.isOpen) return [];
  const subject = { kind: 'opportunity', id: deal.id } as const;
  const { now, settings } = asking;
  const { views } = deal.latest;
  const seen = Object.values(views).reduce<string | null>((last, view) => laterOf(last, view?.as_of ?? null), null);
  return [
    ...reviewQuestion(deal),
    ...ownerQuestion(deal),
    ...closeDateQuestions(deal, asking),
    ...stageQuestion(deal, asking),
    ...activityQuestion(deal, asking),
    ...amountQuestion(deal, asking),
    ...confidenceQuestion(deal, asking),
    ...helpQuestions(subject, deal.latest),
    ...pointQuestions(subject, deal.points, now.slice(0, 10)),
    ...viewQuestion(subject, { seen, now, viewDays: settings.viewDays, who: 'the seller' }),
  ];
}

function askOf({ id }: DealFacts, asked: Asked): Question[] {
  return [ask({ kind: 'opportunity', id }, asked)];
}

function laterOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Temporal.Instant.compare(a, b) < 0 ? b : a;
}

function ownerQuestion(deal: DealFacts): Question[] {
  if (deal.owner && !deal.owner.hasLeft) return [];
  const text = deal.owner ? 'Its seller has left: who sells it now?' : 'It has no seller: who sells it?';
  return askOf(deal, { rule: 'NO_OWNER', text });
}

function reviewQuestion(deal: DealFacts): Question[] {
  const rule = 'NOT_REVIEWED';
  const { offered, isProposed, isKeptHere } = deal;
  const review = offered?.review ?? 'MISSING';
  if (!isProposed || review === 'FEASIBLE' || review === 'CONDITIONAL') return [];
  // What counted until the client said yes does not grow old by it.
  if (review === 'EXPIRED' && offered?.proposal.state === 'ACCEPTED') return [];
  // A firm that keeps its offers elsewhere, or did then, would be asked about every single one.
  if (!offered && !isKeptHere) return [];
  if (!offered)
    return askOf(deal, { rule, text: 'The client has an offer that is not kept here: who has looked at it?' });
  const rows = [{ kind: 'proposal', id: offered.proposal.id }] as const;
  return askOf(deal, { rule, text: `${reviewText[review]}: can it be delivered?`, rows });
}

const reviewText: Readonly<Record<Exclude<ReviewState, 'FEASIBLE' | 'CONDITIONAL'> | 'MISSING', string>> = {
  MISSING: 'Nobody has reviewed what is offered',
  REQUESTED: 'The review of what is offered has not begun',
  IN_REVIEW: 'What is offered is still in review',
  STALE: 'The terms are not those that were reviewed',
  EXPIRED: 'The review of what is offered is too old',
  NOT_FEASIBLE: 'What is offered was found not feasible',
};

function closeDateQuestions(deal: DealFacts, { now, settings }: Asking): Question[] {
  const today = now.slice(0, 10);
  const { closeDate } = deal;
  if (closeDate === null || closeDate >= today) return pushQuestions(deal, today, settings);
  const text = `It was to close on ${closeDate} and is open: when will it, or is it lost?`;
  return [...askOf(deal, { rule: 'CLOSE_DATE_PAST', text }), ...pushQuestions(deal, today, settings)];
}

/** What was put off, and what happens next, in one question where both are in doubt. */
function pushQuestions(deal: DealFacts, today: string, { questions }: CheckInSettings): Question[] {
  const step = stepAhead(deal, today);
  const pushes = Number(closeDatePushes.compute({ closeDates: deal.closeDates }).value ?? 0);
  const putOff = `The close date was put off ${pushes === 1 ? 'once' : `${pushes} times`}`;
  if (step === null && pushes < questions.manyPushes) return [];
  if (step === null) return askOf(deal, { rule: 'REQUALIFY', text: `${putOff}: does the deal still qualify?` });
  if (pushes >= questions.pushes)
    return askOf(deal, { rule: 'CLOSE_DATE_MOVED', text: `${putOff} and ${step}: what changed?` });
  const begun = `${step.charAt(0).toUpperCase()}${step.slice(1)}`;
  return askOf(deal, { rule: 'NO_NEXT_STEP', text: `${begun}: what happens next, and when?` });
}

/** Null where a next step lies ahead, by the CRM or by a view; otherwise what is so instead. */
function stepAhead({ nextStep, nextStepDate, latest }: DealFacts, today: string): string | null {
  const said = latest.withNextStep;
  const steps = [
    { text: said?.next_step ?? null, date: said?.next_step_date ?? null },
    { text: nextStep, date: nextStepDate },
  ].filter(({ text, date }) => text !== null || date !== null);
  if (steps.some(({ date }) => date !== null && date >= today)) return null;
  const [step] = steps;
  if (!step) return 'there is no next step';
  const named = step.text === null ? 'the next step' : `the next step ${quoted(step.text)}`;
  return step.date === null ? `${named} has no day` : `${named} was due on ${step.date}`;
}

/** A median of fewer stays says little. */
const LEAST_STAYS = 5;

function stageQuestion(deal: DealFacts, { settings }: Asking): Question[] {
  const { value } = stageAgeing.compute({ ...deal.stay });
  if (value === null || deal.stay.stays < LEAST_STAYS || decimal(value).lessThan(settings.questions.stageAgeing))
    return [];
  const days = Math.floor((deal.stay.secondsInStage ?? 0) / 86_400);
  const times = decimal(value).toDecimalPlaces(1).toFixed();
  const text = `It has been in its stage for ${days} days, ${times} times as long as deals usually are: what holds it?`;
  return askOf(deal, { rule: 'STAGE_AGED', text });
}

function activityQuestion(deal: DealFacts, { now, settings }: Asking): Question[] {
  const { quietDays, silentDays } = settings.questions;
  if (deal.activeAt === null) return [];
  const days = wholeDays(deal.activeAt, now);
  if (days < quietDays) return [];
  const text = `No contact with the client is known for ${days} days: is it alive?`;
  return askOf(deal, { rule: 'NO_ACTIVITY', text, severity: days >= silentDays ? 'HIGH' : 'MEDIUM' });
}

function amountQuestion(deal: DealFacts, { settings }: Asking): Question[] {
  const rule = 'AMOUNT_CHANGED';
  const { amount, amountBefore: before } = deal;
  const { amountShare, amountDays } = settings.questions;
  if (!amount || !before) return [];
  const moved = `It is ${plain(amount)}, and was ${plain(before)} ${amountDays} days ago`;
  if (amount.currency !== before.currency) return askOf(deal, { rule, text: `${moved}: why the other currency?` });
  const change = decimal(amount.amount).minus(before.amount);
  if (change.isZero() || change.abs().lessThan(decimal(before.amount).abs().times(amountShare))) return [];
  return askOf(deal, { rule, text: `${moved}: what ${change.isNegative() ? 'fell away' : 'was added'}?` });
}

function plain({ amount, currency }: MoneyValue): string {
  return `${decimal(amount).toFixed()} ${currency}`;
}

/** Of an old view it is asked whether it still holds, and nothing else. */
function confidenceQuestion(deal: DealFacts, { now, settings }: Asking): Question[] {
  const { SELLER: view } = deal.latest.views;
  const confidence = view?.confidence ?? null;
  if (!view || confidence === null || deal.probability === null) return [];
  if (wholeDays(view.as_of, now) >= settings.viewDays) return [];
  if (decimal(confidence).minus(deal.probability).abs().lessThanOrEqualTo(settings.questions.confidenceGap)) return [];
  const text = `The seller gives it ${percent(confidence)}, the CRM ${percent(deal.probability)}: which one counts?`;
  return askOf(deal, { rule: 'CONFIDENCE_GAP', text });
}

function percent(share: string): string {
  return `${decimal(share).times(100).toDecimalPlaces(0).toFixed()} %`;
}
