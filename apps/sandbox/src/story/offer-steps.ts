import { daysFrom, shareOf } from './amounts.ts';
import type { Cast, MoneyText, Player } from './cast.ts';
import type { Teller } from './teller.ts';

/** The template that every offer is made of. */
export const TEMPLATE = 'Kestrel & Vale SOW';
const HOUR = 3_600;

export interface Offering {
  deal: { id: string; amount: MoneyText; seller: Player };
  /** Planned cost in hundredths of the price. */
  cost: number;
  today: string;
}

/** Somebody who leads projects and does not sell the deal. */
export function reviewerOf({ seller }: Offering['deal'], { managers }: Cast): Player {
  const reviewer = managers.find(({ id }) => id !== seller.id);
  if (!reviewer) throw new RangeError('everybody who leads projects sells this deal');
  return reviewer;
}

/** Drafts an offer of half a year that begins in six weeks; returns its id. */
export function draft(teller: Teller, name: string, { deal, cost, today }: Offering): Promise<string> {
  return teller.take(deal.seller.email, 'createProposal', `${name}: drafted`, {
    opportunity: deal.id,
    template: TEMPLATE,
    terms: {
      listPrice: shareOf(deal.amount, 105),
      plannedCost: shareOf(deal.amount, cost),
      start: daysFrom(today, 42),
      end: daysFrom(today, 222),
      deliverables: ['Design', 'Build', 'Rollout'],
      roles: [
        { role: 'Consultant', seconds: 900 * HOUR },
        { role: 'Project manager', seconds: 120 * HOUR },
      ],
      commitments: [
        { text: 'Their own people can run it by the last day.', deliverable: 'Rollout', due: daysFrom(today, 222) },
        { text: 'A page answers within a second.', deliverable: 'Build' },
      ],
    },
  });
}

interface Finding {
  verdict: 'FEASIBLE' | 'CONDITIONAL';
  note?: string;
}

interface Review {
  proposal: string;
  seller: Player;
  reviewer: Player;
  timeline?: Finding;
  resources?: Finding;
  conditions?: readonly string[];
}

/** The seller asks, and somebody who leads projects answers. */
export async function review(teller: Teller, name: string, asked: Review): Promise<void> {
  const { proposal, seller, reviewer, conditions } = asked;
  const id = await teller.take(seller.email, 'requestReview', `${name}: review`, { proposal });
  const feasible: Finding = { verdict: 'FEASIBLE' };
  const { timeline = feasible, resources = feasible } = asked;
  await teller.take(reviewer.email, 'recordVerdict', `${name}: verdict`, {
    review: id,
    scope: feasible,
    timeline,
    resources,
    estimate: feasible,
    ...(conditions ? { conditions } : {}),
  });
}

interface Passing {
  proposal: string;
  reviewer: Player;
  /** Why a margin beneath the floor is accepted. */
  waiver?: string;
}

/** Passes every gate, and is approved. */
export async function pass(teller: Teller, name: string, input: Passing & { controller: Player }): Promise<void> {
  const { proposal, reviewer, controller, waiver } = input;
  const decide = (player: Player, gate: string, more: object = {}) =>
    teller.take(player.email, 'decideGate', `${name}: ${gate}`, { proposal, gate, outcome: 'PASS', ...more });
  await decide(controller, 'BID');
  await decide(reviewer, 'SOLUTION');
  await decide(controller, 'COMMERCIAL', waiver === undefined ? {} : { waiver });
  await teller.take(controller.email, 'approveProposal', `${name}: approved`, {
    id: proposal,
    conditionsAcceptedBy: 'Head of delivery',
  });
}

export async function submit(teller: Teller, name: string, input: { proposal: string; seller: Player }): Promise<void> {
  await teller.take(input.seller.email, 'submitProposal', `${name}: submitted`, { id: input.proposal });
}
