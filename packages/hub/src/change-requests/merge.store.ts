import type { KindName } from '@plumbline/connector';
import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { lastLinks } from '../proposals/commitment-link.past.ts';

/** Larger than any number of decisions, so that renumbering never meets a number that is taken. */
const OUT_OF_THE_WAY = 1_000_000;

/**
 * What was decided on entities that turn out to be others follows to the survivors, the decisions of both in the order of
 * time. `pairs` is a table `pair(loser, survivor)`. Of two reviews and of two baselines 1 the
 * survivor's stays; the other is still found in the decisions.
 */
export async function moveDecisions(rows: Rows, kind: keyof typeof moves, pairs: RawBuilder<unknown>): Promise<void> {
  const concerned = sql`select id from ${pairs} cross join lateral (values (loser), (survivor)) as each(id)
    where exists (select 1 from decision where subject_id = loser)`;
  await sql`
    update decision set version = version + ${sql.lit(OUT_OF_THE_WAY)} where subject_id in (${concerned})`.execute(
    rows,
  );
  await sql`
    update decision set subject_id = numbered.survivor, version = numbered.version
    from (
      select decision.id, owner.survivor,
        row_number() over (partition by owner.survivor order by decision.at, decision.version) as version
      from (select id, survivor from ${pairs} cross join lateral (values (loser), (survivor)) as each(id)) as owner
      join decision on decision.subject_id = owner.id and decision.version > ${sql.lit(OUT_OF_THE_WAY)}
    ) as numbered where decision.id = numbered.id`.execute(rows);
  await moves[kind](rows, pairs);
}

const moves = {
  opportunity: moveOpportunities,
  proposal: moveProposals,
  commitment: moveCommitments,
  workItem: moveWorkItems,
  changeRequest: moveRequests,
  project: moveProjects,
  obstacle: nothingMore,
  closeNeed: nothingMore,
};

/** Of those that nothing but decisions hangs on. */
async function nothingMore(): Promise<void> {}

/** Whether entities of this kind are decided on, or decisions hang on them. */
export function isDecidedOn(kind: KindName): kind is keyof typeof moves {
  return Object.hasOwn(moves, kind);
}

async function moveOpportunities(rows: Rows, pairs: RawBuilder<unknown>): Promise<void> {
  await sql`update baseline set opportunity_id = survivor from ${pairs} where opportunity_id = loser`.execute(rows);
}

async function moveProposals(rows: Rows, pairs: RawBuilder<unknown>): Promise<void> {
  await sql`update baseline set proposal_id = survivor from ${pairs} where proposal_id = loser`.execute(rows);
  await sql`update feasibility_review set proposal_id = survivor from ${pairs} where proposal_id = loser`.execute(rows);
}

async function moveCommitments(rows: Rows, pairs: RawBuilder<unknown>): Promise<void> {
  await sql`update commitment_link set commitment_id = survivor from ${pairs} where commitment_id = loser`.execute(
    rows,
  );
}

/** An item keeps one commitment: of what was said of several that are one, the last word counts, as in the past. */
async function moveWorkItems(rows: Rows, pairs: RawBuilder<unknown>): Promise<void> {
  await sql`delete from commitment_link using ${pairs} where work_item_id in (loser, survivor)`.execute(rows);
  await sql`
    insert into commitment_link (work_item_id, commitment_id, linked_by, linked_at)
    select * from (${lastLinks(sql`true`)}) as link where work_item_id in (select survivor from ${pairs})`.execute(
    rows,
  );
}

async function moveRequests(rows: Rows, pairs: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into change_order_request (change_order_id, change_request_id)
    select change_order_id, survivor from ${pairs} join change_order_request on change_request_id = loser
    on conflict do nothing`.execute(rows);
  await sql`delete from change_order_request using ${pairs} where change_request_id = loser`.execute(rows);
  await sql`
    insert into commercial_review (change_request_id, opened_at, due_at, closed_at, escalations)
    select survivor, opened_at, due_at, closed_at, escalations from ${pairs} join commercial_review on change_request_id = loser
    on conflict do nothing`.execute(rows);
  await sql`delete from commercial_review using ${pairs} where change_request_id = loser`.execute(rows);
  await sql`delete from agreement using ${pairs} where change_request_id = loser`.execute(rows);
}

async function moveProjects(rows: Rows, pairs: RawBuilder<unknown>): Promise<void> {
  await sql`
    with pairs as materialized (select loser, survivor from ${pairs}), first as (
      select distinct on (survivor) survivor, loser from pairs join baseline on project_id = loser
      order by survivor, accepted_at, loser
    )
    update baseline set project_id = survivor from first
    where project_id = loser and not exists (select 1 from baseline as standing where standing.project_id = survivor)`.execute(
    rows,
  );
  await sql`update change_order set project_id = survivor from ${pairs} where project_id = loser`.execute(rows);
}
