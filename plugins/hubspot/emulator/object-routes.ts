import type { EmulatorApp } from '@plumbline/emulator';
import { z } from 'zod';
import { limitQuery, listQuery, typeParameter, type VendorContext } from './answers.ts';
import { lowerBound } from './object-table.ts';
import { archiveObject, createObject, mergeObjects, Refusal, updateObject, type ChangeOrigin } from './operations.ts';
import { objectTypeOf, pageSize, type PortalState } from './portal-state.ts';
import { renderObject } from './render.ts';
import { searchObjects, searchSchema } from './search.ts';
import type { HubSpotAssociation, HubSpotObjectType } from './seed.ts';

/** What is changed through the API carries the app that did it. */
export const throughApi: ChangeOrigin = { sourceType: 'INTEGRATION', sourceId: '18221010' };

const LONGEST_SEARCH = 3_000;
const MOST_WITH_HISTORY = 50;

const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
/** Numbers and flags are taken in requests; they are kept as text. */
export const propertiesSchema = texts.transform((values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === null ? null : String(value)])),
);
export const associationSchema = z.object({
  to: z.object({ id: z.coerce.string() }),
  types: z.array(z.object({ associationTypeId: z.number().int() })).min(1),
});
export const createSchema = z.object({
  properties: propertiesSchema,
  associations: z.array(associationSchema).default([]),
});

export function addObjectRoutes(app: EmulatorApp, state: PortalState): void {
  const objects = '/crm/v3/objects/:type';
  app.get(objects, (context) => context.json(listObjects(context, state)));
  app.post(objects, async (context) => {
    const type = typeParameter(context);
    const created = createObject(
      state,
      type,
      creationOf(type, createSchema.parse(await context.req.json())),
      throughApi,
    );
    return context.json(renderObject(state, type, created, { properties: Object.keys(created.properties) }), 201);
  });
  app.post(`${objects}/search`, async (context) => {
    const text = await context.req.text();
    if (text.length > LONGEST_SEARCH) {
      throw new Refusal(400, 'VALIDATION_ERROR', `The request is longer than ${LONGEST_SEARCH} characters.`);
    }
    return context.json(search(state, typeParameter(context), JSON.parse(text)));
  });
  app.post(`${objects}/merge`, async (context) => {
    const type = typeParameter(context);
    const body = z
      .object({ primaryObjectId: z.coerce.string(), objectIdToMerge: z.coerce.string() })
      .parse(await context.req.json());
    const survivor = mergeObjects(state, type, { primary: body.primaryObjectId, merged: body.objectIdToMerge });
    return context.json(renderObject(state, type, survivor));
  });
  addRecordRoutes(app, state);
}

function addRecordRoutes(app: EmulatorApp, state: PortalState): void {
  const record = '/crm/v3/objects/:type/:id';
  app.get(record, (context) => {
    const type = typeParameter(context);
    const version = state.tables[type].get(context.req.param('id'));
    const archived = context.req.query('archived') === 'true';
    if (!version || (version.archivedAt !== null) !== archived) {
      throw new Refusal(404, 'OBJECT_NOT_FOUND', 'Object not found.  objectId are usually numeric.');
    }
    return context.json(withAssociations(context, state, type, renderObject(state, type, version, wantedOf(context))));
  });
  app.patch(record, async (context) => {
    const type = typeParameter(context);
    const { properties } = z.object({ properties: propertiesSchema }).parse(await context.req.json());
    const changed = updateObject(state, type, context.req.param('id'), properties, throughApi);
    return context.json(renderObject(state, type, changed, { properties: Object.keys(changed.properties) }));
  });
  app.delete(record, (context) => {
    archiveObject(state, typeParameter(context), context.req.param('id'));
    return context.body(null, 204);
  });
}

/** Reads the association types of a request as the emulator keeps them. */
export function creationOf(
  type: HubSpotObjectType,
  input: z.output<typeof createSchema>,
): { properties: Record<string, string | null>; associations: Omit<HubSpotAssociation, 'from'>[] } {
  const target: HubSpotObjectType = type === 'deals' ? 'companies' : 'deals';
  return {
    properties: input.properties,
    associations: input.associations.flatMap(({ to, types }) =>
      types.map(({ associationTypeId }) => ({ to: { type: target, id: to.id }, typeId: associationTypeId })),
    ),
  };
}

function listObjects(context: VendorContext, state: PortalState): object {
  const type = typeParameter(context);
  const wanted = wantedOf(context);
  const most = wanted.history.length > 0 ? MOST_WITH_HISTORY : 100;
  const limit = pageSize(state, limitQuery(context, { fallback: 10, most }));
  const all = state.tables[type].list(context.req.query('archived') === 'true' ? 'archived' : 'active');
  const after = Number(context.req.query('after') ?? 0);
  const start = lowerBound(all, after + 1, ({ id }) => Number(id));
  const page = all.slice(start, start + limit);
  const last = page.at(-1);
  return {
    results: page.map((version) => withAssociations(context, state, type, renderObject(state, type, version, wanted))),
    ...(last && start + limit < all.length ? { paging: { next: { after: last.id, link: `?after=${last.id}` } } } : {}),
  };
}

function search(state: PortalState, type: HubSpotObjectType, body: unknown): object {
  const request = searchSchema.parse(body);
  const { total, page, after } = searchObjects(state, type, request);
  return {
    total,
    results: page.map((version) => renderObject(state, type, version, { properties: request.properties })),
    ...(after === null ? {} : { paging: { next: { after: String(after) } } }),
  };
}

function wantedOf(context: VendorContext): { properties: string[]; history: string[] } {
  return { properties: listQuery(context, 'properties'), history: listQuery(context, 'propertiesWithHistory') };
}

function withAssociations(
  context: VendorContext,
  state: PortalState,
  type: HubSpotObjectType,
  rendered: Record<string, unknown>,
): Record<string, unknown> {
  const associations = listQuery(context, 'associations').flatMap((name) => {
    const to = objectTypeOf(name);
    if (!to) return [];
    const found = state.associations.of({ type, id: String(rendered['id']) }, to);
    const results = found.flatMap(({ id, typeIds }) =>
      typeIds.map((typeId) => ({ id, type: `${type}_to_${to}_${typeId}` })),
    );
    return results.length > 0 ? [[to === 'line_items' ? 'line items' : to, { results }] as const] : [];
  });
  return associations.length > 0 ? { ...rendered, associations: Object.fromEntries(associations) } : rendered;
}
