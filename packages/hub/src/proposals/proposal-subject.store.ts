import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { reviewStateOf } from '../reviews/feasibility-review.rules.ts';
import { readReviews } from '../reviews/feasibility-review.store.ts';
import { gatesOf, type Seller } from '../reviews/gate.rules.ts';
import { readGateDecisions } from '../reviews/gate.store.ts';
import { holdersOf } from '../reviews/party.store.ts';
import { identityOf } from '../reviews/party.ts';
import type { ProposalPolicy } from '../reviews/proposal.settings.ts';
import type { StandingProposal } from './proposal-terms.store.ts';
import type { ProposalState, ProposalSubject } from './proposal.rules.ts';
import { lackedBy } from './standard.rules.ts';
import { readStandard } from './standard.store.ts';

/** A proposal as its guards look at it. */
export async function readSubject(
  rows: Rows,
  of: { proposal: StandingProposal; state: ProposalState; policy: ProposalPolicy; now: string },
): Promise<ProposalSubject> {
  const { proposal, state, policy, now } = of;
  const { id, contentHash } = proposal;
  const [[reviews = []], [decisions = []], [sellers = []]] = [
    await readReviews(rows, [id]),
    await readGateDecisions(rows, [id]),
    await readSellers(rows, [id]),
  ];
  const standard = await readStandard(rows);
  const [latest] = reviews;
  const asker = latest && { actor: latest.requestedBy, personId: latest.requesterId };
  return {
    state,
    price: proposal.terms.price,
    lacking: {
      standardVersion: standard.version,
      clauses: lackedBy(proposal.terms, standard).map(({ clause, found }) => `${clause.wants} (${found})`),
    },
    contentHash,
    submittedHash: await submittedHashOf(rows, id),
    review: latest
      ? {
          id: latest.id,
          state: reviewStateOf(latest, { contentHash, instant: now, reviewDays: policy.reviewDays }),
          reviewer: latest.reviewedBy && identityOf({ actor: latest.reviewedBy, personId: latest.reviewerId }),
        }
      : null,
    gates: gatesOf(decisions, { gates: policy.gates, contentHash, sellers }),
    sellers: asker ? [...sellers, { identity: identityOf(asker), because: 'asked for the review' }] : sellers,
  };
}

/** Of each of these proposals who sells its deal, and who drafted it: everybody whom that key may speak for. */
export async function readSellers(rows: Rows, proposalIds: readonly string[]): Promise<Seller[][]> {
  const asked = unnest('asked', proposalIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ id: string; owner_id: string | null; drafter: string | null; holders: string[] }>`
    select asked.id, owner_id, drafted.actor as drafter, array(${holdersOf(sql`drafted.actor`)})::text[] as holders
    from ${asked} join proposal on proposal.id = asked.id left join opportunity on opportunity.id = opportunity_id
    left join lateral (
      select actor from decision where subject_id = asked.id and action = 'DRAFT' order by version limit 1
    ) as drafted on true`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, row]));
  return proposalIds.map((id) => {
    const { owner_id: owner = null, drafter = null, holders = [] } = byId.get(id) ?? {};
    const drafting =
      holders.length > 0 || drafter === null ? holders : [identityOf({ actor: drafter, personId: null })];
    return [
      ...(owner === null ? [] : [{ identity: owner, because: 'sells the deal' }]),
      ...drafting.map((identity) => ({ identity, because: 'drafted the proposal' })),
    ];
  });
}

async function submittedHashOf(rows: Rows, id: string): Promise<string | null> {
  const { rows: found } = await sql<{ hash: string | null }>`
    select details ->> 'contentHash' as hash from decision
    where subject_id = ${id}::uuid and action = 'SUBMIT' order by version desc limit 1`.execute(rows);
  return found[0]?.hash ?? null;
}
