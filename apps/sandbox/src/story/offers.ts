import { shareOf } from './amounts.ts';
import { isOffered, type Cast, type Delivery } from './cast.ts';
import { draft, pass, review, reviewerOf, submit, TEMPLATE, type Offering } from './offer-steps.ts';
import type { Teller } from './teller.ts';

/** What is said among colleagues while offers are made; no client may ever read it. */
export const saidOfOffers = {
  condition: 'Two senior consultants are freed from the bid for the insurer by the kick-off.',
  timeline: 'Feasible only without the second test round, which they do not know of.',
  resources: 'Our best architect refuses to work there again.',
  stopped: 'The margin is 9 %, and they have beaten us down three times already.',
  waiver: 'We buy our way into the industry with this one.',
} as const;

/** The terms that nobody has to type again. */
const template = {
  cadenceDays: 7,
  reportingCycleDays: 7,
  escalationPath: ['Head of delivery', 'Managing partner'],
  changeControl: 'Changes are agreed in writing, by change order, before work on them begins.',
};

/** Four offers, each somewhere else on its way to the client. */
export async function tellOffers(teller: Teller, cast: Cast, today: string): Promise<void> {
  await teller.take(cast.controller.email, 'publishTemplate', 'template', { name: TEMPLATE, terms: template });
  const [submitted, changed, stopped] = cast.deals.filter(isOffered);
  if (submitted) await tellSubmitted(teller, cast, { deal: submitted, cost: 64, today });
  if (changed) await tellChanged(teller, cast, { deal: changed, cost: 70, today });
  if (stopped) await tellStopped(teller, cast, { deal: stopped, cost: 91, today });
  await tellAccepted(teller, cast);
}

async function tellSubmitted(teller: Teller, cast: Cast, offering: Offering): Promise<void> {
  const { seller } = offering.deal;
  const reviewer = reviewerOf(offering.deal, cast);
  const proposal = await draft(teller, 'submitted', offering);
  const timeline = { verdict: 'CONDITIONAL', note: saidOfOffers.timeline } as const;
  await review(teller, 'submitted', { proposal, seller, reviewer, timeline, conditions: [saidOfOffers.condition] });
  await pass(teller, 'submitted', { proposal, reviewer, controller: cast.controller });
  await submit(teller, 'submitted', { proposal, seller });
}

/** Approved, and then drafted anew at a lower price: nobody has reviewed that. */
async function tellChanged(teller: Teller, cast: Cast, offering: Offering): Promise<void> {
  const { deal } = offering;
  const reviewer = reviewerOf(deal, cast);
  const proposal = await draft(teller, 'changed', offering);
  await review(teller, 'changed', { proposal, seller: deal.seller, reviewer });
  await pass(teller, 'changed', { proposal, reviewer, controller: cast.controller });
  await teller.take(deal.seller.email, 'createProposal', 'changed: second version', {
    opportunity: deal.id,
    revises: proposal,
    terms: { price: shareOf(deal.amount, 92) },
  });
}

/** Feasible, and too cheap. */
async function tellStopped(teller: Teller, cast: Cast, offering: Offering): Promise<void> {
  const { seller } = offering.deal;
  const proposal = await draft(teller, 'stopped', offering);
  const resources = { verdict: 'FEASIBLE', note: saidOfOffers.resources } as const;
  await review(teller, 'stopped', { proposal, seller, reviewer: reviewerOf(offering.deal, cast), resources });
  await teller.take(cast.controller.email, 'decideGate', 'stopped: COMMERCIAL', {
    proposal,
    gate: 'COMMERCIAL',
    outcome: 'STOP',
    reason: saidOfOffers.stopped,
  });
}

/** What a project delivers: its tracker names the commitments D1 to D6, and nobody has planned D7. */
async function tellAccepted(teller: Teller, cast: Cast): Promise<void> {
  const { deal, id, start, end, planned, client } = cast.delivery;
  const { seller } = deal;
  const proposal = await teller.take(seller.email, 'createProposal', 'accepted: drafted', {
    opportunity: deal.id,
    template: TEMPLATE,
    terms: { start, end, plannedCost: planned.cost, plannedSeconds: planned.seconds, commitments: promises(end) },
  });
  const reviewer = reviewerOf(deal, cast);
  await review(teller, 'accepted', { proposal, seller, reviewer });
  await pass(teller, 'accepted', { proposal, reviewer, controller: cast.controller, waiver: saidOfOffers.waiver });
  await submit(teller, 'accepted', { proposal, seller });
  await teller.take(seller.email, 'acceptProposal', 'accepted: by the client', {
    id: proposal,
    project: id,
    evidence: { decidedBy: `Head of procurement, ${client.name}`, reference: 'signed statement of work' },
  });
}

function promises(due: Delivery['end']) {
  return [
    'What is there today is described, and both sides have signed it.',
    'Everybody signs in with the account they have.',
    'No record of the old system is lost.',
    'A page answers within a second.',
    'The first department works with it before the others.',
    'Those who use it are trained.',
    'The old system is switched off, and its data are deleted on request.',
  ].map((text, index) => ({ key: `D${index + 1}`, text, due }));
}
