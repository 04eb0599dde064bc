import type { changeRequestStates, MoneyValue } from '@plumbline/connector';
import { decimal } from '../kernel/decimal.ts';
import type { Evidence } from '../kernel/control-inputs.graphql.ts';
import { clientDecision, type Refusal } from '../kernel/guards.ts';
import { discount, type Approver, type DiscountTier } from '../money/discount.rules.ts';
import { marginFloor as aboveFloor, marginOf } from '../money/margin-floor.rules.ts';

export type ChangeRequestState = (typeof changeRequestStates)[number];

/** What the guards look at: the request as it stands, its project, and the change order that prices it. */
export interface ChangeSubject {
  state: ChangeRequestState;
  /** Person id; null where nobody knows who asked. */
  requesterId: string | null;
  priceDelta: MoneyValue | null;
  costDelta: MoneyValue | null;
  /** What the price would be before any discount. */
  listPrice: MoneyValue | null;
  effortDelta: number | null;
  scheduleDeltaDays: number | null;
  project: { status: string | null; baselineVersion: number | null; currency: string | null } | null;
  /** The order that names this request and is neither declined nor void. */
  order: { currency: string } | null;
  /** Whom the step names as its approver, where the graph knows them. */
  approver: (Approver & { hasLeft: boolean }) | null;
  /** The last local day on which the client may accept its quote; null where the hub has quoted nothing. */
  validUntil: string | null;
  /** The day it is where its project is. */
  today: string;
}

/** What the person who acts brings along. */
export interface Step {
  /** Person id of who answers for the step inside the firm. */
  approverId?: string | null | undefined;
  reason?: string | null | undefined;
  /** Why a margin beneath the floor, or a discount beyond the approver's tier, is accepted. */
  waiver?: string | null | undefined;
  /** The client's decision: who said so, and where it can be read. */
  evidence?: Evidence | null | undefined;
  /** What is given away, by what it would have been sold for; never below zero. */
  value?: MoneyValue | null | undefined;
}

/** States in which what was quoted stands; before, and after it was put off, whatever is priced is a draft. */
export const quotedStates = [
  'QUOTED',
  'APPROVED',
  'IMPLEMENTING',
  'IMPLEMENTED',
  'CLOSED',
  'REJECTED',
] as const satisfies readonly ChangeRequestState[];

/** States behind the client’s yes. */
export const approvedStates: readonly ChangeRequestState[] = ['APPROVED', 'IMPLEMENTING', 'IMPLEMENTED', 'CLOSED'];

export interface ChangeControlSettings {
  /** Least margin at which a request is quoted without a waiver, as a ratio. */
  marginFloor: string;
  /** Business time that a commercial review may take, in seconds. */
  reviewSeconds: number;
  /** Who may approve which discount, the smallest first; nobody is asked where there are none. */
  discounts: readonly DiscountTier[];
}

export const defaultSettings: ChangeControlSettings = { marginFloor: '0.20', reviewSeconds: 16 * 3_600, discounts: [] };

/** What has to be known of a request before anything is promised for it. */
const deltas = ['priceDelta', 'costDelta', 'effortDelta', 'scheduleDeltaDays'] as const;
type Delta = (typeof deltas)[number];

type Guard = (subject: ChangeSubject, step: Step, settings: ChangeControlSettings) => Refusal | null;

export const changeActions = [
  'TRIAGE',
  'ASSESS',
  'OPEN_REVIEW',
  'QUOTE',
  'APPROVE',
  'REJECT',
  'ABSORB',
  'DEFER',
  'WITHDRAW',
  'START',
  'COMPLETE',
  'CLOSE',
] as const;
export type ChangeAction = (typeof changeActions)[number];

interface Transition {
  from: readonly ChangeRequestState[];
  to: ChangeRequestState;
  guards: readonly Guard[];
}

/** A change request's commercial life: every step that exists, and what it wants. What is not here is refused. */
export const transitions: Readonly<Record<ChangeAction, Transition>> = {
  TRIAGE: { from: ['CAPTURED'], to: 'TRIAGED', guards: [activeProject, baseline] },
  ASSESS: { from: ['TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'DEFERRED'], to: 'IMPACT_ASSESSED', guards: [] },
  OPEN_REVIEW: { from: ['IMPACT_ASSESSED'], to: 'COMMERCIAL_REVIEW', guards: [allDeltas] },
  QUOTE: { from: ['COMMERCIAL_REVIEW'], to: 'QUOTED', guards: [allDeltas, approver, margin, discount] },
  APPROVE: { from: ['QUOTED'], to: 'APPROVED', guards: [allDeltas, clientDecision, openQuote, changeOrder] },
  REJECT: { from: ['QUOTED'], to: 'REJECTED', guards: [clientDecision] },
  ABSORB: {
    from: ['IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED'],
    to: 'ABSORBED',
    guards: [value, reason, approver],
  },
  DEFER: { from: ['TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED'], to: 'DEFERRED', guards: [reason] },
  WITHDRAW: {
    from: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'DEFERRED'],
    to: 'WITHDRAWN',
    guards: [reason],
  },
  START: { from: ['APPROVED'], to: 'IMPLEMENTING', guards: [changeOrder] },
  COMPLETE: { from: ['IMPLEMENTING'], to: 'IMPLEMENTED', guards: [] },
  CLOSE: { from: ['IMPLEMENTED'], to: 'CLOSED', guards: [] },
};

/** Takes a step, or says which guard refuses it. Pure. */
export function takeStep(
  action: ChangeAction,
  input: { subject: ChangeSubject; step: Step; settings: ChangeControlSettings },
): { to: ChangeRequestState } | Refusal {
  const { subject, step, settings } = input;
  const transition = transitions[action];
  if (!transition.from.includes(subject.state)) {
    return {
      guard: 'state',
      message: `The request is ${subject.state}; ${action} goes from ${transition.from.join(', ')}.`,
      remedy: `From ${subject.state} it may go on by ${stepsFrom(subject.state).join(', ') || 'nothing: it has ended'}.`,
    };
  }
  for (const guard of transition.guards) {
    const refusal = guard(subject, step, settings);
    if (refusal) return refusal;
  }
  return { to: transition.to };
}

export function isRefusal(outcome: { to: ChangeRequestState } | Refusal): outcome is Refusal {
  return 'guard' in outcome;
}

export function stepsFrom(state: ChangeRequestState): ChangeAction[] {
  return changeActions.filter((action) => transitions[action].from.includes(state));
}

/**
 * Where commercial control begins for a request that lived in a source so far. A source that says APPROVED or beyond has
 * shown us no decision of the client: the request awaits it, as QUOTED. One that says ABSORBED has shown us none of ours.
 */
export function takenOverAt(sourceState: ChangeRequestState | null): ChangeRequestState {
  if (sourceState === null) return 'CAPTURED';
  return sourceState === 'ABSORBED' || approvedStates.includes(sourceState) ? 'QUOTED' : sourceState;
}

/** (price − cost) / price of the request alone; null where it has no price or the two are in different currencies. */
export function ownMargin({ priceDelta, costDelta }: Pick<ChangeSubject, 'priceDelta' | 'costDelta'>): string | null {
  return marginOf({ price: priceDelta, cost: costDelta });
}

function activeProject({ project }: ChangeSubject): Refusal | null {
  if (project?.status === 'ACTIVE') return null;
  return {
    guard: 'activeProject',
    message: project ? `Its project is ${project.status ?? 'without a status'}.` : 'It belongs to no project.',
    remedy: 'A request is triaged for an ACTIVE project.',
  };
}

function baseline({ project }: ChangeSubject): Refusal | null {
  if (project?.baselineVersion) return null;
  return {
    guard: 'baseline',
    message: 'Its project has no baseline, so nothing says what would change.',
    remedy: 'Accept one by `acceptBaseline`.',
  };
}

/** Passes where price, cost, work and days are all known. */
export function allDeltas(subject: Pick<ChangeSubject, 'state' | Delta>): Refusal | null {
  const missing = deltas.filter((name) => subject[name] === null);
  if (missing.length === 0) return null;
  return {
    guard: 'allDeltas',
    message: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not known.`,
    remedy: assessRemedy(subject.state),
  };
}

/** How the four deltas of a request are said from where it stands. */
function assessRemedy(state: ChangeRequestState): string {
  const give = 'all four by `assessChangeRequest`; zero is an answer.';
  if (state === 'CAPTURED') return `Take it up by \`triageChangeRequest\` and give ${give}`;
  if (transitions.ASSESS.from.includes(state)) return `Give ${give}`;
  if (transitions.DEFER.from.includes(state))
    return `Complete them in its source, or put it off by \`deferChangeRequest\` and give ${give}`;
  return 'Complete them in its source; zero is an answer.';
}

function approver({ requesterId, approver: known }: ChangeSubject, { approverId }: Step): Refusal | null {
  if (approverId && approverId !== requesterId && known && !known.hasLeft) return null;
  return {
    guard: 'approver',
    message: whyNoApprover(approverId, { isRequester: approverId === requesterId, known }),
    remedy: 'Name an approver other than the requester, who still works here.',
  };
}

function whyNoApprover(
  approverId: string | null | undefined,
  { isRequester, known }: { isRequester: boolean; known: ChangeSubject['approver'] },
): string {
  if (!approverId) return 'Nobody approves it.';
  if (isRequester) return 'The approver is who asked for it.';
  return known ? `${known.name ?? 'The approver'} has left.` : 'There is no such approver.';
}

function margin({ priceDelta, costDelta }: ChangeSubject, step: Step, settings: ChangeControlSettings): Refusal | null {
  return aboveFloor({ price: priceDelta, cost: costDelta }, step, settings);
}

function openQuote({ validUntil, today }: ChangeSubject): Refusal | null {
  if (validUntil === null || today <= validUntil) return null;
  return {
    guard: 'openQuote',
    message: `Its quote could be accepted until ${validUntil}; today is ${today}.`,
    remedy: 'Quote it again: by `deferChangeRequest`, `assessChangeRequest` and `quoteChangeRequest`.',
  };
}

function changeOrder({ priceDelta, project, order }: ChangeSubject): Refusal | null {
  if (priceDelta && decimal(priceDelta.amount).isZero()) return null;
  const currency = project?.currency ?? priceDelta?.currency;
  if (order && order.currency === currency) return null;
  return {
    guard: 'changeOrder',
    message: order
      ? `Its change order is in ${order.currency}, the contract in ${currency}.`
      : 'It has a price, and no change order names it.',
    remedy: 'Create one in the contract’s currency by `createChangeOrder`.',
  };
}

function reason(_: ChangeSubject, step: Step): Refusal | null {
  if (step.reason?.trim()) return null;
  return { guard: 'reason', message: 'There is no reason.', remedy: 'Say why, in `reason`.' };
}

function value(_: ChangeSubject, step: Step): Refusal | null {
  if (step.value && !decimal(step.value.amount).lessThan(0)) return null;
  return {
    guard: 'value',
    message: step.value ? 'Nobody gives away less than nothing.' : 'Nothing says what is given away.',
    remedy: 'Give `value`: what it would have been sold for.',
  };
}
