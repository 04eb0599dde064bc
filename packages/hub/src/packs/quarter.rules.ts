import { decimal } from '../kernel/decimal.ts';

/** The calendar quarter of a day, and the part of it that is over by the end of that day, 0 to 1. Pure. */
export function quarterOf(day: string): { from: string; to: string; elapsed: string } {
  const date = Temporal.PlainDate.from(day);
  const from = date.with({ day: 1, month: date.month - ((date.month - 1) % 3) });
  const next = from.add({ months: 3 });
  const days = (end: Temporal.PlainDate): number => from.until(end, { largestUnit: 'days' }).days;
  const elapsed = decimal(days(date) + 1)
    .div(days(next))
    .toDecimalPlaces(6);
  return { from: from.toString(), to: next.subtract({ days: 1 }).toString(), elapsed: elapsed.toFixed() };
}
