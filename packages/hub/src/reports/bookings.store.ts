import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { Calendars } from '../people/calendar.ts';
import { capacityDays } from '../people/capacity.store.ts';
import { bookedDays } from '../projects/allocation.store.ts';
import { projectChances } from '../projects/chance.store.ts';
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

/** Bookings and capacity by group, the most booked first: one statement, whatever the number of people. */
export async function readBookings(
  rows: Rows,
  input: { from: string; to: string; groupBy: UtilisationGroup | null; limit: number; calendars: Calendars },
): Promise<BookingRow[]> {
  const { groupBy, calendars } = input;
  const key = groupBy ? keys[groupBy] : sql`''`;
  const { rows: found } = await sql<BookingRow>`
    with ${capacityDays(input, calendars)}, ${bookedDays(input)},
    chance as (${projectChances}),
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
