import { z } from 'zod';

/** What issues are called by their status is in their payloads, and another name or category of it moves no time of theirs. */
export const knownStatuses = z.strictObject({
  /** The day on which Jira was asked for them, in UTC. */
  on: z.string(),
  /** Name and category of each, by its id. */
  said: z.record(z.string(), z.string()),
});
export type KnownStatuses = z.output<typeof knownStatuses>;

interface Status {
  id: string;
  name: string;
  statusCategory: { key: string };
}

/** Whether it is time to ask for them: once a day, since some sites have thousands, and each costs points. Pure. */
export function areDue(known: KnownStatuses | undefined, now: Temporal.Instant): boolean {
  return known?.on !== dayOf(now);
}

/** What to keep of them until the next look. Pure. */
export function noted(statuses: readonly Status[], now: Temporal.Instant): KnownStatuses {
  const said = statuses.map(({ id, name, statusCategory }) => [id, `${statusCategory.key} ${name}`] as const);
  return { on: dayOf(now), said: Object.fromEntries(said) };
}

function dayOf(now: Temporal.Instant): string {
  return now.toZonedDateTimeISO('UTC').toPlainDate().toString();
}

/** Ids of those that are called otherwise, or belong to another category, than when they were last looked at. Pure. */
export function changedStatuses(before: KnownStatuses | undefined, now: KnownStatuses): string[] {
  if (before === undefined) return [];
  return Object.entries(now.said).flatMap(([id, said]) =>
    Object.hasOwn(before.said, id) && before.said[id] !== said ? [id] : [],
  );
}
