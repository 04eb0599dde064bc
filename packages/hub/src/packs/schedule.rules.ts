/**
 * The day for which the snapshot of a weekday is due by today; null where it was taken, and where none was ever taken by
 * the schedule and today is another weekday: whoever turns it on has missed nothing. A day that went by long ago is not made
 * up for: only the last one is. `weekday` is 1 Monday to 7 Sunday. Pure.
 */
export function weeklyDueOn({
  weekday,
  today,
  lastDueOn,
}: {
  weekday: number;
  today: string;
  lastDueOn: string | null;
}): string | null {
  const date = Temporal.PlainDate.from(today);
  const dueOn = date.subtract({ days: (date.dayOfWeek - weekday + 7) % 7 }).toString();
  if (lastDueOn === null) return dueOn === today ? today : null;
  return dueOn > lastDueOn ? dueOn : null;
}

const PATIENCE_HOURS = 1;
const LAST_HOUR = 23;

/**
 * Until when a snapshot waits for sources that are late: the last hour of the day it is due, by UTC, and an hour after
 * the hub was opened, so that what was not read while it was down can be. Pure.
 */
export function waitsUntil({ dueOn, openedAt }: { dueOn: string; openedAt: string }): string {
  const lastHour = Temporal.PlainDate.from(dueOn).toZonedDateTime({
    timeZone: 'UTC',
    plainTime: { hour: LAST_HOUR },
  });
  const warm = Temporal.Instant.from(openedAt).add({ hours: PATIENCE_HOURS });
  const day = lastHour.toInstant();
  return (Temporal.Instant.compare(day, warm) < 0 ? warm : day).toString();
}
