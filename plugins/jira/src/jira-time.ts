/** A Jira timestamp: text with an offset that lacks its colon, or a number of seconds or milliseconds. Null when unreadable. */
export function readInstant(value: unknown): Temporal.Instant | null {
  if (typeof value === 'number' && Number.isFinite(value)) {
    // Bulk changelogs give milliseconds, the vendor's example shows seconds: 1e11 ms is 1973, 1e11 s the year 5138.
    return Temporal.Instant.fromEpochMilliseconds(
      Math.abs(value) < 1e11 ? Math.round(value * 1_000) : Math.round(value),
    );
  }
  if (typeof value !== 'string') return null;
  try {
    return Temporal.Instant.from(value);
  } catch {
    return null;
  }
}

/** The same, or an error that names the member. */
export function wantInstant(value: unknown, member: string): Temporal.Instant {
  const instant = readInstant(value);
  if (instant === null) {
    throw new RangeError(
      `${member}: wants a time such as "2026-04-28T15:33:31.783+0200", got ${JSON.stringify(value)?.slice(0, 60)}`,
    );
  }
  return instant;
}

/** As text in UTC. */
export function instantText(value: unknown, member: string): string {
  return wantInstant(value, member).toString();
}

/** The calendar day of a timestamp where it was written: its own offset counts, not UTC and not ours. */
export function localDateText(value: string, member: string): string {
  instantText(value, member);
  return Temporal.PlainDate.from(value).toString();
}
