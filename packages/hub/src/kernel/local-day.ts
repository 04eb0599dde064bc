/** The calendar date of an instant in a zone; in UTC where the zone is not known, or is none that exists. */
export function localDay(at: string, zone: string | null): string {
  return localDateTime(at, zone).toPlainDate().toString();
}

/** The time of day there, in the same way, such as `09:30`. */
export function localTime(at: string, zone: string | null): string {
  return localDateTime(at, zone).toPlainTime().toString({ smallestUnit: 'minute' });
}

/** The instant at which a calendar date begins there, in the same way. */
export function dayStart(day: string, zone: string | null): string {
  const date = Temporal.PlainDate.from(day);
  try {
    return date
      .toZonedDateTime(zone ?? 'UTC')
      .toInstant()
      .toString();
  } catch {
    return date.toZonedDateTime('UTC').toInstant().toString();
  }
}

/** The calendar date so many days later, or earlier where `days` is negative. */
export function daysLater(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

function localDateTime(at: string, zone: string | null): Temporal.ZonedDateTime {
  const instant = Temporal.Instant.from(at);
  try {
    return instant.toZonedDateTimeISO(zone ?? 'UTC');
  } catch {
    return instant.toZonedDateTimeISO('UTC');
  }
}
