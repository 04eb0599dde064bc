import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { RefusedError } from '../kernel/api-error.ts';
import type { Evidence } from '../kernel/control-inputs.graphql.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, versionOf } from '../kernel/decision.store.ts';
import { acceptFirstBaseline } from '../projects/baseline.store.ts';
import { decideLink } from '../projects/project-link.store.ts';
import type { StandingProposal } from './proposal-terms.store.ts';

interface AcceptCall {
  /** Whose baseline it freezes; the one its opportunity is linked to where it is null. */
  projectId?: string | null;
  evidence?: Evidence | null | undefined;
  actor: string;
  now: string;
}

/** Freezes baseline 1 out of the terms. Returns the project's id. */
export async function acceptTerms(
  rows: Rows,
  call: AcceptCall,
  { id, opportunityId, terms }: StandingProposal,
): Promise<string> {
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
