import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { usualProbabilities } from '../opportunities/pipeline.store.ts';
import type { Calendars } from '../people/calendar.ts';
import { capacityDays } from '../people/capacity.store.ts';
import { bookedDays } from '../projects/allocation.store.ts';
import type { UtilisationGroup } from './utilisation.store.ts';

/** Bookings of one group within a period, in seconds. */
export interface BookingRow {
  /** Id of the person, or name of the team or role; null where there is none. */
  key: string | null;
  confirmed: number;
  /** By the chance that they come true, 0 to 1; null where nobody says. */
  tentative: readonly { probability: string | null; seconds: number }[];
  /** Working time by the calendar, without holidays. */
  capacity: number;
}

const keys: Readonly<Record<UtilisationGroup, RawBuilder<unknown>>> = {
  PERSON: sql`person.id::text`,
  TEAM: sql`coalesce(person.team, '')`,
  ROLE: sql`coalesce(person.role, '')`,
};

/**
 * The chance of each project, by the deal it was or would be sold with: the first by close date, one that was won before
 * all others. 1 when it is won, 0 when it is lost, else its probability, or the usual one of its stage.
 */
const chances = sql`
  select distinct on (project_id) project_id, case when state = 'WON' then 1 when state in ('LOST', 'NO_DECISION') then 0
    else coalesce(deal.probability, usual.probability) end as probability
  from project_link join opportunity as deal on deal.id = opportunity_id and deal.deleted_at is null
  left join (${usualProbabilities}) as usual on usual.pipeline = coalesce(deal.pipeline, '') and usual.stage = deal.stage
  where project_link.status = 'LINKED' order by project_id, (state = 'WON') desc, close_date, deal.id`;

/** Bookings and capacity by group, the most booked first: one statement, whatever the number of people. */
export async function readBookings(
  rows: Rows,
  input: { from: string; to: string; groupBy: UtilisationGroup | null; limit: number; calendars: Calendars },
): Promise<BookingRow[]> {
  const { groupBy, calendars } = input;
  const key = groupBy ? keys[groupBy] : sql`''`;
  const { rows: found } = await sql<BookingRow>`
    with ${capacityDays(input, calendars)}, ${bookedDays(input)},
    chance as (${chances}),
    booked as (
      select ${key} as key, type = 'HARD' as is_hard, case when type = 'HARD' then null else chance.probability end as probability,
        sum(seconds) as seconds
      from booked_day join person on person.id = booked_day.person_id and person.deleted_at is null
      left join chance on chance.project_id = booked_day.project_id
      group by 1, 2, 3
    ),
    wanted as (
      select key, coalesce(sum(seconds) filter (where is_hard), 0)::bigint as confirmed,
        jsonb_agg(jsonb_build_object('probability', probability::text, 'seconds', seconds) order by probability) filter (where not is_hard) as tentative
      from booked group by 1
    ),
    could as (
      select ${key} as key, sum(seconds)::bigint as seconds
      from capacity_day join person on person.id = capacity_day.person_id and person.deleted_at is null
      where not is_holiday group by 1
    )
    select nullif(coalesce(wanted.key, could.key), '') as key, coalesce(confirmed, 0) as confirmed,
      coalesce(tentative, '[]') as tentative, coalesce(could.seconds, 0) as capacity
    from wanted full join could on could.key = wanted.key
    order by 2 desc, 1 limit ${input.limit}`.execute(rows);
  return found.map((row) => ({ ...row, confirmed: Number(row.confirmed), capacity: Number(row.capacity) }));
}
