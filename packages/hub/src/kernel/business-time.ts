/** When people work: hours of the day on working days, in a zone, but for holidays. */
export interface BusinessCalendar {
  zone: string;
  /** Local times such as `09:00`. */
  opens: string;
  closes: string;
  /** 1 Monday to 7 Sunday. */
  days: readonly number[];
  /** Local dates on which nobody works. */
  holidays: readonly string[];
}

export const defaultCalendar: BusinessCalendar = {
  zone: 'UTC',
  opens: '09:00',
  closes: '17:00',
  days: [1, 2, 3, 4, 5],
  holidays: [],
};

/** Business seconds between two instants; 0 when the second is not later. Pure. */
export function businessSeconds(calendar: BusinessCalendar, from: string, to: string): number {
  const end = Temporal.Instant.from(to).toZonedDateTimeISO(calendar.zone);
  let milliseconds = 0;
  let at = Temporal.Instant.from(from).toZonedDateTimeISO(calendar.zone);
  while (Temporal.ZonedDateTime.compare(at, end) < 0) {
    const [opens, closes] = hoursOf(calendar, at.toPlainDate());
    const [first, last] = [later(at, opens), earlier(end, closes)];
    if (isWorkingDay(calendar, at.toPlainDate())) milliseconds += Math.max(0, last.since(first).total('milliseconds'));
    at = nextDay(calendar, at.toPlainDate());
  }
  return Math.floor(milliseconds / 1_000);
}

/** The instant at which so much business time has passed. Pure. */
export function afterBusinessTime(calendar: BusinessCalendar, from: string, seconds: number): string {
  if (calendar.days.length === 0) throw new Error('a calendar without working days has no end');
  let left = seconds * 1_000;
  for (let at = Temporal.Instant.from(from).toZonedDateTimeISO(calendar.zone); ;) {
    const date = at.toPlainDate();
    const [opens, closes] = hoursOf(calendar, date);
    const first = later(at, opens);
    const open = isWorkingDay(calendar, date) ? Math.max(0, closes.since(first).total('milliseconds')) : 0;
    if (open > 0 && left <= open)
      return first
        .add({ milliseconds: Math.ceil(left) })
        .toInstant()
        .toString();
    left -= open;
    at = nextDay(calendar, date);
  }
}

function isWorkingDay({ days, holidays }: BusinessCalendar, date: Temporal.PlainDate): boolean {
  return days.includes(date.dayOfWeek) && !holidays.includes(date.toString());
}

function hoursOf(
  { zone, opens, closes }: BusinessCalendar,
  date: Temporal.PlainDate,
): [Temporal.ZonedDateTime, Temporal.ZonedDateTime] {
  const at = (time: string): Temporal.ZonedDateTime =>
    date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });
  return [at(opens), at(closes)];
}

function nextDay({ zone }: BusinessCalendar, date: Temporal.PlainDate): Temporal.ZonedDateTime {
  return date.add({ days: 1 }).toZonedDateTime(zone);
}

function later(a: Temporal.ZonedDateTime, b: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return Temporal.ZonedDateTime.compare(a, b) < 0 ? b : a;
}

function earlier(a: Temporal.ZonedDateTime, b: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return Temporal.ZonedDateTime.compare(a, b) < 0 ? a : b;
}
