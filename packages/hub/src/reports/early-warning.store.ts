import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { daysLater } from '../kernel/local-day.ts';
import type { Calendars } from '../people/calendar.ts';
import { askedProjects } from '../time/worked.store.ts';
import { readCostByDay } from './cost-trend.store.ts';
import { readWaitingRequests, type WaitingRequest } from './decision-wait.store.ts';
import type { EarlyWarning } from './early-warning.rules.ts';
import type { WarningLimits } from './early-warning.settings.ts';
import { readMissedReportsOf, type MissedReport } from './missed-report.store.ts';
import { bookingWarning, loadWarning } from './overload.rules.ts';
import { readOverbookedWeeks, readOverloadedWeeks } from './overload.store.ts';
import type { Progress } from '../projects/earned-value.rules.ts';
import { readProgress, type ProgressSettings } from './progress.store.ts';
import { placeProjects, projectDays } from './project-day.store.ts';

interface WarningSettings extends ProgressSettings {
  warningLimits: WarningLimits;
  calendars: Calendars;
}

interface Asked {
  now: string;
  settings: WarningSettings;
}

/** What was done and spent by the end of a day; the cost in the currency of the contract, null where some has no price. */
export interface PastPerformance {
  day: string;
  progress: Progress | undefined;
  actualCost: string | null;
}

/** What a project's warnings are made of, beside its figures. */
export interface WarningFacts {
  /** By period, the last up to now. */
  trend: readonly PastPerformance[];
  /** The longest waiting first. */
  waiting: readonly WaitingRequest[];
  /** The report that is late; null where none is. */
  missed: MissedReport | null;
}

/** Of many projects in five statements, in their order. */
export async function readWarningFacts(
  rows: Rows,
  { projectIds, now, settings }: Asked & { projectIds: readonly string[] },
): Promise<WarningFacts[]> {
  const placed = await placeProjects(rows, { projectIds, now });
  const days = projectDays(placed, (today) => periodEnds(today, settings.warningLimits.costTrend));
  const [progress, cost, waiting, missed] = await Promise.all([
    readProgress(rows, { days, settings }),
    readCostByDay(rows, { days, settings }),
    readWaitingRequests(rows, { projectIds, now }),
    readMissedReportsOf(rows, { projectIds, today: now.slice(0, 10) }),
  ]);
  const byProject = Map.groupBy(waiting, (request) => request.project_id);
  const daysOf = Map.groupBy(days, ({ projectId }) => projectId);
  const late = new Map(missed.map((report) => [report.projectId, report]));
  return projectIds.map((id) => ({
    trend: (daysOf.get(id) ?? []).map(({ day }) => {
      const actualCost = cost.get(id)?.get(day);
      return { day, progress: progress.get(id)?.get(day), actualCost: actualCost === undefined ? '0' : actualCost };
    }),
    waiting: byProject.get(id) ?? [],
    missed: late.get(id) ?? null,
  }));
}

/** Warnings of many people in two statements, in their order. */
export async function readPeopleWarnings(
  rows: Rows,
  { personIds, now, settings }: Asked & { personIds: readonly string[] },
): Promise<EarlyWarning[][]> {
  const { warningLimits: limits, calendars } = settings;
  const question = { personIds, today: now.slice(0, 10), limits, calendars };
  const [overbooked, overloaded] = await Promise.all([
    readOverbookedWeeks(rows, question),
    readOverloadedWeeks(rows, question),
  ]);
  const warnings = [
    ...overbooked.map((week) => bookingWarning(week, limits)),
    ...overloaded.map((weeks) => loadWarning(weeks, limits)),
  ];
  const byPerson = Map.groupBy(warnings, ({ subject }) => subject.id);
  return personIds.map((id) => byPerson.get(id) ?? []);
}

/** People of a team, or everybody; by id. */
export async function findPeople(rows: Rows, team: string | null): Promise<string[]> {
  const { rows: found } = await sql<{ id: string }>`
    select id from person where deleted_at is null and (${team}::text is null or team = ${team}::text) order by id`.execute(
    rows,
  );
  return found.map((row) => row.id);
}

/** Who is booked for one of the projects from a day on, or has worked in one since four weeks before it; by id. */
export async function findStaff(
  rows: Rows,
  { projectIds, today }: { projectIds: readonly string[]; today: string },
): Promise<string[]> {
  const since = sql`${today}::date - 28`;
  const { rows: found } = await sql<{ person_id: string }>`
    select person_id from ${askedProjects(projectIds)} join allocation on allocation.project_id = asked.id
    where allocation.deleted_at is null and person_id is not null and ("to" is null or "to" >= ${today}::date)
    union
    select person_id from ${askedProjects(projectIds)} join time_entry on time_entry.project_id = asked.id
    where time_entry.deleted_at is null and person_id is not null and local_date > ${since}
    union
    select person_id from ${askedProjects(projectIds)} join work_item on work_item.project_id = asked.id
    join time_entry on time_entry.work_item_id = work_item.id
    where time_entry.deleted_at is null and time_entry.project_id is null and person_id is not null and local_date > ${since}
    order by person_id`.execute(rows);
  return found.map((row) => row.person_id);
}

/** The last days of some periods up to today, and of the one before them. */
function periodEnds(today: string, { periods, days }: WarningLimits['costTrend']): string[] {
  return Array.from({ length: periods + 1 }, (_, index) => daysLater(today, (index - periods) * days));
}
