import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { RefusedError } from '../kernel/api-error.ts';
import type { Evidence } from '../kernel/control-inputs.graphql.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import type { ProposalPolicy } from '../reviews/proposal.settings.ts';
import { acceptTerms } from './accept-proposal.store.ts';
import { openProposal, writeProposalState } from './proposal-state.store.ts';
import { readSubject } from './proposal-subject.store.ts';
import { readProposals, type StandingProposal } from './proposal-terms.store.ts';
import { internalStates, takeProposalStep, type ProposalSubject } from './proposal.rules.ts';

export interface ProposalCall extends Deciding {
  proposalId: string;
  step: 'APPROVE' | 'SUBMIT' | 'ACCEPT' | 'DECLINE';
  policy: ProposalPolicy;
  /** For ACCEPT: whose baseline it freezes; the one its opportunity is linked to where it is null. */
  projectId?: string | null;
  evidence?: Evidence | null | undefined;
  /** For APPROVE: who accepts the conditions of the review. */
  conditionsAcceptedBy?: string | null | undefined;
  actor: string;
  now: string;
}

/**
 * Takes a step with a proposal: one transaction with the decision and, for ACCEPT, baseline 1 of the project. Throws
 * RefusedError, ConflictError or NotFoundError, and then nothing is written.
 */
export async function moveProposal(rows: Rows, own: OwnRecords, call: ProposalCall): Promise<void> {
  await own.lock(rows);
  const { step, policy, now } = call;
  if (await wasDecided(rows, { ...call, subjectId: call.proposalId, action: step })) return;
  const { proposal, version, state: from } = await openProposal(rows, call.proposalId, call);
  const subject = await readSubject(rows, { proposal, state: from, policy, now });
  const outcome = takeProposalStep(step, { subject, brought: call, settings: policy });
  if ('guard' in outcome) throw new RefusedError(outcome);
  const projectId = step === 'ACCEPT' ? await acceptTerms(rows, call, proposal) : null;
  const project = projectId === null ? null : await own.keyOf(rows, 'project', projectId);
  const fields = { state: outcome.to, ...(project ? { project } : {}) };
  await writeProposalState(rows, own, { proposal, fields, now });
  await recordDecision(rows, {
    subject_kind: 'proposal',
    subject_id: proposal.id,
    version: version + 1,
    action: step,
    from_state: from,
    to_state: outcome.to,
    actor: call.actor,
    at: now,
    details: { ...detailsOf(call, subject), ...(step === 'SUBMIT' ? await offeredTo(rows, proposal) : {}) },
    idempotencyKey: call.idempotencyKey,
  });
  if (step === 'SUBMIT' || step === 'ACCEPT') await supersedeOthers(rows, own, { by: proposal, call });
}

/** What a decision rests on: the terms, the client's word, and for what leads to the client the review and the gates. */
function detailsOf(
  { step, evidence, conditionsAcceptedBy, policy }: ProposalCall,
  { contentHash, review, gates }: ProposalSubject,
): Record<string, JsonValue> {
  const internal = step === 'APPROVE' || step === 'SUBMIT';
  return {
    contentHash,
    ...(evidence ? { evidence: { ...evidence } } : {}),
    ...(step === 'APPROVE' && conditionsAcceptedBy?.trim() ? { conditionsAcceptedBy } : {}),
    ...(internal
      ? {
          mode: policy.review,
          review: review?.state ?? null,
          gates: Object.fromEntries(gates.map(({ gate, standing }) => [gate, standing])),
        }
      : {}),
  };
}

/** To whom it was offered, and for how much, whatever becomes of the deal's client and of a sheet's price. */
async function offeredTo(
  rows: Rows,
  { opportunityId, terms: { price } }: StandingProposal,
): Promise<Record<string, JsonValue>> {
  const { rows: found } = await sql<{ client_id: string | null }>`
    select client_id from opportunity where id = ${opportunityId}::uuid`.execute(rows);
  return { price: price && { ...price }, clientId: found[0]?.client_id ?? null };
}

/**
 * The client has one offer of an opportunity before them: what was offered, or drafted before, gives way to it. What was
 * drafted after an offer may still follow it, until the client has accepted one.
 */
async function supersedeOthers(
  rows: Rows,
  own: OwnRecords,
  { by, call }: { by: StandingProposal; call: ProposalCall },
): Promise<void> {
  const { rows: found } = await sql<{ id: string }>`
    select id from proposal where opportunity_id = ${by.opportunityId}::uuid and id <> ${by.id}::uuid
      and (state = 'SUBMITTED' or state = any(${[...internalStates]}::text[]) and (${call.step} = 'ACCEPT' or version < ${by.version}))
      and deleted_at is null order by id`.execute(rows);
  const others = await readProposals(
    rows,
    found.map(({ id }) => id),
  );
  for (const proposal of others) {
    if (!proposal) continue;
    await writeProposalState(rows, own, { proposal, fields: { state: 'SUPERSEDED' }, now: call.now });
    await recordDecision(rows, {
      subject_kind: 'proposal',
      subject_id: proposal.id,
      version: (await versionOf(rows, proposal.id)) + 1,
      action: 'SUPERSEDE',
      from_state: proposal.state,
      to_state: 'SUPERSEDED',
      actor: 'plumbline',
      at: call.now,
      details: { by: by.id },
    });
  }
}
