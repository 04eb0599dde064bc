/** The calendar date of an instant in a zone; in UTC where the zone is not known, or is none that exists. */
export function localDay(at: string, zone: string | null): string {
  const instant = Temporal.Instant.from(at);
  try {
    return instant
      .toZonedDateTimeISO(zone ?? 'UTC')
      .toPlainDate()
      .toString();
  } catch {
    return instant.toZonedDateTimeISO('UTC').toPlainDate().toString();
  }
}
