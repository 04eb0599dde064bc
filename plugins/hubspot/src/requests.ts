import { HubError, type Page, type PollContext } from '@plumbline/connector';
import { z } from 'zod';
import { createApis, rawBody, type HubSpotApis, type WithBody } from './client.ts';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';

export type HubSpotContext = PollContext<HubSpotConfig, HubSpotSecrets>;
export type ObjectType = 'deals' | 'companies' | 'line_items';

/** A record as it came. Only its id is known to be there. */
export interface RawObject {
  readonly id: string;
  readonly [member: string]: unknown;
}

export interface Listing {
  objects: RawObject[];
  /** What came without an id and cannot be kept. */
  nameless: number;
  after: string | null;
}

export interface SearchRequest {
  filters: readonly { propertyName: string; operator: 'EQ' | 'GT' | 'GTE'; value: string }[];
  sort: string;
  properties: readonly string[];
  limit: number;
}

export interface Associated {
  id: string;
  typeIds: readonly number[];
}

const pagingSchema = z.looseObject({ next: z.looseObject({ after: z.coerce.string() }).optional() }).optional();
const collectionSchema = z.looseObject({ results: z.array(z.unknown()), paging: pagingSchema });
const searchSchema = collectionSchema.extend({ total: z.number().optional() });
const idSchema = z.looseObject({ id: z.union([z.string().min(1), z.number().transform(String)]) });

const associatedSchema = z.looseObject({
  from: idSchema,
  to: z.array(
    z.looseObject({
      toObjectId: z.union([z.string(), z.number().transform(String)]),
      associationTypes: z.array(z.looseObject({ typeId: z.number() })).default([]),
    }),
  ),
  paging: pagingSchema,
});

const MOST_INPUTS = 100;
/** HubSpot takes fewer records at a time when their history is asked for. */
const MOST_WITH_HISTORY = 50;
/** Records whose associations one request asks for. */
export const MOST_ASSOCIATED = 1_000;

export function apisOf(context: HubSpotContext): HubSpotApis {
  return createApis({
    http: context.http,
    address: context.config.address,
    version: context.config.apiVersion,
    accessToken: context.secrets.accessToken,
  });
}

/** One page of search results, always from the first: paging by position would skip what moves meanwhile. */
export async function searchFirst(
  apis: HubSpotApis,
  type: ObjectType,
  request: SearchRequest,
): Promise<Listing & { total: number }> {
  const { filters, sort, properties, limit } = request;
  const answer = apis.search.doSearchWithHttpInfo(type, {
    filterGroups: filters.length === 0 ? [] : [{ filters: filters as never }],
    sorts: [sort],
    properties: [...properties],
    limit,
    after: '0',
  });
  const body = understood(searchSchema, await rawBody(answer), `search of ${type}`);
  return { ...listingOf(body), total: body.total ?? body.results.length };
}

/** Records by id, in any order. Ids nobody knows are left out; a merged id brings its survivor. */
export async function readObjects(
  apis: HubSpotApis,
  type: ObjectType,
  wanted: { ids: readonly string[]; properties: readonly string[]; history: readonly string[]; archived?: boolean },
): Promise<RawObject[]> {
  const size = wanted.history.length > 0 ? MOST_WITH_HISTORY : MOST_INPUTS;
  const batches = await Promise.all(
    chunks(wanted.ids, size).map(async (ids) => {
      const request = {
        inputs: ids.map((id) => ({ id })),
        properties: [...wanted.properties],
        propertiesWithHistory: [...wanted.history],
      };
      const answer = apis.batch.readWithHttpInfo(type, request, wanted.archived ?? false);
      return (await readListing(answer, `${type} by id`)).objects;
    }),
  );
  return [...new Map(batches.flat().map((object) => [object.id, object])).values()];
}

/** One page of the list in the order of ids, which is complete at once but knows no changes. */
export async function listObjects(
  apis: HubSpotApis,
  type: ObjectType,
  page: { after: string | null; archived?: boolean; limit?: number; properties?: readonly string[] | undefined },
): Promise<Listing> {
  const answer = apis.objects.getPageWithHttpInfo(
    type,
    page.limit ?? MOST_INPUTS,
    page.after ?? undefined,
    ['hs_object_id', 'hs_lastmodifieddate', ...(page.properties ?? [])],
    undefined,
    undefined,
    page.archived ?? false,
  );
  return readListing(answer, `list of ${type}`);
}

/** What each record is associated with, in the order of ids; records with nothing are absent. */
export async function readAssociations(
  apis: HubSpotApis,
  pair: { from: ObjectType; to: ObjectType },
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Associated[]>> {
  const found = new Map<string, Associated[]>();
  let inputs: { id: string; after?: string }[] = ids.map((id) => ({ id }));
  while (inputs.length > 0) {
    const further: { id: string; after: string }[] = [];
    for (const chunk of chunks(inputs, MOST_ASSOCIATED)) {
      const answer = apis.associations.getPageWithHttpInfo(pair.from, pair.to, { inputs: chunk });
      const what = `associations of ${pair.from} with ${pair.to}`;
      const { results } = understood(collectionSchema, await rawBody(answer), what);
      for (const each of results) {
        const { from, to, paging } = understood(associatedSchema, each, what);
        const known = found.get(from.id) ?? [];
        found.set(from.id, [
          ...known,
          ...to.map(({ toObjectId, associationTypes }) => ({
            id: toObjectId,
            typeIds: associationTypes.map(({ typeId }) => typeId).sort((a, b) => a - b),
          })),
        ]);
        if (paging?.next) further.push({ id: from.id, after: paging.next.after });
      }
    }
    inputs = further;
  }
  for (const each of found.values()) each.sort((a, b) => Number(a.id) - Number(b.id));
  return found;
}

/** A page of anything with ids. */
export async function readListing(answer: Promise<WithBody>, what: string): Promise<Listing> {
  return listingOfBody(await rawBody(answer), what);
}

/** The same of what the official client has no class for. */
export function listingOfBody(body: unknown, what: string): Listing {
  return listingOf(understood(collectionSchema, body, what));
}

/** Every page of a list, to its end. */
export async function* pagesOf(read: (after: string | null) => Promise<Listing>): AsyncGenerator<Listing> {
  for (let after: string | null = null; ;) {
    const listing = await read(after);
    yield listing;
    after = listing.after;
    if (after === null) return;
  }
}

/** What a page could not bring. */
export function skippedOf({ nameless }: Pick<Listing, 'nameless'>, what: string): NonNullable<Page['skipped']> {
  return nameless > 0 ? [{ id: null, reason: `${nameless} ${what} came without an id` }] : [];
}

/** Parses the part of an answer that a page cannot do without. */
export function understood<Value>(schema: z.ZodType<Value>, body: unknown, what: string): Value {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new HubError(
    {
      code: 'BAD_RESPONSE',
      message: `hubspot: the answer to ${what} is not what HubSpot documents: ${z.prettifyError(parsed.error).slice(0, 300)}`,
      remedy: 'Check that the configured address is HubSpot’s API; if it is, report this message.',
    },
    { cause: parsed.error },
  );
}

function listingOf(body: z.output<typeof collectionSchema>): Listing {
  const objects: RawObject[] = [];
  for (const result of body.results) {
    const parsed = idSchema.safeParse(result);
    if (parsed.success) objects.push(parsed.data);
  }
  return { objects, nameless: body.results.length - objects.length, after: body.paging?.next?.after ?? null };
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** How the properties of a type without history are read: with the search, or by id where a search would be too long. */
export interface Details {
  properties: readonly string[];
  inSearch: readonly string[];
  read(found: readonly RawObject[]): Promise<readonly RawObject[]>;
  byId(ids: readonly string[]): Promise<readonly RawObject[]>;
}

/** HubSpot takes 3,000 characters of search; filters and the rest have their share. */
const LONGEST_PROPERTIES = 2_200;

export function detailsOf(apis: HubSpotApis, type: ObjectType, properties: readonly string[]): Details {
  const byId = (ids: readonly string[]) => readObjects(apis, type, { ids, properties, history: [] });
  const fits = JSON.stringify(properties).length <= LONGEST_PROPERTIES;
  return {
    properties,
    inSearch: fits ? properties : [],
    read: async (found) => (fits ? found : byId(found.map(({ id }) => id))),
    byId,
  };
}
