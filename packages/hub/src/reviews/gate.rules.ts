import type { MoneyValue } from '@plumbline/connector';
import type { Refusal } from '../kernel/guards.ts';
import { discount, isNamed, type DiscountTier } from '../money/discount.rules.ts';
import { marginFloor as aboveFloor } from '../money/margin-floor.rules.ts';
import { identityOf, type Party } from './party.ts';

/** What is decided before a proposal goes out: bid or no bid, solution and estimate, and the commercial side. */
export const gateNames = ['BID', 'SOLUTION', 'COMMERCIAL'] as const;
export type GateName = (typeof gateNames)[number];

export const gateOutcomes = ['PASS', 'PASS_WITH_CONDITIONS', 'STOP'] as const;
type GateOutcome = (typeof gateOutcomes)[number];

export const gateStandings = ['MISSING', 'PASSED', 'STOPPED', 'STALE'] as const;
type GateStanding = (typeof gateStandings)[number];

/** A gate that is wanted before a proposal goes out, and who may decide it. */
export interface GateSetting {
  gate: GateName;
  /** Names, roles or e-mail addresses; anybody when empty. */
  owners: readonly string[];
}

export interface GateSettings {
  gates: readonly GateSetting[];
  marginFloor: string;
  discounts: readonly DiscountTier[];
}

/** Who sells the proposal, and how. */
export interface Seller {
  /** As `identityOf` gives it. */
  identity: string;
  /** What makes them a seller, as the rest of a sentence: "sells the deal". */
  because: string;
}

export interface GateSubject {
  price: MoneyValue | null;
  listPrice: MoneyValue | null;
  plannedCost: MoneyValue | null;
  sellers: readonly Seller[];
}

export interface GateBrought {
  outcome: GateOutcome;
  owner: Party;
  conditions: readonly string[];
  reason?: string | null | undefined;
  /** Why a margin beneath the floor, or a discount beyond the owner's tier, is accepted. */
  waiver?: string | null | undefined;
}

type Guard = (
  subject: GateSubject,
  brought: GateBrought,
  settings: GateSettings & { gate: GateName },
) => Refusal | null;

interface Gate {
  /** Whether it is about these very terms, and so falls with them; otherwise it is about the opportunity. */
  ofTerms: boolean;
  /** What every decision wants. */
  guards: readonly Guard[];
  /** What it wants beside that to pass. */
  toPass: readonly Guard[];
}

/** The gates, and what each wants. */
const gates: Readonly<Record<GateName, Gate>> = {
  BID: { ofTerms: false, guards: [gateOwner, reason, conditions], toPass: [] },
  SOLUTION: { ofTerms: true, guards: [gateOwner, independent, reason, conditions], toPass: [] },
  COMMERCIAL: {
    ofTerms: true,
    guards: [gateOwner, independent, reason, conditions],
    toPass: [price, margin, discounted],
  },
};

/** Which guard refuses a decision at a gate; null when none does. Pure. */
export function refuseGate(
  gate: GateName,
  { subject, brought, settings }: { subject: GateSubject; brought: GateBrought; settings: GateSettings },
): Refusal | null {
  const { guards, toPass } = gates[gate];
  for (const guard of brought.outcome === 'STOP' ? guards : [...guards, ...toPass]) {
    const refusal = guard(subject, brought, { ...settings, gate });
    if (refusal) return refusal;
  }
  return null;
}

/** Passes for a person who does not sell it; of a key that speaks for nobody, who it acts for is not known. */
export function notTheSeller(
  guard: string,
  { sellers, party, argument }: { sellers: readonly Seller[]; party: Party; argument: string },
): Refusal | null {
  const seller = sellers.find(({ identity }) => identity === identityOf(party));
  if (seller)
    return {
      guard,
      message: `${party.name ?? party.actor} ${seller.because}.`,
      remedy: 'Let somebody else decide, and name them.',
    };
  if (party.personId !== null) return null;
  return {
    guard,
    message: `${party.actor} speaks for nobody, and nobody is named.`,
    remedy: `Name the person, in \`${argument}\`, or use a key of their own.`,
  };
}

/** The last decision at a gate. */
export interface GateDecision {
  gate: GateName;
  outcome: GateOutcome;
  /** Of the terms it was decided on. */
  contentHash: string;
  at: string;
  actor: string;
  /** Who decided, by name. */
  owner: string;
  ownerId: string | null;
  conditions: readonly string[];
  reason: string | null;
}

export interface GateView extends GateSetting {
  standing: GateStanding;
  decision: GateDecision | null;
  /** What is to be done before the proposal passes; null when nothing is. */
  missing: string | null;
}

/** Where each gate stands that is wanted, by the last decision at each, the terms and who sells them by now. Pure. */
export function gatesOf(
  decisions: readonly GateDecision[],
  { gates: wanted, ...now }: { gates: readonly GateSetting[]; contentHash: string; sellers: readonly Seller[] },
): GateView[] {
  return wanted.map((setting) => {
    const decision = decisions.find(({ gate }) => gate === setting.gate) ?? null;
    return { ...setting, decision, ...standingOf(setting.gate, decision, now) };
  });
}

function standingOf(
  gate: GateName,
  decision: GateDecision | null,
  { contentHash, sellers }: { contentHash: string; sellers: readonly Seller[] },
): Pick<GateView, 'standing' | 'missing'> {
  if (!decision) return { standing: 'MISSING', missing: `${gate} is not decided.` };
  if (gates[gate].ofTerms && decision.contentHash !== contentHash)
    return { standing: 'STALE', missing: `${gate} was decided on other terms.` };
  if (decision.outcome === 'STOP') return { standing: 'STOPPED', missing: `${gate} was decided with STOP.` };
  const decider = identityOf({ actor: decision.actor, personId: decision.ownerId });
  if (gates[gate].guards.includes(independent) && sellers.some(({ identity }) => identity === decider))
    return { standing: 'STALE', missing: `Who decided ${gate} sells it by now.` };
  return { standing: 'PASSED', missing: null };
}

function gateOwner(
  _: GateSubject,
  { owner }: GateBrought,
  { gates: wanted, gate }: GateSettings & { gate: GateName },
): Refusal | null {
  const owners = wanted.find((each) => each.gate === gate)?.owners ?? [];
  if (owners.length === 0 || owners.some((title) => isNamed(owner, title))) return null;
  return {
    guard: 'gateOwner',
    message: `${owner.name ?? owner.actor} does not decide ${gate}.`,
    remedy: `Let it be decided by ${owners.join(' or ')}, and name them in \`owner\`.`,
  };
}

function independent({ sellers }: GateSubject, { owner }: GateBrought): Refusal | null {
  return notTheSeller('independent', { sellers, party: owner, argument: 'owner' });
}

function reason(_: GateSubject, brought: GateBrought): Refusal | null {
  if (brought.outcome !== 'STOP' || brought.reason?.trim()) return null;
  return { guard: 'reason', message: 'STOP wants its reason.', remedy: 'Say why, in `reason`.' };
}

function conditions(_: GateSubject, brought: GateBrought): Refusal | null {
  if (brought.outcome !== 'PASS_WITH_CONDITIONS' || brought.conditions.length > 0) return null;
  return { guard: 'conditions', message: 'There are no conditions.', remedy: 'Give `conditions`, or PASS.' };
}

function price(subject: GateSubject): Refusal | null {
  if (subject.price) return null;
  return { guard: 'price', message: 'It says no price.', remedy: 'Give `terms.price` to `createProposal`.' };
}

function margin(subject: GateSubject, brought: GateBrought, settings: GateSettings): Refusal | null {
  return aboveFloor({ price: subject.price, cost: subject.plannedCost }, brought, settings);
}

function discounted(subject: GateSubject, brought: GateBrought, settings: GateSettings): Refusal | null {
  const priced = { priceDelta: subject.price, listPrice: subject.listPrice, approver: brought.owner };
  return discount(priced, brought, settings);
}
