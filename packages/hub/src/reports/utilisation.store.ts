import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { Calendars } from '../people/calendar.ts';
import { capacityDays } from '../people/capacity.store.ts';
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

/** Worked time and capacity by group, of everybody or of a person or team, the most worked first: one statement, whatever the number of people. */
export async function readUtilisation(
  rows: Rows,
  input: {
    from: string;
    to: string;
    groupBy: UtilisationGroup | null;
    personId?: string | null;
    team?: string | null;
    limit: number;
    settings: ScopeSettings;
    calendars: Calendars;
  },
): Promise<UtilisationRow[]> {
  const { from, to, groupBy, calendars, personId = null, team = null } = input;
  const { rows: found } = await sql<UtilisationRow>`
    with ${pricedTime({ projectIds: null, from, to }, input.settings)},
    worked_time as (
      select scoped.person_id, sum(scoped.seconds) as worked,
        sum(scoped.seconds) filter (where coalesce(entry.billable, scope in ('BASELINE', 'APPROVED_CHANGE'))) as billable
      from scoped join time_entry as entry on entry.id = scoped.id where scoped.person_id is not null group by 1
    ),
    ${capacityDays({ from, to }, calendars)},
    capacity_time as (
      select person_id, sum(seconds) as calendar, sum(seconds) filter (where is_holiday) as excluded
      from capacity_day group by 1
    )
    select ${groupBy ? keys[groupBy] : sql`null`} as key, coalesce(sum(worked), 0)::bigint as worked,
      coalesce(sum(billable), 0)::bigint as billable, coalesce(sum(capacity_time.calendar), 0)::bigint as calendar,
      coalesce(sum(excluded), 0)::bigint as excluded
    from person left join worked_time on worked_time.person_id = person.id
    left join capacity_time on capacity_time.person_id = person.id
    where person.deleted_at is null and (${personId}::uuid is null or person.id = ${personId}::uuid)
      and (${team}::text is null or person.team = ${team}::text) and (worked is not null or capacity_time.calendar is not null)
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
