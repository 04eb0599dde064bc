import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { checkVersion, recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import { unnest } from '../kernel/unnest.ts';
import { linkActions, type LinkStatus } from './project-link.ts';

/**
 * Brings the links of these opportunities and projects in line with the keys their sources name. What a person decided
 * stays; what was only likely becomes known.
 */
export async function refreshKeyLinks(
  rows: Rows,
  touched: { opportunities: readonly string[]; projects: readonly string[] },
): Promise<void> {
  const ids = [...touched.opportunities, ...touched.projects];
  if (ids.length === 0) return;
  const given = unnest('given', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  await sql`
    with touched as materialized (select id from ${given}),
    evidence as materialized (
      select entity_id as opportunity_id, target_id as project_id from touched join many_reference on entity_id = touched.id
      where kind = 'opportunity' and field = 'projects'
      union select entity_id, target_id from touched join many_reference on target_id = touched.id
      where kind = 'opportunity' and field = 'projects'
      union select target_id, entity_id from touched join many_reference on entity_id = touched.id
      where kind = 'project' and field = 'opportunities'
      union select target_id, entity_id from touched join many_reference on target_id = touched.id
      where kind = 'project' and field = 'opportunities'
    ),
    gone as (
      delete from project_link
      where origin = 'KEY'
        and (opportunity_id in (select id from touched) or project_id in (select id from touched))
        and (opportunity_id, project_id) not in (select opportunity_id, project_id from evidence)
    )
    insert into project_link (opportunity_id, project_id, status, origin, score, reasons)
    select opportunity_id, project_id, 'LINKED', 'KEY', null, '[]'::jsonb from evidence
    on conflict (opportunity_id, project_id) do update
      set status = 'LINKED', origin = 'KEY', score = null, reasons = '[]'::jsonb
      where project_link.origin = 'LIKENESS'`.execute(rows);
}

export interface UnlinkedProject {
  id: string;
  name: string | null;
  client_id: string | null;
  start: string | null;
}

export interface OpenOpportunity {
  id: string;
  name: string | null;
  client_id: string | null;
  close_date: string | null;
  state: string | null;
}

/** Projects without a link, and the opportunities that could be theirs: not linked either, and not lost. */
export async function findUnlinked(
  rows: Rows,
): Promise<{ projects: UnlinkedProject[]; opportunities: OpenOpportunity[] }> {
  const { rows: projects } = await sql<UnlinkedProject>`
    select id, name, client_id, start from project
    where deleted_at is null and not exists (select 1 from project_link where project_id = project.id and status = 'LINKED')`.execute(
    rows,
  );
  const { rows: opportunities } = await sql<OpenOpportunity>`
    select id, name, client_id, close_date, state from opportunity
    where deleted_at is null and state not in ('LOST', 'NO_DECISION')
      and not exists (select 1 from project_link where opportunity_id = opportunity.id and status = 'LINKED')`.execute(
    rows,
  );
  return { projects, opportunities };
}

export interface Suggestion {
  opportunityId: string;
  projectId: string;
  score: number;
  reasons: readonly string[];
}

/** Replaces the suggestions nobody has decided on. Writes nothing when they are the same as before. */
export async function storeSuggestions(rows: Rows, suggestions: readonly Suggestion[]): Promise<void> {
  const given = unnest('given', suggestions, [
    { name: 'opportunity_id', type: 'uuid', value: (each) => each.opportunityId },
    { name: 'project_id', type: 'uuid', value: (each) => each.projectId },
    { name: 'score', type: 'numeric', value: (each) => each.score.toFixed(2) },
    { name: 'reasons', type: 'jsonb', value: (each) => JSON.stringify(each.reasons) },
  ]);
  await sql`
    delete from project_link where status = 'SUGGESTED'
      and (opportunity_id, project_id) not in (select opportunity_id, project_id from ${given})`.execute(rows);
  await sql`
    insert into project_link (opportunity_id, project_id, status, origin, score, reasons)
    select opportunity_id, project_id, 'SUGGESTED', 'LIKENESS', score, reasons from ${given}
    on conflict (opportunity_id, project_id) do update set score = excluded.score, reasons = excluded.reasons
      where project_link.status = 'SUGGESTED' and (project_link.score, project_link.reasons) is distinct from (excluded.score, excluded.reasons)`.execute(
    rows,
  );
}

export interface LinkWord extends Deciding {
  opportunityId: string;
  projectId: string;
  status: 'LINKED' | 'REJECTED';
  by: string;
  at: string;
}

/**
 * A person's word about a pair, as a decision on the opportunity; the same word again is no decision. Returns false when
 * one of the two does not exist. Wants a transaction that holds the writers' lock.
 */
export async function decideLink(rows: Rows, word: LinkWord): Promise<boolean> {
  const { opportunityId, projectId, status, by, at, idempotencyKey } = word;
  const action = linkActions[status];
  if (await wasDecided(rows, { idempotencyKey, subjectId: opportunityId, action })) return true;
  const { rows: found } = await sql<{ status: LinkStatus | null; by_person: boolean | null }>`
    select link.status, link.origin = 'PERSON' as by_person from opportunity cross join project
    left join project_link as link on opportunity_id = opportunity.id and project_id = project.id
    where opportunity.id = ${opportunityId}::uuid and project.id = ${projectId}::uuid`.execute(rows);
  const [before] = found;
  if (!before) return false;
  const version = await versionOf(rows, opportunityId);
  checkVersion(version, word);
  if (before.by_person && before.status === status) return true;
  await sql`
    insert into project_link (opportunity_id, project_id, status, origin, score, reasons, decided_by, decided_at)
    values (${opportunityId}::uuid, ${projectId}::uuid, ${status}, 'PERSON', null, '[]'::jsonb, ${by}, ${at}::timestamptz)
    on conflict (opportunity_id, project_id) do update
      set status = excluded.status, origin = 'PERSON', decided_by = excluded.decided_by, decided_at = excluded.decided_at`.execute(
    rows,
  );
  await recordDecision(rows, {
    subject_kind: 'opportunity',
    subject_id: opportunityId,
    version: version + 1,
    action,
    from_state: before.status,
    to_state: status,
    actor: by,
    at,
    details: { project: projectId },
    idempotencyKey,
  });
  return true;
}
