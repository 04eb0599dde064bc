import { z } from 'zod';
import { readSetting } from '../kernel/setting.ts';

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'wants a date such as "2026-12-25"');

/** `calendars` of the configuration: which days are worked, by the name that capacity rows give. */
const calendarsSchema = z.record(
  z.string().min(1),
  z.strictObject({
    /** Days of the week that are worked: 1 Monday to 7 Sunday. */
    days: z.array(z.number().int().min(1).max(7)).default([1, 2, 3, 4, 5]),
    holidays: z.array(day).default([]),
  }),
);

export type CalendarsInput = z.input<typeof calendarsSchema>;
export type Calendars = z.output<typeof calendarsSchema>;

/** Days of a calendar that nobody has described. */
export const usualDays: readonly number[] = [1, 2, 3, 4, 5];

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readCalendars(input: CalendarsInput): Calendars {
  return readSetting('calendars', calendarsSchema, input);
}

/** Whether a date is worked by a calendar; by the usual days where it is not described. Pure. */
export function isWorkedDay(date: string, calendar: Calendars[string] | undefined): boolean {
  const { days, holidays } = calendar ?? { days: usualDays, holidays: [] as readonly string[] };
  return days.includes(Temporal.PlainDate.from(date).dayOfWeek) && !holidays.includes(date);
}

/** Working days after `from` up to and with `to`, which is not before it. Pure, and quick for spans of years. */
export function workingDaysBetween(from: string, to: string, { days, holidays }: Calendars[string]): number {
  const [first, last] = [dayNumber(from) + 1, dayNumber(to)];
  const isWorked = (day: number): boolean => days.includes(((((day + 3) % 7) + 7) % 7) + 1);
  const weeks = Math.floor((last - first + 1) / 7);
  let count = weeks * new Set(days).size;
  for (let day = first + weeks * 7; day <= last; day += 1) if (isWorked(day)) count += 1;
  const off = new Set(holidays.map(dayNumber));
  for (const day of off) if (first <= day && day <= last && isWorked(day)) count -= 1;
  return count;
}

/** Days since 1970-01-01, a Thursday. */
function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
}
