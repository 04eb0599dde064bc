import { sql } from 'kysely';
import type { Row } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { HandoffFacts } from './handoff.rules.ts';
import { isAccepted, promisedAndKept } from './kept-commitment.store.ts';

interface FactsRow {
  id: string;
  accepted: string | number;
  ungoverned: (string | null)[] | null;
  commitments: string | number;
  unplanned: string | number;
  projects: string | number;
  without_baseline: string | number;
  without_manager: string | number;
  without_team: string | number;
  without_milestone: string | number;
}

/** What delivery needs of each of these opportunities, in their order; null for one that is not won. */
export async function readHandoffs(
  rows: Rows,
  { opportunityIds, commitmentField }: { opportunityIds: readonly string[]; commitmentField: string },
): Promise<(HandoffFacts | null)[]> {
  const asked = unnest('given', opportunityIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<FactsRow>`
    with asked as materialized (select id from ${asked}),
    ${promisedAndKept(sql`proposal.opportunity_id in (select id from asked)`, commitmentField)},
    planned as (
      select promised_opportunity_id, count(*) as commitments, count(*) filter (where id not in (select commitment_id from kept)) as unplanned
      from promised group by promised_opportunity_id
    )
    select deal.id, offers.*, coalesce(planned.commitments, 0) as commitments, coalesce(planned.unplanned, 0) as unplanned, delivered.*
    from asked join opportunity as deal on deal.id = asked.id and deal.state = 'WON'
    cross join lateral (
      select count(*) as accepted, array_remove(array[
        case when bool_or(cadence_days is null) then 'the cadence' end,
        case when bool_or(reporting_cycle_days is null) then 'reports' end,
        case when bool_or(coalesce(jsonb_array_length(escalation_path), 0) = 0) then 'escalation' end,
        case when bool_or(coalesce(trim(change_control), '') = '') then 'change control' end
      ], null) as ungoverned
      from proposal where opportunity_id = deal.id and ${isAccepted}
    ) as offers
    left join planned on promised_opportunity_id = deal.id
    cross join lateral (
      select count(*) as projects,
        count(*) filter (where not exists (select 1 from baseline where project_id = project.id)) as without_baseline,
        count(*) filter (where manager_id is null) as without_manager,
        count(*) filter (where not exists (select 1 from allocation where project_id = project.id and deleted_at is null)) as without_team,
        count(*) filter (where not exists (
          select 1 from milestone where project_id = project.id and due is not null and deleted_at is null
        )) as without_milestone
      from project_link join project on project.id = project_id and project.deleted_at is null
      where opportunity_id = deal.id and project_link.status = 'LINKED'
    ) as delivered`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, factsOf(row)]));
  return opportunityIds.map((id) => byId.get(id) ?? null);
}

function factsOf(row: FactsRow): HandoffFacts {
  return {
    accepted: Number(row.accepted),
    ungoverned: (row.ungoverned ?? []).filter((each) => each !== null),
    commitments: Number(row.commitments),
    unplanned: Number(row.unplanned),
    projects: Number(row.projects),
    withoutBaseline: Number(row.without_baseline),
    withoutManager: Number(row.without_manager),
    withoutTeam: Number(row.without_team),
    withoutMilestone: Number(row.without_milestone),
  };
}

/** Opportunities that are won, the latest first. */
export async function readWon(rows: Rows, limit: number): Promise<Row[]> {
  const { rows: found } = await sql<Row>`
    select * from opportunity where state = 'WON' and deleted_at is null
    order by close_date desc nulls last, id limit ${limit}`.execute(rows);
  return found;
}
