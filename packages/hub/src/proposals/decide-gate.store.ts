import type { JsonValue } from '@plumbline/connector';
import { RefusedError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import { discountOf } from '../money/discount.rules.ts';
import { marginOf } from '../money/margin-floor.rules.ts';
import { refuseGate, type GateBrought, type GateName } from '../reviews/gate.rules.ts';
import { gateAction, gateDetails } from '../reviews/gate.store.ts';
import { readParty } from '../reviews/party.store.ts';
import type { ProposalPolicy } from '../reviews/proposal.settings.ts';
import { openProposal, writeProposalState } from './proposal-state.store.ts';
import { readSellers } from './proposal-subject.store.ts';
import { internalStates } from './proposal.rules.ts';

export interface GateCall extends Deciding, Omit<GateBrought, 'owner'> {
  proposalId: string;
  gate: GateName;
  /** Who decides, where a person is named. */
  ownerId: string | null;
  policy: ProposalPolicy;
  actor: string;
  now: string;
}

/** Decides at a gate. Throws RefusedError, ConflictError or NotFoundError, and then nothing is written. */
export async function decideGate(rows: Rows, own: OwnRecords, call: GateCall): Promise<void> {
  await own.lock(rows);
  const action = gateAction(call.gate);
  if (await wasDecided(rows, { ...call, subjectId: call.proposalId, action })) return;
  const { proposal, version, state } = await openProposal(rows, call.proposalId, call);
  if (!internalStates.includes(state))
    throw new RefusedError({
      guard: 'state',
      message: `The proposal is ${state}; gates are decided from ${internalStates.join(', ')}.`,
      remedy: 'Make a new one by `createProposal`.',
    });
  const owner = await readParty(rows, { actor: call.actor, personId: call.ownerId, guard: 'gateOwner' });
  const { price, listPrice, plannedCost } = proposal.terms;
  const [sellers = []] = await readSellers(rows, [proposal.id]);
  const subject = { price, listPrice, plannedCost, sellers };
  const brought = { ...call, owner };
  const refusal = refuseGate(call.gate, { subject, brought, settings: call.policy });
  if (refusal) throw new RefusedError(refusal);
  await writeProposalState(rows, own, { proposal, fields: { state }, now: call.now });
  const figures: Record<string, JsonValue> = { contentHash: proposal.contentHash };
  if (call.gate === 'COMMERCIAL') {
    figures['margin'] = marginOf({ price, cost: plannedCost });
    figures['discount'] = discountOf({ priceDelta: price, listPrice }).figure.value;
  }
  await recordDecision(rows, {
    subject_kind: 'proposal',
    subject_id: proposal.id,
    version: version + 1,
    action,
    from_state: state,
    to_state: state,
    actor: call.actor,
    at: call.now,
    details: gateDetails(brought, figures),
    idempotencyKey: call.idempotencyKey,
  });
}
