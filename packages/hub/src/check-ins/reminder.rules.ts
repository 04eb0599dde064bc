import { localDay, localTime } from '../kernel/local-day.ts';
import { isWorkedDay, type Calendars } from '../people/calendar.ts';

/** Whom a reminder may go to: their zone, and the name of their calendar, where anybody says. */
export interface Remindable {
  zone: string | null;
  calendar: string | null;
}

/**
 * The local day on which somebody may be reminded now: it is a day they work, and there it is `at` or later. Null
 * otherwise. UTC where no zone is known, Monday to Friday where no calendar is. Pure.
 */
export function reminderDay(
  { zone, calendar }: Remindable,
  { now, at, calendars }: { now: string; at: string; calendars: Calendars },
): string | null {
  const day = localDay(now, zone);
  if (localTime(now, zone) < at) return null;
  return isWorkedDay(day, calendar === null ? undefined : calendars[calendar]) ? day : null;
}
