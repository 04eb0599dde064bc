/** The lowest date a query asks for: JQL must be bounded, so "everything" is written as "since the epoch". */
const BEGINNING = '1970-01-02 00:00';

export interface ChangesQuery {
  projects: readonly string[];
  /** Null asks for everything. */
  since: Temporal.Instant | null;
  /** IANA zone of the account: JQL reads dates in it. */
  zone: string;
  /** Ids of statuses whose issues are wanted besides, whenever they changed. */
  statuses?: readonly string[];
}

/** All issues changed since an instant, oldest change first. */
export function changesJql({ projects, since, zone, statuses = [] }: ChangesQuery): string {
  const minute = since === null ? BEGINNING : jqlMinute(unambiguousMinute(since, zone));
  const changed = `updated >= "${minute}"`;
  const wanted = statuses.length === 0 ? changed : `(${changed} OR status IN (${statuses.join(', ')}))`;
  return `${scope(projects)}${wanted} ORDER BY updated ASC, key ASC`;
}

/** Every issue there is, in an order that does not change while it is read. */
export function censusJql(projects: readonly string[]): string {
  return `${scope(projects)}created >= "${BEGINNING}" ORDER BY created ASC, key ASC`;
}

/** A condition that every issue of these projects meets; for counting. */
export function everythingJql(projects: readonly string[]): string {
  return `${scope(projects)}created >= "${BEGINNING}"`;
}

function jqlMinute(local: Temporal.PlainDateTime): string {
  return `${local.toPlainDate().toString()} ${local.toPlainTime().toString().slice(0, 5)}`;
}

/**
 * The minute of an instant as JQL reads it in the account's zone, rounded down. Where daylight saving time ends, an
 * hour of minutes happens twice and Jira does not say which one it means: then it goes back to before that hour.
 */
export function unambiguousMinute(instant: Temporal.Instant, zone: string): Temporal.PlainDateTime {
  let local = instant
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .round({ smallestUnit: 'minute', roundingMode: 'floor' });
  for (;;) {
    const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' }).epochMilliseconds;
    const later = local.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds;
    if (earlier === later) return local;
    local = local.subtract({ minutes: 1 });
  }
}

/**
 * The zone in which JQL reads an account's dates. Where the profile hides it, or names one that nobody knows, the last zone on
 * Earth to reach a minute: in any other one the same minute is earlier, so that too much is asked for and never too little.
 */
export function zoneOf(timeZone: string | null | undefined): string {
  const latest = 'Etc/GMT+12';
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone ?? latest).timeZoneId;
  } catch {
    return latest;
  }
}

function scope(projects: readonly string[]): string {
  return projects.length === 0 ? '' : `project IN (${projects.map((key) => `"${key}"`).join(', ')}) AND `;
}
