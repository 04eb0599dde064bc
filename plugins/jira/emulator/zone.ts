/** Writes and reads times as Jira does for one account: in its zone, with an offset that has no colon. */
export interface Zone {
  /** "2026-04-28T15:33:31.783+0200" */
  stamp(epochMs: number): string;
  /** Epoch milliseconds of a local minute such as "2026-04-28 15:33" or a local day; null when unreadable. */
  minute(text: string): number | null;
}

/** `ambiguous` says which of two instants a local minute means that the end of daylight saving time repeats. */
export function createZone(timeZone: string, ambiguous: 'earlier' | 'later'): Zone {
  const offsets = new Map<number, { milliseconds: number; text: string }>();
  const offsetAt = (epochMs: number): { milliseconds: number; text: string } => {
    // No zone changes its offset within a quarter of an hour of UTC.
    const quarter = Math.floor(epochMs / 900_000);
    const known = offsets.get(quarter);
    if (known) return known;
    const zoned = Temporal.Instant.fromEpochMilliseconds(quarter * 900_000).toZonedDateTimeISO(timeZone);
    const found = { milliseconds: zoned.offsetNanoseconds / 1e6, text: zoned.offset.replace(':', '') };
    offsets.set(quarter, found);
    return found;
  };
  return {
    stamp(epochMs) {
      const { milliseconds, text } = offsetAt(epochMs);
      const local = Temporal.Instant.fromEpochMilliseconds(epochMs + milliseconds);
      return local.toString({ smallestUnit: 'millisecond' }).slice(0, -1) + text;
    },
    minute(text) {
      const parts = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d{2}))?$/.exec(text);
      if (!parts) return null;
      const [year, month, day, hour, minute] = parts.slice(1).map((part) => Number(part ?? 0));
      try {
        return Temporal.PlainDateTime.from({ year, month, day, hour, minute } as Temporal.PlainDateTimeLike, {
          overflow: 'reject',
        }).toZonedDateTime(timeZone, { disambiguation: ambiguous }).epochMilliseconds;
      } catch {
        return null;
      }
    },
  };
}
