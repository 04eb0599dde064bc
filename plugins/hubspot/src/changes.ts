import { HubError } from '@plumbline/connector';
import type { HubSpotApis } from './client.ts';
import { epochOf } from './cursor.ts';
import { searchFirst, type Listing, type ObjectType, type RawObject } from './requests.ts';

const PAGE_SIZE = 200;
const MODIFIED = 'hs_lastmodifieddate';

/** One search result and the time it stands at in the order of changes, in epoch milliseconds. */
export interface Change {
  object: RawObject;
  at: number;
}

export interface ChangePage {
  changes: Change[];
  nameless: number;
  /** The id up to which the last millisecond was read, when it holds more than a page; null otherwise. */
  tie: string | null;
  complete: boolean;
  /** How many records the search counts from here on. */
  total: number;
}

interface Start {
  /** Epoch milliseconds to read from, inclusive; null reads all. */
  from: number | null;
  /** A millisecond that was being read when the cursor was saved, and the last id read of it. */
  tie: { at: number; id: string } | null;
}

/**
 * Every record changed from a time on, oldest change first, each once. Each page is the first one of a new search that
 * begins where the last page ended: so the 10,000 results that HubSpot gives at most are never reached, and a record
 * that changes meanwhile moves to the end of the order without pushing another over a page boundary. Results of the
 * page's last millisecond wait for the next search, which brings all of them; when they fill a page by themselves they
 * are read in the order of their ids.
 */
export async function* readChanges(
  apis: HubSpotApis,
  type: ObjectType,
  options: { properties: readonly string[]; start: Start },
): AsyncGenerator<ChangePage> {
  let { from } = options.start;
  let tie: string | null = null;
  for (;;) {
    const listing: Awaited<ReturnType<typeof searchFirst>> = await searchFirst(apis, type, {
      filters: tie === null ? sinceFilter(from) : tieFilter(from ?? 0, tie),
      sort: tie === null ? MODIFIED : 'hs_object_id',
      properties: [...new Set([MODIFIED, ...options.properties])],
      limit: PAGE_SIZE,
    });
    const changes = withTimes(listing.objects, from ?? 0);
    const rest = { nameless: listing.nameless, total: listing.total };
    if (tie !== null) {
      const last: string = advance(type, tie, listing);
      yield { ...rest, changes, tie: listing.after === null ? null : last, complete: false };
      if (listing.after === null) from = (from ?? 0) + 1;
      tie = listing.after === null ? null : last;
      continue;
    }
    if (listing.after === null) {
      yield { ...rest, changes, tie: null, complete: true };
      return;
    }
    if (!listing.objects.some((object) => changedAtOf(object) !== null)) throw unreadable(type);
    const newest = changes.at(-1)?.at ?? 0;
    if (from !== null && newest <= from) {
      tie = options.start.tie?.at === from ? options.start.tie.id : '0';
      continue;
    }
    const settled = changes.filter(({ at }) => at < newest);
    if (settled.length > 0) yield { ...rest, changes: settled, tie: null, complete: false };
    from = newest;
  }
}

function sinceFilter(from: number | null) {
  return from === null ? [] : [{ propertyName: MODIFIED, operator: 'GTE' as const, value: String(from) }];
}

function tieFilter(at: number, afterId: string) {
  return [
    { propertyName: MODIFIED, operator: 'EQ' as const, value: String(at) },
    { propertyName: 'hs_object_id', operator: 'GT' as const, value: afterId },
  ];
}

/** A record whose time cannot be read keeps its place in the order: it counts as changed with the one before it. */
function withTimes(objects: readonly RawObject[], from: number): Change[] {
  let at = from;
  return objects.map((object) => {
    at = Math.max(at, changedAtOf(object) ?? at);
    return { object, at };
  });
}

/** When HubSpot says a record last changed: its property first, since search compares that one. */
export function changedAtOf(object: RawObject): number | null {
  const properties = object['properties'];
  const own =
    typeof properties === 'object' && properties !== null ? (properties as Record<string, unknown>)[MODIFIED] : null;
  return epochOf(own) ?? epochOf(object['updatedAt']);
}

/** The id to go on from; a search that stays where it was would be asked for ever. */
function advance(type: ObjectType, tie: string, listing: Listing): string {
  const last = listing.objects.at(-1)?.id ?? tie;
  if (listing.after === null || Number(last) > Number(tie)) return last;
  throw new HubError({
    code: 'BAD_RESPONSE',
    message: `hubspot: the search of ${type} by id does not go on after ${tie}.`,
    remedy: 'Run the source again; if it stays, report this message.',
  });
}

function unreadable(type: ObjectType): HubError {
  return new HubError({
    code: 'BAD_RESPONSE',
    message: `hubspot: a whole page of ${type} has no readable ${MODIFIED}, so nobody can tell where to go on.`,
    remedy: 'Look at one of them in HubSpot; if its dates are right there, report this message.',
  });
}
