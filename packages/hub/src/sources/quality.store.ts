import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { OpportunityQualityFacts, ProjectQualityFacts } from './quality.rules.ts';

/** What the quality of projects is told by; null for an unknown id. One statement. */
export async function readProjectQuality(rows: Rows, ids: readonly string[]): Promise<(ProjectQualityFacts | null)[]> {
  const { rows: found } = await sql<{ id: string; facts: ProjectQualityFacts }>`
    select project.id, jsonb_build_object(
      'name', project.name, 'code', project.code, 'status', project.status, 'start', project.start, 'end', project."end",
      'currency', project.currency, 'zone', project.zone,
      'client', case when project.client_id is not null then jsonb_build_object('isThere', client.id is not null) end,
      'manager', case when project.manager_id is not null then
        jsonb_build_object('isThere', manager.id is not null, 'status', manager.status) end,
      'opportunities', (select count(*) from project_link
        join opportunity on opportunity.id = opportunity_id and opportunity.deleted_at is null
        where project_link.project_id = project.id and project_link.status = 'LINKED')
    ) as facts
    from ${asked(ids)} join project on project.id = asked.id
    left join client on client.id = project.client_id and client.deleted_at is null
    left join person as manager on manager.id = project.manager_id and manager.deleted_at is null`.execute(rows);
  return inOrder(ids, found);
}

/** What the quality of opportunities is told by; null for an unknown id. One statement. */
export async function readOpportunityQuality(
  rows: Rows,
  ids: readonly string[],
): Promise<(OpportunityQualityFacts | null)[]> {
  const { rows: found } = await sql<{ id: string; facts: OpportunityQualityFacts }>`
    select deal.id, jsonb_build_object(
      'name', deal.name, 'amount', deal.amount::text, 'currency', deal.amount_currency, 'pipeline', deal.pipeline,
      'stage', deal.stage, 'state', deal.state, 'probability', deal.probability::text, 'closeDate', deal.close_date,
      'nextStep', deal.next_step, 'nextStepDate', deal.next_step_date,
      'client', case when deal.client_id is not null then jsonb_build_object('isThere', client.id is not null) end,
      'owner', case when deal.owner_id is not null then
        jsonb_build_object('isThere', owner.id is not null, 'status', owner.status) end
    ) as facts
    from ${asked(ids)} join opportunity as deal on deal.id = asked.id
    left join client on client.id = deal.client_id and client.deleted_at is null
    left join person as owner on owner.id = deal.owner_id and owner.deleted_at is null`.execute(rows);
  return inOrder(ids, found);
}

function asked(ids: readonly string[]) {
  return unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
}

function inOrder<Facts>(ids: readonly string[], found: readonly { id: string; facts: Facts }[]): (Facts | null)[] {
  const byId = new Map(found.map(({ id, facts }) => [id, facts]));
  return ids.map((id) => byId.get(id) ?? null);
}
