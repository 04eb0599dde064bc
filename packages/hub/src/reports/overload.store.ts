import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { Calendars } from '../people/calendar.ts';
import { capacityDays } from '../people/capacity.store.ts';
import { bookedDays } from '../projects/allocation.store.ts';
import type { WorkedWeek } from '../time/load.metrics.ts';
import type { WarningLimits } from './early-warning.settings.ts';

/** A week in which somebody is booked for more than the limits allow; in seconds. */
export interface OverbookedWeek {
  person_id: string;
  /** Its Monday. */
  week: string;
  hard: number;
  soft: number;
  capacity: number;
  allocation_ids: readonly string[];
}

/** Weeks in a row in each of which somebody worked beyond the limit. */
export interface OverloadedWeeks {
  person_id: string;
  weeks: readonly WorkedWeek[];
  time_entry_ids: readonly string[];
}

export interface OverloadQuestion {
  /** Of these people. */
  personIds: readonly string[];
  /** The day of asking. */
  today: string;
  limits: WarningLimits;
  calendars: Calendars;
}

/** Weeks from this one on, in one statement; of people whose capacity somebody has told. By person and week. */
export async function readOverbookedWeeks(
  rows: Rows,
  { personIds, today, limits, calendars }: OverloadQuestion,
): Promise<OverbookedWeek[]> {
  const { hard, all, weeksAhead } = limits.allocation;
  const from = mondayOf(today);
  const period = {
    from: from.toString(),
    to: from
      .add({ weeks: weeksAhead + 1 })
      .subtract({ days: 1 })
      .toString(),
  };
  const theirs = sql`person_id in (select unnest((select ${personIds}::uuid[])))`;
  const { rows: found } = await sql<OverbookedWeek>`
    with ${capacityDays(period, calendars, theirs)}, ${bookedDays(period, theirs)},
    booked as (
      select person_id, date_trunc('week', day)::date as week, coalesce(sum(seconds) filter (where type = 'HARD'), 0)::bigint as hard,
        coalesce(sum(seconds) filter (where type <> 'HARD'), 0)::bigint as soft, jsonb_agg(distinct id) as allocation_ids
      from booked_day group by 1, 2
    ),
    could as (
      select person_id, date_trunc('week', day)::date as week, sum(seconds)::bigint as seconds
      from capacity_day where not is_holiday group by 1, 2
    )
    select booked.person_id, booked.week::text as week, hard, soft, coalesce(could.seconds, 0) as capacity, allocation_ids
    from booked left join could on could.person_id = booked.person_id and could.week = booked.week
    where (hard > ${hard}::numeric * coalesce(could.seconds, 0) or hard + soft > ${all}::numeric * coalesce(could.seconds, 0))
      and exists (select 1 from capacity where capacity.person_id = booked.person_id and deleted_at is null)
    order by booked.person_id, booked.week`.execute(rows);
  return found.map((row) => ({
    ...row,
    hard: Number(row.hard),
    soft: Number(row.soft),
    capacity: Number(row.capacity),
  }));
}

/** People who worked beyond the limit in each of the last whole weeks, in one statement. By person. */
export async function readOverloadedWeeks(
  rows: Rows,
  { personIds, today, limits, calendars }: OverloadQuestion,
): Promise<OverloadedWeeks[]> {
  const { share, weeks } = limits.load;
  const end = mondayOf(today);
  const period = { from: end.subtract({ weeks }).toString(), to: end.subtract({ days: 1 }).toString() };
  const theirs = sql`person_id in (select unnest((select ${personIds}::uuid[])))`;
  const { rows: found } = await sql<OverloadedWeeks>`
    with ${capacityDays(period, calendars, theirs)},
    could as (
      select person_id, date_trunc('week', day)::date as week, sum(seconds)::bigint as seconds
      from capacity_day where not is_holiday group by 1, 2
    ),
    did as (
      select person_id, date_trunc('week', local_date)::date as week, sum(seconds)::bigint as seconds,
        jsonb_agg(id order by local_date, id) as ids
      from time_entry where deleted_at is null and ${theirs} and local_date between ${period.from}::date and ${period.to}::date
      group by 1, 2
    )
    select did.person_id, jsonb_agg(jsonb_build_object(
        'week', did.week::text, 'workedSeconds', did.seconds, 'capacitySeconds', coalesce(could.seconds, 0)) order by did.week) as weeks,
      jsonb_agg(did.ids order by did.week) as time_entry_ids
    from did left join could on could.person_id = did.person_id and could.week = did.week
    where did.seconds > ${share}::numeric * coalesce(could.seconds, 0)
      and exists (select 1 from capacity where capacity.person_id = did.person_id and deleted_at is null)
    group by did.person_id having count(*) = ${weeks}
    order by did.person_id`.execute(rows);
  return found.map((row) => ({ ...row, time_entry_ids: row.time_entry_ids.flat() }));
}

/** The Monday of a day's week. */
function mondayOf(day: string): Temporal.PlainDate {
  const date = Temporal.PlainDate.from(day);
  return date.subtract({ days: date.dayOfWeek - 1 });
}
