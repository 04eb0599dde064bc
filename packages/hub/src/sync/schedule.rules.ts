interface Cadence {
  /** Every so many minutes of an hour; or at the full hour when null. */
  minutes: number | null;
  hours: number;
}

function cadenceOf(everyMinutes: number): Cadence {
  const minutes = Math.max(1, Math.round(everyMinutes));
  if (minutes < 60) return { minutes, hours: 1 };
  return { minutes: null, hours: Math.min(23, Math.round(minutes / 60)) };
}

/** The nearest thing that cron can say, in UTC. */
export function cronOf(everyMinutes: number): string {
  const { minutes, hours } = cadenceOf(everyMinutes);
  return minutes === null ? `0 */${hours} * * *` : `*/${minutes} * * * *`;
}

/** When the schedule next polls after this time: cron counts its steps from every full hour, and hours from midnight UTC. */
export function nextPoll(everyMinutes: number, after: Temporal.Instant): Temporal.Instant {
  const { minutes, hours } = cadenceOf(everyMinutes);
  const step = { minutes: minutes === null ? 60 : 1 };
  const from = after.toZonedDateTimeISO('UTC');
  let at = from.round({ smallestUnit: minutes === null ? 'hour' : 'minute', roundingMode: 'floor' }).add(step);
  while (at.minute % (minutes ?? 60) !== 0 || at.hour % hours !== 0) at = at.add(step);
  return at.toInstant();
}
