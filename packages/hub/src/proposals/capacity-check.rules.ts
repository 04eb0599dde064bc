import { decimal, sum, type Decimal } from '../kernel/decimal.ts';
import type { Calendars } from '../people/calendar.ts';

/** Work of a role between two days, both included. */
export interface PlannedWork {
  role: string;
  seconds: number;
  start: string;
  end: string;
  /** The chance that it comes true, 0 to 1; 1 for the proposal itself. */
  chance: string;
}

/** What people of one role can do in a week, and what is booked of it; seconds. */
export interface Supply {
  capacity: number;
  /** Hard bookings in full, soft ones by their chance. */
  allocated: number;
  /** Soft bookings without a chance. */
  unweighted: number;
}

/** One role in one week; seconds. */
export interface CapacityWeek extends Supply {
  role: string;
  /** Its Monday. */
  week: string;
  demand: number;
  /** Other proposals, less what is booked for them, by their chance. */
  pipeline: number;
  /** What is left of the capacity; below 0 when more is promised than can be worked. */
  free: number;
  /** What of the demand is not covered. */
  short: number;
}

export interface Feasibility {
  feasible: boolean | null;
  /** Why it is not feasible, or why nobody can tell; null where it is. */
  reason: string | null;
}

/** Roles are equal whatever their capitals. */
export function roleKey(role: string): string {
  return role.trim().toLowerCase();
}

/** Each role once, by the name it has first: what a proposal wants of it in all. Pure. */
export function byRole(roles: readonly Pick<PlannedWork, 'role' | 'seconds'>[]) {
  return [...Map.groupBy(roles, ({ role }) => roleKey(role)).values()].map((rows) => ({
    role: rows[0]?.role ?? '',
    seconds: rows.reduce((total, { seconds }) => total + seconds, 0),
  }));
}

/** The working days of a calendar from its first day up to and with a day, both as `dayNumber` counts them. */
type WorkdayCount = (day: number) => number;

const DAYS_OF_WEEK = 7;

/** Days since 1970-01-01, a Thursday. */
function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The Monday of a day's week. */
function mondayOf(day: number): number {
  return day - ((((day + 3) % DAYS_OF_WEEK) + DAYS_OF_WEEK) % DAYS_OF_WEEK);
}

/** Counted once for all days between two, since every plan asks of every week. */
function countWorkdays({ days, holidays }: Calendars[string], [first, last]: readonly [number, number]): WorkdayCount {
  const off = new Set(holidays.map(dayNumber));
  const counts: number[] = [];
  let count = 0;
  for (let day = first; day <= last; day += 1) {
    if (days.includes(day - mondayOf(day) + 1) && !off.has(day)) count += 1;
    counts.push(count);
  }
  return (day) => (day < first ? 0 : (counts[Math.min(day, last) - first] ?? 0));
}

interface Span {
  seconds: bigint;
  first: number;
  last: number;
  /** Working days before it, and of it. */
  before: number;
  days: number;
}

function spanOf({ seconds, start, end }: Pick<PlannedWork, 'seconds' | 'start' | 'end'>, count: WorkdayCount): Span {
  const [first, last] = [dayNumber(start), dayNumber(end)];
  const before = count(first - 1);
  return { seconds: BigInt(seconds), first, last, before, days: count(last) - before };
}

/** What is done of it in a week: even over its working days, in whole seconds that come to exactly its sum. */
function shareOf({ seconds, first, last, before, days }: Span, monday: number, count: WorkdayCount): bigint {
  const sunday = monday + DAYS_OF_WEEK - 1;
  if (days === 0 || sunday < first || monday > last) return 0n;
  const upTo = (day: number): bigint => (seconds * BigInt(count(Math.min(day, last)) - before)) / BigInt(days);
  return upTo(sunday) - (monday > first ? upTo(monday - 1) : 0n);
}

/** The work by week, those without a working day left out. Empty without any. Pure. */
export function spreadByWeek(
  work: Pick<PlannedWork, 'seconds' | 'start' | 'end'>,
  calendar: Calendars[string],
): Map<string, number> {
  const count = countWorkdays(calendar, [dayNumber(work.start), dayNumber(work.end)]);
  return new Map(weeksOf(spanOf(work, count), count).map(({ monday, seconds }) => [dateOf(monday), seconds]));
}

function weeksOf(span: Span, count: WorkdayCount): { monday: number; seconds: number }[] {
  const weeks: { monday: number; seconds: number }[] = [];
  for (let monday = mondayOf(span.first); monday <= span.last; monday += DAYS_OF_WEEK)
    if (count(Math.min(monday + DAYS_OF_WEEK - 1, span.last)) > count(Math.max(monday, span.first) - 1))
      weeks.push({ monday, seconds: Number(shareOf(span, monday, count)) });
  return weeks;
}

/**
 * What is left to be done of a plan when so many seconds of these weeks are booked for it, whoever is booked: each part of
 * it by as much. `to` is the last day of the weeks. Pure.
 */
export function leftToBook(
  plan: readonly PlannedWork[],
  { booked, from, to, calendar }: { booked: number; from: string; to: string; calendar: Calendars[string] },
): PlannedWork[] {
  if (booked === 0) return [...plan];
  const within = (work: PlannedWork): number =>
    [...spreadByWeek(work, calendar)].reduce((all, [week, own]) => (week < from || week > to ? all : all + own), 0);
  const planned = plan.reduce((all, work) => all + within(work), 0);
  if (booked >= planned) return [];
  return plan.map((work) => ({
    ...work,
    seconds: decimal(work.seconds)
      .times(planned - booked)
      .div(planned)
      .toDecimalPlaces(0)
      .toNumber(),
  }));
}

/** Each role's weeks in order: what is wanted, and what is there for it. Pure. */
export function compareWeeks(input: {
  demand: readonly PlannedWork[];
  pipeline: readonly PlannedWork[];
  supply: ReadonlyMap<string, Supply>;
  calendar: Calendars[string];
}): CapacityWeek[] {
  const { demand, pipeline, supply, calendar } = input;
  const days = [...demand, ...pipeline].flatMap(({ start, end }) => [dayNumber(start), dayNumber(end)]);
  if (days.length === 0) return [];
  const count = countWorkdays(calendar, [days.reduce((a, b) => Math.min(a, b)), days.reduce((a, b) => Math.max(a, b))]);
  const byRole = Map.groupBy(pipeline, ({ role }) => roleKey(role));
  return demand.flatMap((work) => {
    const others = Map.groupBy(byRole.get(roleKey(work.role)) ?? [], ({ chance }) => chance);
    const spans = [...others].map(([chance, all]) => ({ chance, all: all.map((each) => spanOf(each, count)) }));
    return weeksOf(spanOf(work, count), count).map(({ monday, seconds: wanted }) => {
      const week = dateOf(monday);
      const there = supply.get(supplyKey(work.role, week)) ?? { capacity: 0, allocated: 0, unweighted: 0 };
      const taken = weighted(spans.map(({ chance, all }) => decimal(chance).times(sumOf(all, monday, count))));
      const free = there.capacity - there.allocated - taken;
      const short = Math.max(0, wanted - Math.max(0, free));
      return { role: work.role, week, ...there, demand: wanted, pipeline: taken, free, short };
    });
  });
}

function sumOf(spans: readonly Span[], monday: number, count: WorkdayCount): string {
  return spans.reduce((sum, span) => sum + shareOf(span, monday, count), 0n).toString();
}

export function supplyKey(role: string, week: string): string {
  return `${week} ${roleKey(role)}`;
}

/** Whole seconds, the half rounded up. */
function weighted(parts: readonly Decimal[]): number {
  return sum(parts).toDecimalPlaces(0).toNumber();
}

/** Whether every week is covered. A role of which nobody’s capacity is known leaves it open, unless another one falls short. Pure. */
export function feasibilityOf(weeks: readonly CapacityWeek[], unknownRoles: readonly string[]): Feasibility {
  const known = weeks.filter(({ role }) => !unknownRoles.includes(role));
  const short = known.filter((week) => week.short > 0);
  const [first] = short;
  if (first) {
    const hours = decimal(short.reduce((sum, week) => sum + week.short, 0))
      .div(3_600)
      .toDecimalPlaces(1)
      .toFixed();
    const weeksText = short.length === 1 ? 'one week of a role' : `${short.length} weeks of a role`;
    return {
      feasible: false,
      reason: `${hours} hours are not covered, in ${weeksText}: first ${first.role} in the week of ${first.week}.`,
    };
  }
  if (unknownRoles.length > 0)
    return { feasible: null, reason: `Nobody’s capacity is known of ${unknownRoles.join(', ')}.` };
  return { feasible: true, reason: null };
}
