/** The calendar date of an instant in a zone; in UTC where the zone is not known, or is none that exists. */
export function localDay(at: string, zone: string | null): string {
  return localDateTime(at, zone).toPlainDate().toString();
}

/** The time of day there, in the same way, such as `09:30`. */
export function localTime(at: string, zone: string | null): string {
  return localDateTime(at, zone).toPlainTime().toString({ smallestUnit: 'minute' });
}

function localDateTime(at: string, zone: string | null): Temporal.ZonedDateTime {
  const instant = Temporal.Instant.from(at);
  try {
    return instant.toZonedDateTimeISO(zone ?? 'UTC');
  } catch {
    return instant.toZonedDateTimeISO('UTC');
  }
}
