import { sql, type RawBuilder } from 'kysely';
import type { Row } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';

/** Whether the client has accepted a proposal here, with evidence. A source that says so has shown none (decision 22). */
export const isAccepted = sql`(proposal.state = 'ACCEPTED' and proposal.deleted_at is null
  and exists (select 1 from decision where subject_id = proposal.id and action = 'ACCEPT'))`;

/** For a `left join`: the link of a work item, unless what it names is deleted. */
const standingLink = sql`(
  select work_item_id, commitment_id from commitment_link join commitment as linked on linked.id = commitment_id and linked.deleted_at is null
)`;

/** For a `lateral`: what the source of `item` names in this custom field among what was accepted for its project; the first of several. */
function namedBySource(commitmentField: string): RawBuilder<unknown> {
  return sql`
    select commitment.id from proposal join commitment on commitment.proposal_id = proposal.id and commitment.deleted_at is null
    where proposal.project_id = item.project_id and ${isAccepted} and commitment.key = item.custom_fields ->> ${commitmentField}
    order by commitment.id limit 1`;
}

/**
 * `promised` and `kept`, for a `with`: the commitments of accepted proposals that a condition on `commitment` and
 * `proposal` leaves, and which work item keeps which of them that is still there: by a link made here or, where there is
 * none, by the key that its source names in this custom field, among what was accepted for its project.
 */
export function promisedAndKept(condition: RawBuilder<unknown>, commitmentField: string): RawBuilder<unknown> {
  return sql`
    promised as materialized (
      select commitment.*, proposal.project_id as promised_project_id, proposal.opportunity_id as promised_opportunity_id
      from proposal join commitment on commitment.proposal_id = proposal.id and commitment.deleted_at is null
      where ${isAccepted} and ${condition}
    ),
    kept as (
      select promised.id as commitment_id, item.id as work_item_id from promised
      join commitment_link as link on link.commitment_id = promised.id
      join work_item as item on item.id = link.work_item_id and item.deleted_at is null
      union all
      select promised.id, item.id from promised
      join work_item as item on item.project_id = promised_project_id and item.deleted_at is null
        and item.custom_fields ->> ${commitmentField} = promised.key
      join lateral (${namedBySource(commitmentField)}) as named on named.id = promised.id
      where not exists (select 1 from ${standingLink} as link where link.work_item_id = item.id)
    )`;
}

/** Which commitment each of these work items keeps, the first by id where several have its key; null where it keeps none. */
export async function readCommitmentsOfWork(
  rows: Rows,
  { workItemIds, commitmentField }: { workItemIds: readonly string[]; commitmentField: string },
): Promise<(string | null)[]> {
  const asked = unnest('asked', workItemIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ id: string; commitment_id: string | null }>`
    select item.id, coalesce(link.commitment_id, named.id) as commitment_id
    from ${asked} join work_item as item on item.id = asked.id
    left join ${standingLink} as link on link.work_item_id = item.id
    left join lateral (${namedBySource(commitmentField)}) as named on link.commitment_id is null`.execute(rows);
  const byItem = new Map(found.map((row) => [row.id, row.commitment_id]));
  return workItemIds.map((id) => byItem.get(id) ?? null);
}

/** The work that keeps each of these commitments, by id, with what is deleted left out; so many of each at most. */
export async function readWorkOf(
  rows: Rows,
  of: { commitmentIds: readonly string[]; commitmentField: string; limit: number },
): Promise<Row[][]> {
  const asked = unnest('asked', of.commitmentIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Row & { kept_commitment_id: string }>`
    with ${promisedAndKept(sql`commitment.id in (select asked.id from ${asked})`, of.commitmentField)}
    select commitment_id as kept_commitment_id, item.* from (
      select *, row_number() over (partition by commitment_id order by work_item_id) as place from kept
    ) as placed join work_item as item on item.id = work_item_id
    where place <= ${of.limit} order by commitment_id, place`.execute(rows);
  const byCommitment = Map.groupBy(found, (row) => row.kept_commitment_id);
  return of.commitmentIds.map((id) => byCommitment.get(id) ?? []);
}

/** Commitments of accepted proposals that no work keeps, the first due first. */
export async function readUnplanned(
  rows: Rows,
  of: { projectId: string | null; opportunityId: string | null; commitmentField: string; limit: number },
): Promise<Row[]> {
  const project = of.projectId === null ? sql`true` : sql`proposal.project_id = ${of.projectId}::uuid`;
  const deal = of.opportunityId === null ? sql`true` : sql`proposal.opportunity_id = ${of.opportunityId}::uuid`;
  const { rows: found } = await sql<Row>`
    with ${promisedAndKept(sql`${project} and ${deal}`, of.commitmentField)}
    select promised.* from promised where not exists (select 1 from kept where commitment_id = promised.id)
    order by due nulls last, id limit ${of.limit}`.execute(rows);
  return found;
}
