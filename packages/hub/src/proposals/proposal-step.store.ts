import type { FieldValues, JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Evidence } from '../kernel/control-inputs.graphql.ts';
import type { Rows } from '../kernel/database.ts';
import { checkVersion, recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import { acceptFirstBaseline } from '../projects/baseline.store.ts';
import { decideLink } from '../projects/project-link.store.ts';
import { readProposals, type StandingProposal } from './proposal-terms.store.ts';
import { proposalTakenOverAt, takeProposalStep, type ProposalState, type ProposalStep } from './proposal.rules.ts';

export interface ProposalCall extends Deciding {
  proposalId: string;
  step: Exclude<ProposalStep, 'SUPERSEDE'>;
  /** For ACCEPT: whose baseline it freezes; the one its opportunity is linked to where it is null. */
  projectId?: string | null;
  evidence?: Evidence | null | undefined;
  actor: string;
  now: string;
}

/**
 * Takes a step with a proposal: one transaction with the decision and, for ACCEPT, baseline 1 of the project. Throws
 * RefusedError, ConflictError or NotFoundError, and then nothing is written.
 */
export async function moveProposal(rows: Rows, own: OwnRecords, call: ProposalCall): Promise<void> {
  await own.lock(rows);
  if (await wasDecided(rows, { ...call, subjectId: call.proposalId, action: call.step })) return;
  const [proposal] = await readProposals(rows, [call.proposalId]);
  if (!proposal) throw new NotFoundError('There is no such proposal.', 'It may have been deleted; list them again.');
  const version = await versionOf(rows, proposal.id);
  checkVersion(version, call);
  const from = version > 0 ? (proposal.state ?? 'DRAFT') : proposalTakenOverAt(proposal.state);
  const to = await stepOf(rows, call, { proposal, from });
  const projectId = call.step === 'ACCEPT' ? await accept(rows, call, proposal) : null;
  const project = projectId === null ? null : await own.keyOf(rows, 'project', projectId);
  await writeState(rows, own, { proposal, fields: { state: to, ...(project ? { project } : {}) }, now: call.now });
  await recordDecision(rows, {
    subject_kind: 'proposal',
    subject_id: proposal.id,
    version: version + 1,
    action: call.step,
    from_state: from,
    to_state: to,
    actor: call.actor,
    at: call.now,
    details: {
      contentHash: proposal.contentHash,
      ...(call.evidence ? { evidence: { ...call.evidence } } : {}),
    },
    idempotencyKey: call.idempotencyKey,
  });
  if (call.step !== 'DECLINE') await supersedeOthers(rows, own, { by: proposal, call });
}

async function stepOf(
  rows: Rows,
  { step, evidence }: ProposalCall,
  { proposal, from }: { proposal: StandingProposal; from: ProposalState },
): Promise<ProposalState> {
  const { rows: found } = await sql<{ hash: string | null }>`
    select details ->> 'contentHash' as hash from decision
    where subject_id = ${proposal.id}::uuid and action = 'SUBMIT' order by version desc limit 1`.execute(rows);
  const subject = {
    state: from,
    price: proposal.terms.price,
    contentHash: proposal.contentHash,
    submittedHash: found[0]?.hash ?? null,
  };
  const outcome = takeProposalStep(step, { subject, brought: { evidence } });
  if ('guard' in outcome) throw new RefusedError(outcome);
  return outcome.to;
}

/** Freezes baseline 1 out of the terms. Returns the project's id. */
async function accept(rows: Rows, call: ProposalCall, { id, opportunityId, terms }: StandingProposal): Promise<string> {
  const linked = opportunityId === null ? [] : await readLinked(rows, opportunityId);
  const projectId = call.projectId ?? onlyOne(linked);
  const evidence: JsonValue = { ...call.evidence };
  const { actor, now } = call;
  await acceptFirstBaseline(rows, {
    projectId,
    opportunityId,
    proposalId: id,
    contractValue: terms.price,
    plannedCost: terms.plannedCost,
    plannedSeconds: terms.plannedSeconds,
    start: terms.start,
    end: terms.end,
    evidence,
    actor,
    now,
  });
  if (opportunityId !== null && !linked.includes(projectId))
    await decideLink(rows, { opportunityId, projectId, status: 'LINKED', by: actor, at: now });
  await recordDecision(rows, {
    subject_kind: 'project',
    subject_id: projectId,
    version: (await versionOf(rows, projectId)) + 1,
    action: 'ACCEPT_BASELINE',
    from_state: null,
    to_state: null,
    actor,
    at: now,
    details: { proposal: id, evidence },
  });
  return projectId;
}

async function readLinked(rows: Rows, opportunityId: string): Promise<string[]> {
  const { rows: found } = await sql<{ id: string }>`
    select project.id from project_link join project on project.id = project_id and deleted_at is null
    where opportunity_id = ${opportunityId}::uuid and project_link.status = 'LINKED'`.execute(rows);
  return found.map(({ id }) => id);
}

function onlyOne(linked: readonly string[]): string {
  const [id, ...others] = linked;
  if (id !== undefined && others.length === 0) return id;
  throw new RefusedError({
    guard: 'project',
    message:
      id === undefined
        ? 'Its opportunity is linked to no project.'
        : `Its opportunity is linked to ${linked.length} projects.`,
    remedy: 'Name the project it is accepted for, in `project`.',
  });
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
      and (state = 'SUBMITTED' or state = 'DRAFT' and (${call.step} = 'ACCEPT' or version < ${by.version}))
      and deleted_at is null order by id`.execute(rows);
  const others = await readProposals(
    rows,
    found.map(({ id }) => id),
  );
  for (const proposal of others) {
    if (!proposal) continue;
    await writeState(rows, own, { proposal, fields: { state: 'SUPERSEDED' }, now: call.now });
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

/** The hub's own word about the proposal; what its source said of the state so far goes along. */
async function writeState(
  rows: Rows,
  own: OwnRecords,
  of: { proposal: StandingProposal; fields: FieldValues<'proposal'> & { state: ProposalState }; now: string },
): Promise<void> {
  const { id } = of.proposal;
  const standing = await own.of(rows, 'proposal', id);
  const past = standing?.history ?? (await own.pastOf(rows, { kind: 'proposal', entityId: id, field: 'state' }));
  const keys = standing?.keys ?? [await own.keyOf(rows, 'proposal', id)].filter((each) => each !== null);
  await own.write(
    rows,
    {
      kind: 'proposal',
      id: standing?.id ?? id,
      keys,
      fields: { ...standing?.fields, ...of.fields },
      history: [...past, { field: 'state', at: of.now, value: of.fields.state }],
    },
    of.now,
  );
}
