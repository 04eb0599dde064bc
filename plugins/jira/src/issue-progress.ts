import { HubError } from '@plumbline/connector';
import { z } from 'zod';
import type { Details } from './issue-details.ts';
import { knownStatuses, type KnownStatuses } from './issue-statuses.ts';
import { unambiguousMinute } from './jql.ts';
import { mostSeen, recentlySeen } from './seen.ts';

const seenSchema = z.record(z.string(), z.number().int());

/**
 * While a read goes on, its place is Jira's own page token: `updated` of a page may already be newer than the page's
 * place in the search index, and going on from it could skip what lies between. `since` moves when a read is through.
 */
export const issuesCursor = z.strictObject({
  /** The newest `updated` seen by reads that came to their end. */
  since: z.string().optional(),
  /** Issues near `since` and when they had changed, so that reading the overlap again costs no details. */
  seen: seenSchema.optional(),
  /** A read that is under way. */
  reading: z
    .strictObject({ jql: z.string(), token: z.string(), newest: z.string().optional(), seen: seenSchema })
    .optional(),
  /** Issues that Jira could not give when they were asked for: no search brings them again, so every poll asks for them. */
  owed: z.array(z.string()).optional(),
  /** What statuses were called when all issues that have them had been read. */
  statuses: knownStatuses.optional(),
});
export type IssuesCursor = z.output<typeof issuesCursor>;

export const issuesWorth = {
  // JQL compares minutes.
  granularityMs: 60_000,
  // Search shows a change within seconds to minutes.
  lagMs: 5 * 60_000,
  zone: 'account',
  tieBreaker: 'id',
} as const;
const OVERLAP_MS = issuesWorth.granularityMs + issuesWorth.lagMs;
/** More than these at once are no issues that cannot be read, but a Jira that cannot. */
const MOST_OWED = 200;

/** An issue as a search shows it. */
interface Entry {
  id: string;
  /** Epoch milliseconds; null when it cannot be read. */
  updated: number | null;
}

export interface Progress {
  /** Whether this very version was delivered before. */
  knows(entry: Entry): boolean;
  /** Those whose details did not arrive will be looked at again. */
  note(entries: readonly Entry[], details: Details): void;
  /** A null token is the end of the read. */
  cursorBehind(token: string | null): IssuesCursor;
}

/** What a read has seen so far, on top of what the cursor it started from knew. */
export function createProgress(input: {
  cursor: IssuesCursor | null;
  resumed: IssuesCursor['reading'];
  zone: string;
  jql: string;
  /** Those that hold once the read is through. */
  statuses: KnownStatuses;
  /** Whether what was delivered before is wanted again. */
  again: boolean;
}): Progress {
  const { cursor, resumed, zone, jql, statuses, again } = input;
  const known = { ...(again ? {} : cursor?.seen), ...resumed?.seen };
  const sightings = new Map(Object.entries(known));
  let newest = latest(cursor?.since, resumed?.newest);
  const knows = ({ id, updated }: Entry): boolean => updated !== null && known[id] === updated;
  const seenUpTo = (since: string, most: number) => recentlySeen(sightings, nextStart(since, zone), most);
  const owed = new Set<string>();
  return {
    knows,
    note(entries, { records, skipped }) {
      const delivered = new Set(records.map(({ id }) => id));
      for (const { id } of skipped) if (id !== null) owed.add(id);
      if (owed.size > MOST_OWED) throw unreadable(owed.size);
      for (const entry of entries) {
        if (entry.updated === null) continue;
        newest = latest(newest, Temporal.Instant.fromEpochMilliseconds(entry.updated).toString());
        if (delivered.has(entry.id) || knows(entry)) sightings.set(entry.id, entry.updated);
      }
    },
    cursorBehind(token) {
      const debt = owed.size === 0 ? {} : { owed: [...owed] };
      if (token === null) {
        const place = newest === undefined ? {} : { since: newest, seen: seenUpTo(newest, mostSeen.atTheEnd) };
        return { ...place, statuses, ...debt };
      }
      const place = newest === undefined ? { seen: {} } : { newest, seen: seenUpTo(newest, mostSeen.betweenPages) };
      return { ...settled(cursor), reading: { jql, token, ...place }, ...debt };
    },
  };
}

function settled(cursor: IssuesCursor | null): IssuesCursor {
  const { since, seen, statuses } = cursor ?? {};
  return { ...(since === undefined ? {} : { since, ...(seen ? { seen } : {}) }), ...(statuses ? { statuses } : {}) };
}

/** Where the poll after this one will start to read. */
function nextStart(newest: string, zone: string): number {
  const since = Temporal.Instant.from(newest).subtract({ milliseconds: OVERLAP_MS });
  return unambiguousMinute(since, zone).toZonedDateTime(zone).epochMilliseconds;
}

function unreadable(count: number): HubError {
  return new HubError({
    code: 'VENDOR_ERROR',
    message: `Jira could not read ${count} issues that it had found.`,
    remedy: 'The next run tries again from the saved cursor; ask Atlassian’s support if it stays.',
  });
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Temporal.Instant.compare(a, b) < 0 ? b : a;
}
