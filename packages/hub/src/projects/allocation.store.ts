import { sql, type RawBuilder } from 'kysely';
import type { Period } from '../people/capacity.store.ts';

/**
 * `booked_day`: what each allocation takes of a working day of its person, in seconds; of nobody's day off. Wants the
 * expressions of `capacityDays` for the same period before it; on days without a capacity people work Monday to Friday.
 */
export function bookedDays({ from, to }: Period, whose: RawBuilder<unknown> = sql`true`): RawBuilder<unknown> {
  return sql`
    booked_day as (
      select booking.id, booking.person_id, booking.project_id, coalesce(booking.type, 'SOFT') as type, day,
        booking.seconds_per_day as seconds
      from (
        select id, person_id, project_id, type, seconds_per_day, greatest(coalesce("from", '-infinity'), ${from}::date) as from_on,
          least(coalesce("to", 'infinity'), ${to}::date) as to_on
        from allocation
        where deleted_at is null and person_id is not null and seconds_per_day > 0 and ${whose}
          and ("to" is null or "to" >= ${from}::date) and ("from" is null or "from" <= ${to}::date)
      ) as booking
      join working_day on day between booking.from_on and booking.to_on and not is_holiday
      left join capacity_period as period
        on period.person_id = booking.person_id and day between period.from_on and period.to_on
      where working_day.calendar = coalesce(period.calendar, '')
    )`;
}
