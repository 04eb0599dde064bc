import type { Listed, Page, Presence, RawRecord } from '@plumbline/connector';
import { readArchived, type Deletion } from './archived.ts';
import { changedAtOf, readChanges, type Change, type ChangePage } from './changes.ts';
import type { HubSpotApis } from './client.ts';
import { epochOf, fingerprint, isFull, isoOf, LAG_MS, remember, SETTLED_MS, type ChangeCursor } from './cursor.ts';
import {
  apisOf,
  listObjects,
  MOST_ASSOCIATED,
  pagesOf,
  readObjects,
  skippedOf,
  type HubSpotContext,
  type ObjectType,
  type RawObject,
} from './requests.ts';

/** What a stream makes of the records of a page. */
export interface Collected {
  records: RawRecord[];
  deletes: Deletion[];
}

export interface ObjectReading {
  apis: HubSpotApis;
  type: ObjectType;
  /** What to ask for in search. */
  properties: readonly string[];
  /** See `ChangeCursor`. */
  shape: string;
  /** Makes payloads of what was found; asks for what search does not give. */
  collect(objects: readonly RawObject[]): Promise<Collected>;
  /** Reads records by their ids as search would have brought them, for those that come back from the archive. */
  reread(ids: readonly string[]): Promise<readonly RawObject[]>;
}

/** The changes of one type since a cursor, then what was archived; both resume behind every page. */
export async function* readObjectPages(
  context: HubSpotContext,
  reading: ObjectReading,
  given: ChangeCursor | null,
): AsyncGenerator<Page> {
  const { apis, type, shape } = reading;
  const goesOn = given !== null && given.shape === shape && given.since !== undefined;
  let cursor: ChangeCursor = goesOn ? given : { shape, recent: {}, archived: given?.archived ?? {} };
  const start = {
    from: goesOn ? startOf(context, cursor) : null,
    tie: goesOn && cursor.since && cursor.tie ? { at: epochOf(cursor.since) ?? 0, id: cursor.tie } : null,
  };
  const startedAt = context.clock.now().epochMilliseconds;
  let first = true;
  for await (const page of readChanges(apis, type, { properties: reading.properties, start })) {
    if (first) context.expect(page.total);
    first = false;
    const fresh = page.changes.filter(({ object, at }) => cursor.recent[object.id] !== at);
    cursor = advanced(cursor, page, startedAt);
    const collected = await collectLive(reading, fresh, cursor);
    const skipped = skippedOf(page, 'search results');
    if (collected.records.length + collected.deletes.length + skipped.length > 0) {
      yield { ...collected, cursor, complete: false, skipped };
    }
  }
  for await (const { deletes, end } of readArchived(apis, type, cursor.archived)) {
    if (end === null) {
      yield { records: [], deletes, cursor, complete: false };
      continue;
    }
    const returned = end.returned.length > 0 ? await reading.reread(end.returned) : [];
    const back = await reading.collect(returned);
    cursor = { ...cursor, archived: end.memory };
    yield { records: back.records, deletes: [...deletes, ...back.deletes], cursor, complete: true };
  }
}

/** Records by their ids, with the payloads that a poll would bring. */
export async function lookAtObjects(reading: ObjectReading, ids: readonly string[]): Promise<Collected> {
  return reading.collect(await reading.reread(ids));
}

/** Reads what payloads hold besides the record, such as associations, which move no time of it. */
interface Around {
  /** What the list has to give for it. */
  properties?: readonly string[];
  read(objects: readonly RawObject[]): Promise<(id: string) => unknown>;
}

/**
 * All records there are, with when they changed and what they have around them, for a census: search may have shown a
 * change later than polls look back, and shows no change of an association.
 */
export async function* listRecords(
  context: HubSpotContext,
  type: ObjectType,
  around?: Around,
): AsyncGenerator<readonly Listed[]> {
  const apis = apisOf(context);
  const { properties } = around ?? {};
  let found: RawObject[] = [];
  for await (const { objects, after } of pagesOf((from) => listObjects(apis, type, { after: from, properties }))) {
    found.push(...objects);
    if (after !== null && found.length < MOST_ASSOCIATED) continue;
    const surroundings = await around?.read(found);
    yield found.map((object) => {
      const { payload: _, ...listed } = rawRecord(object, null, surroundings?.(object.id));
      return listed;
    });
    found = [];
  }
}

/** Looks at records by id: HubSpot tells archived ones, and a merged one answers with its survivor's id. */
export async function confirmObjects(
  context: HubSpotContext,
  type: ObjectType,
  ids: readonly string[],
): Promise<readonly Presence[]> {
  const apis = apisOf(context);
  const wanted = { ids, properties: ['hs_object_id'], history: [] };
  const present = new Set((await readObjects(apis, type, wanted)).map(({ id }) => id));
  return ids.map((id) => ({ id, state: present.has(id) ? 'PRESENT' : 'DELETED' }));
}

/**
 * Where to read from, inclusive: as the engine says, or where what has settled ends. Of that last millisecond the cursor
 * knows the records by name, unless they are too many.
 */
function startOf(context: HubSpotContext, cursor: ChangeCursor): number | null {
  const since = epochOf(cursor.since);
  if (since === null || !cursor.settled) return context.since?.epochMilliseconds ?? since;
  return cursor.tie === undefined && isFull(cursor.recent) ? since + 1 : since;
}

/** Search may still show what was archived a moment ago; what was reported as deleted stays so until it changes. */
async function collectLive(reading: ObjectReading, fresh: readonly Change[], cursor: ChangeCursor): Promise<Collected> {
  const live = fresh.filter(({ object, at }) => (cursor.archived[object.id] ?? Number.NEGATIVE_INFINITY) < at);
  return live.length > 0 ? reading.collect(live.map(({ object }) => object)) : { records: [], deletes: [] };
}

function advanced(cursor: ChangeCursor, page: ChangePage, startedAt: number): ChangeCursor {
  const { shape, archived } = cursor;
  const last = page.changes.at(-1)?.at;
  if (last === undefined) {
    const { tie: _, ...whole } = cursor;
    return whole;
  }
  const since = epochOf(cursor.since) ?? last;
  const newest = Math.max(since, last);
  // A page in the middle of what is read again says nothing yet of the rest of it.
  const settled = startedAt - newest > SETTLED_MS && (page.complete || last >= since);
  const read = page.changes.map(({ object, at }) => [object.id, at] as const);
  return {
    shape,
    since: isoOf(newest),
    ...(page.tie === null ? {} : { tie: page.tie }),
    ...(settled ? { settled } : {}),
    recent: remember(cursor.recent, read, settled ? newest : newest - LAG_MS),
    archived,
  };
}

/** A record as the engine keeps it, with the time HubSpot says it changed, and what it has around it where no time tells of that. */
export function rawRecord(object: RawObject, payload: unknown, around?: unknown): RawRecord {
  const at = changedAtOf(object);
  return {
    id: object.id,
    changedAt: at === null ? null : isoOf(at),
    ...(around === undefined ? {} : { surroundings: fingerprint(around) }),
    payload,
  };
}
