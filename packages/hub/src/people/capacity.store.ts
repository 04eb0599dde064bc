import { sql, type RawBuilder } from 'kysely';
import { unnest } from '../kernel/unnest.ts';
import { validPeriods } from '../kernel/valid-periods.ts';
import { usualDays, type Calendars } from './calendar.ts';

/** A calendar that nobody has described: Monday to Friday, without holidays. */
const USUAL = '';

/** Local days, both included. */
export interface Period {
  from: string;
  to: string;
}

interface WorkingDay {
  calendar: string;
  day: string;
  isHoliday: boolean;
}

/**
 * `working_day`, `capacity_period` and `capacity_day`: the days that calendars name as worked, holidays among them; spans
 * of days that do not overlap, each with its calendar; and what each person works on a day of theirs, in seconds. Of
 * everybody, or of those for whom `whose` holds, a condition over `person_id`.
 */
export function capacityDays(
  { from, to }: Period,
  calendars: Calendars,
  whose: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  const days = unnest('given', workingDays({ from, to }, calendars), [
    { name: 'calendar', type: 'text', value: ({ calendar }) => calendar },
    { name: 'day', type: 'date', value: ({ day }) => day },
    { name: 'is_holiday', type: 'boolean', value: ({ isHoliday }) => isHoliday },
  ]);
  const described = Object.keys(calendars);
  const told = sql`select capacity.*, person_id as whose from capacity
    where deleted_at is null and person_id is not null and seconds_per_day is not null and ${whose}`;
  return sql`
    working_day as materialized (select * from ${days}),
    capacity_period as (
      select whose as person_id, case when calendar = any(${described}::text[]) then calendar else ${USUAL} end as calendar,
        seconds_per_day, greatest(from_on, ${from}::date) as from_on, least(to_on, ${to}::date) as to_on
      from (${validPeriods(told, ['calendar', 'seconds_per_day'])}) as told where from_on <= ${to}::date and to_on >= ${from}::date
    ),
    capacity_day as (
      select person_id, day, seconds_per_day as seconds, is_holiday from capacity_period
      join working_day on working_day.calendar = capacity_period.calendar and day between from_on and to_on
    )`;
}

function workingDays({ from, to }: Period, calendars: Calendars): WorkingDay[] {
  const described = { ...calendars, [USUAL]: { days: usualDays, holidays: [] as readonly string[] } };
  const found: WorkingDay[] = [];
  const last = Temporal.PlainDate.from(to);
  for (let date = Temporal.PlainDate.from(from); Temporal.PlainDate.compare(date, last) <= 0;) {
    const day = date.toString();
    for (const [calendar, { days, holidays }] of Object.entries(described))
      if (days.includes(date.dayOfWeek)) found.push({ calendar, day, isHoliday: holidays.includes(day) });
    date = date.add({ days: 1 });
  }
  return found;
}
