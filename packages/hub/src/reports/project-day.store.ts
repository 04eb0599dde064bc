import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { dayStart, daysLater, localDay } from '../kernel/local-day.ts';
import { askedProjects } from '../time/worked.store.ts';

/** A project with its own calendar: `today` is the local date of asking, in its zone. */
export interface PlacedProject {
  id: string;
  zone: string | null;
  today: string;
}

/** A day of a project; `until` is the instant at which it is over there. */
export interface ProjectDay {
  projectId: string;
  day: string;
  until: string;
}

/** Days of projects as a table, `asked_day (project_id, day, until)`; their number is kept from the planner as in `askedProjects`. */
export function askedDays(days: readonly ProjectDay[]): RawBuilder<unknown> {
  return sql`unnest((select ${days.map(({ projectId }) => projectId)}::uuid[]), (select ${days.map(({ day }) => day)}::date[]),
    (select ${days.map(({ until }) => until)}::timestamptz[])) as asked_day(project_id, day, until)`;
}

/** What day it is where these projects are; one that there is not is left out. */
export async function placeProjects(
  rows: Rows,
  { projectIds, now }: { projectIds: readonly string[]; now: string },
): Promise<PlacedProject[]> {
  const { rows: found } = await sql<{ id: string; zone: string | null }>`
    select project.id, project.zone from ${askedProjects(projectIds)} join project on project.id = asked.id`.execute(
    rows,
  );
  return found.map(({ id, zone }) => ({ id, zone, today: localDay(now, zone) }));
}

/** Days of each project, told by what is today there; each once and in order. */
export function projectDays(
  placed: readonly PlacedProject[],
  daysUpTo: (today: string) => readonly string[],
): ProjectDay[] {
  return placed.flatMap(({ id, zone, today }) =>
    [...new Set(daysUpTo(today))].toSorted().map((day) => ({
      projectId: id,
      day,
      until: dayStart(daysLater(day, 1), zone),
    })),
  );
}
