import { sql } from 'kysely';
import { NotFoundError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { isOpen, usualProbabilities } from '../opportunities/pipeline.store.ts';
import type { Calendars } from '../people/calendar.ts';
import { capacityDays, type Period } from '../people/capacity.store.ts';
import { bookedDays } from '../projects/allocation.store.ts';
import { projectChances } from '../projects/chance.store.ts';
import {
  byRole,
  compareWeeks,
  feasibilityOf,
  leftToBook,
  roleKey,
  supplyKey,
  type CapacityWeek,
  type Feasibility,
  type PlannedWork,
  type Supply,
} from './capacity-check.rules.ts';
import type { ProposalTerms } from './proposal-terms.rules.ts';
import { readProposals } from './proposal-terms.store.ts';

export interface CapacityCheck extends Feasibility {
  proposalId: string;
  weeks: readonly CapacityWeek[];
  /** Other proposals, of open or won deals, that are in no figure but for their bookings, for want of days, roles or a chance. */
  leftOutIds: readonly string[];
}

interface Settings {
  calendars: Calendars;
  /** The days over which planned work is spread. */
  calendar: Calendars[string];
}

const LONGEST_DAYS = 1_100;

/** Whether there are people for a proposal: three statements. Throws NotFoundError for one that there is not. */
export async function checkCapacity(rows: Rows, proposalId: string, settings: Settings): Promise<CapacityCheck> {
  const [proposal] = await readProposals(rows, [proposalId]);
  if (!proposal) throw new NotFoundError('There is no such proposal.', 'List the proposals of the opportunity again.');
  const { terms, opportunityId } = proposal;
  const planned = plannedOf(terms);
  if ('reason' in planned) return { proposalId, weeks: [], leftOutIds: [], feasible: null, reason: planned.reason };
  const { period, demand } = planned;
  const roles = demand.map(({ role }) => roleKey(role));
  const [supply, others] = await Promise.all([
    readSupply(rows, { period, roles, opportunityId, calendars: settings.calendars }),
    readOthers(rows, { period, opportunityId, calendars: settings.calendars }),
  ]);
  const { pipeline, leftOutIds } = pipelineOf(others, period, settings.calendar);
  const weeks = compareWeeks({ demand, pipeline, supply: supply.byWeek, calendar: settings.calendar });
  const unknown = demand.flatMap(({ role }) => (supply.roles.has(roleKey(role)) ? [] : [role]));
  const outcome =
    weeks.length === 0
      ? { feasible: null, reason: 'None of its days is a working day.' }
      : feasibilityOf(weeks, unknown);
  return { proposalId, weeks, leftOutIds, ...outcome };
}

function plannedOf({
  start,
  end,
  roles,
}: ProposalTerms): { period: Period; demand: PlannedWork[] } | { reason: string } {
  if (start === null || end === null) return { reason: 'It does not say from when to when.' };
  if (!roles || roles.length === 0) return { reason: 'It does not say which roles do the work.' };
  if (Temporal.PlainDate.from(start).until(end, { largestUnit: 'days' }).days > LONGEST_DAYS)
    return { reason: `It takes longer than ${LONGEST_DAYS} days.` };
  const demand = byRole(roles).map((wanted) => ({ ...wanted, start, end, chance: '1' }));
  return { period: wholeWeeks(start, end), demand };
}

/** From the Monday of the first day to the Sunday of the last. */
function wholeWeeks(start: string, end: string): Period {
  const [first, last] = [Temporal.PlainDate.from(start), Temporal.PlainDate.from(end)];
  return {
    from: first.subtract({ days: first.dayOfWeek - 1 }).toString(),
    to: last.add({ days: 7 - last.dayOfWeek }).toString(),
  };
}

interface SupplyRow {
  role: string;
  week: string;
  capacity: string | number;
  allocated: string | number;
  unweighted: string | number;
}

/**
 * What active people of these roles can work by week, and what is booked of it; of those whose capacity somebody has told.
 * What is booked for the projects of the opportunity itself is what the proposal wants, so it takes nothing away.
 */
async function readSupply(
  rows: Rows,
  input: { period: Period; roles: readonly string[]; opportunityId: string | null; calendars: Calendars },
): Promise<{ byWeek: Map<string, Supply>; roles: Set<string> }> {
  const { period, roles, opportunityId, calendars } = input;
  const theirs = sql`person_id in (
    select id from person where deleted_at is null and coalesce(status, 'ACTIVE') = 'ACTIVE' and lower(btrim(role)) = any(${roles}::text[])
  ) and person_id in (select person_id from capacity where deleted_at is null)`;
  const { rows: found } = await sql<SupplyRow>`
    with ${capacityDays(period, calendars, theirs)}, ${bookedDays(period, theirs)},
    chance as (${projectChances}),
    able as (
      select person_id, date_trunc('week', day)::date as week, sum(seconds) filter (where not is_holiday) as capacity, 0 as allocated, 0 as unweighted
      from capacity_day group by 1, 2
      union all
      select person_id, date_trunc('week', day)::date, 0, sum(seconds * case when type = 'HARD' then 1 else coalesce(chance.probability, 0) end),
        coalesce(sum(seconds) filter (where type <> 'HARD' and chance.probability is null), 0)
      from booked_day left join chance on chance.project_id = booked_day.project_id
      where not exists (
        select 1 from project_link where opportunity_id = ${opportunityId}::uuid and project_link.project_id = booked_day.project_id
          and project_link.status = 'LINKED')
      group by 1, 2
    )
    select lower(btrim(person.role)) as role, week::text as week, coalesce(sum(capacity), 0)::bigint as capacity,
      round(sum(allocated))::bigint as allocated, sum(unweighted)::bigint as unweighted
    from able join person on person.id = person_id group by 1, 2`.execute(rows);
  const byWeek = new Map(
    found.map((row) => [
      supplyKey(row.role, row.week),
      { capacity: Number(row.capacity), allocated: Number(row.allocated), unweighted: Number(row.unweighted) },
    ]),
  );
  return { byWeek, roles: new Set(found.filter(({ capacity }) => Number(capacity) > 0).map(({ role }) => role)) };
}

interface OtherRow {
  id: string;
  start: string | null;
  end: string | null;
  probability: string | null;
  /** What is booked for its deal within the period, in seconds. */
  booked: string | number;
  roles: readonly { role: string | null; seconds: number | null }[];
}

/** Of an opportunity: it has projects, and none of them is to be worked for any more. */
const isFinished = sql`coalesce((
  select bool_and(coalesce(project.status, 'ACTIVE') in ('DELIVERED', 'CLOSED', 'CANCELLED'))
  from project_link join project on project.id = project_link.project_id and project.deleted_at is null
  where project_link.opportunity_id = opportunity.id and project_link.status = 'LINKED'), false)`;

/**
 * What is offered for other deals that are open, or won and not finished: what the client has accepted, has before them, or
 * else the latest version. What is accepted or won is certain. What is booked for its projects takes capacity by that, so
 * only the rest of it is still to be found people for.
 */
async function readOthers(
  rows: Rows,
  { period, opportunityId, calendars }: { period: Period; opportunityId: string | null; calendars: Calendars },
): Promise<OtherRow[]> {
  const linked = sql`select project_link.project_id from project_link where project_link.status = 'LINKED'`;
  const theirs = sql`person_id in (select allocation.person_id from allocation where allocation.project_id in (${linked}))`;
  const { rows: found } = await sql<OtherRow>`
    with ${capacityDays(period, calendars, theirs)}, ${bookedDays(period, sql`project_id in (${linked})`)},
    deal as (
      select id, pipeline, stage, probability, state from opportunity
      where (${isOpen} or (state = 'WON' and not ${isFinished})) and deleted_at is null and id is distinct from ${opportunityId}::uuid
    ), usual as (${usualProbabilities}),
    offered as (
      select distinct on (proposal.opportunity_id) proposal.id, proposal.opportunity_id, proposal.start, proposal."end",
        case when deal.state = 'WON' or proposal.state = 'ACCEPTED' then 1
          else coalesce(deal.probability, usual.probability) end as probability
      from deal join proposal on proposal.opportunity_id = deal.id and proposal.deleted_at is null
        and coalesce(proposal.state, 'DRAFT') not in ('DECLINED', 'SUPERSEDED')
      left join usual on usual.pipeline = coalesce(deal.pipeline, '') and usual.stage = deal.stage
      order by proposal.opportunity_id, (proposal.state = 'ACCEPTED') desc nulls last,
        (proposal.state = 'SUBMITTED') desc nulls last, proposal.version desc nulls last, proposal.id
    ), booked as (
      select opportunity_id, sum(seconds) as seconds from booked_day
      join project_link on project_link.project_id = booked_day.project_id and project_link.status = 'LINKED' group by 1
    )
    select offered.id, offered.start, offered."end", offered.probability, coalesce(booked.seconds, 0)::bigint as booked, coalesce((
      select jsonb_agg(jsonb_build_object('role', role, 'seconds', seconds) order by role, id)
      from proposal_role where proposal_id = offered.id and deleted_at is null), '[]') as roles
    from offered left join booked on booked.opportunity_id = offered.opportunity_id
    where coalesce(offered."end", 'infinity') >= ${period.from}::date and coalesce(offered.start, '-infinity') <= ${period.to}::date
    order by offered.id`.execute(rows);
  return found;
}

function pipelineOf(
  others: readonly OtherRow[],
  { from, to }: Period,
  calendar: Calendars[string],
): { pipeline: PlannedWork[]; leftOutIds: string[] } {
  const pipeline: PlannedWork[] = [];
  const leftOutIds: string[] = [];
  for (const { id, start, end, probability, roles, booked } of others) {
    const isTold = start !== null && end !== null && start <= end && probability !== null && roles.length > 0;
    const days = isTold ? Temporal.PlainDate.from(start).until(end, { largestUnit: 'days' }).days : 0;
    if (isTold && days <= LONGEST_DAYS) {
      const chance = probability;
      const plan = roles.map(({ role, seconds }) => ({ role: role ?? '', seconds: seconds ?? 0, start, end, chance }));
      pipeline.push(...leftToBook(plan, { booked: Number(booked), from, to, calendar }));
    } else leftOutIds.push(id);
  }
  return { pipeline, leftOutIds };
}
