import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { usualDays, type Calendars } from '../people/calendar.ts';
import { pricedTime, type ScopeSettings } from '../time/worked.store.ts';

export const utilisationGroups = ['PERSON', 'TEAM', 'ROLE'] as const;
export type UtilisationGroup = (typeof utilisationGroups)[number];

/** Time of one group within a period, in seconds. */
export interface UtilisationRow {
  /** Id of the person, or name of the team or role; null where there is none. */
  key: string | null;
  worked: number;
  /** What the client pays for: by the source's word where it says, else what the client ordered. */
  billable: number;
  /** Working time by the calendar. */
  calendar: number;
  /** Holidays within it. */
  excluded: number;
}

const keys: Readonly<Record<UtilisationGroup, RawBuilder<unknown>>> = {
  PERSON: sql`person.id::text`,
  TEAM: sql`person.team`,
  ROLE: sql`person.role`,
};

/** Worked time and capacity by group, the most worked first: one statement, whatever the number of people. */
export async function readUtilisation(
  rows: Rows,
  input: {
    from: string;
    to: string;
    groupBy: UtilisationGroup | null;
    limit: number;
    settings: ScopeSettings;
    calendars: Calendars;
  },
): Promise<UtilisationRow[]> {
  const { from, to, groupBy, calendars } = input;
  const weekdays = Object.entries(calendars).flatMap(([name, { days }]) => days.map((weekday) => ({ name, weekday })));
  const holidays = Object.entries(calendars).flatMap(([name, each]) => each.holidays.map((day) => ({ name, day })));
  const worked = unnest('worked_day', weekdays, [
    { name: 'calendar', type: 'text', value: ({ name }) => name },
    { name: 'weekday', type: 'integer', value: ({ weekday }) => weekday },
  ]);
  const free = unnest('holiday', holidays, [
    { name: 'calendar', type: 'text', value: ({ name }) => name },
    { name: 'day', type: 'date', value: ({ day }) => day },
  ]);
  const usual = sql.join(usualDays.map((weekday) => sql.lit(weekday)));
  const { rows: found } = await sql<UtilisationRow>`
    with ${pricedTime({ projectIds: null, from, to }, input.settings)},
    worked_time as (
      select scoped.person_id, sum(scoped.seconds) as worked,
        sum(scoped.seconds) filter (where coalesce(entry.billable, scope in ('BASELINE', 'APPROVED_CHANGE'))) as billable
      from scoped join time_entry as entry on entry.id = scoped.id where scoped.person_id is not null group by 1
    ),
    period as (
      select person_id, calendar, seconds_per_day, greatest(coalesce(valid_from, '-infinity'), ${from}::date) as from_on,
        least(coalesce(valid_to, 'infinity'), ${to}::date, coalesce(
          (lead(valid_from) over (partition by person_id order by valid_from nulls first, id) - 1), 'infinity')) as to_on
      from capacity where deleted_at is null and person_id is not null and seconds_per_day is not null
    ),
    capacity_time as (
      select person_id, sum(seconds_per_day) as calendar,
        sum(seconds_per_day) filter (where exists (
          select 1 from ${free} where holiday.calendar = period.calendar and holiday.day = each.day::date)) as excluded
      from period cross join lateral generate_series(from_on::timestamp, to_on::timestamp, interval '1 day') as each(day)
      where from_on <= to_on and case
        when exists (select 1 from ${worked} where worked_day.calendar = period.calendar)
          then exists (select 1 from ${worked} where worked_day.calendar = period.calendar and weekday = extract(isodow from each.day))
        else extract(isodow from each.day) in (${usual}) end
      group by 1
    )
    select ${groupBy ? keys[groupBy] : sql`null`} as key, coalesce(sum(worked), 0)::bigint as worked,
      coalesce(sum(billable), 0)::bigint as billable, coalesce(sum(capacity_time.calendar), 0)::bigint as calendar,
      coalesce(sum(excluded), 0)::bigint as excluded
    from person left join worked_time on worked_time.person_id = person.id
    left join capacity_time on capacity_time.person_id = person.id
    where person.deleted_at is null and (worked is not null or capacity_time.calendar is not null)
    ${groupBy ? sql`group by 1` : sql``}
    order by worked desc, 1 limit ${input.limit}`.execute(rows);
  return found.map((row) => ({
    key: row.key,
    worked: Number(row.worked),
    billable: Number(row.billable),
    calendar: Number(row.calendar),
    excluded: Number(row.excluded),
  }));
}
