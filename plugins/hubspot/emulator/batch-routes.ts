import type { EmulatorApp } from '@plumbline/emulator';
import { z } from 'zod';
import { errorBody, typeParameter, type VendorContext } from './answers.ts';
import { createSchema, creationOf, propertiesSchema, throughApi } from './object-routes.ts';
import { archiveObject, createObject, Refusal, updateObject } from './operations.ts';
import type { PortalState } from './portal-state.ts';
import { iso, renderObject, valueOf } from './render.ts';
import type { HubSpotObjectType } from './seed.ts';

const MOST_INPUTS = 100;
const MOST_WITH_HISTORY = 50;

const readSchema = z.object({
  inputs: z.array(z.object({ id: z.coerce.string() })),
  properties: z.array(z.string()).default([]),
  propertiesWithHistory: z.array(z.string()).default([]),
  idProperty: z.string().optional(),
});
const updateSchema = z.object({ inputs: z.array(z.object({ id: z.coerce.string(), properties: propertiesSchema })) });
const upsertSchema = z.object({
  inputs: z.array(z.object({ id: z.coerce.string(), idProperty: z.string(), properties: propertiesSchema })),
});

export function addBatchRoutes(app: EmulatorApp, state: PortalState): void {
  const batch = '/crm/v3/objects/:type/batch';
  app.post(`${batch}/read`, async (context) => {
    const body = readSchema.parse(await context.req.json());
    checkInputs(body.inputs, body.propertiesWithHistory.length > 0 ? MOST_WITH_HISTORY : MOST_INPUTS);
    return readBatch(context, state, typeParameter(context), body);
  });
  app.post(`${batch}/create`, async (context) => {
    const type = typeParameter(context);
    const { inputs } = z.object({ inputs: z.array(createSchema) }).parse(await context.req.json());
    checkInputs(inputs, MOST_INPUTS);
    const results = inputs.map((input) => createObject(state, type, creationOf(type, input), throughApi));
    return context.json(
      outcome(
        state,
        results.map((version) => renderObject(state, type, version)),
      ),
      201,
    );
  });
  app.post(`${batch}/update`, async (context) => {
    const { inputs } = updateSchema.parse(await context.req.json());
    checkInputs(inputs, MOST_INPUTS);
    return changeBatch(context, state, typeParameter(context), inputs);
  });
  app.post(`${batch}/upsert`, async (context) => {
    const { inputs } = upsertSchema.parse(await context.req.json());
    checkInputs(inputs, MOST_INPUTS);
    const type = typeParameter(context);
    const results = inputs.map((input) => upsert(state, type, input));
    return context.json(outcome(state, results));
  });
  app.post(`${batch}/archive`, async (context) => {
    const { inputs } = readSchema.parse(await context.req.json());
    checkInputs(inputs, MOST_INPUTS);
    for (const { id } of inputs) archiveObject(state, typeParameter(context), id);
    return context.body(null, 204);
  });
}

function readBatch(
  context: VendorContext,
  state: PortalState,
  type: HubSpotObjectType,
  body: z.output<typeof readSchema>,
): Response {
  const archived = context.req.query('archived') === 'true';
  const wanted = { properties: body.properties, history: body.propertiesWithHistory };
  const missing: string[] = [];
  const found = new Map<string, Record<string, unknown>>();
  for (const { id } of body.inputs) {
    const version = body.idProperty ? byProperty(state, type, body.idProperty, id) : state.tables[type].get(id);
    if (!version || (version.archivedAt !== null) !== archived) missing.push(id);
    else found.set(version.id, renderObject(state, type, version, wanted));
  }
  return respond(context, state, [...found.values()], missing);
}

function changeBatch(
  context: VendorContext,
  state: PortalState,
  type: HubSpotObjectType,
  inputs: z.output<typeof updateSchema>['inputs'],
): Response {
  const missing: string[] = [];
  const results: Record<string, unknown>[] = [];
  for (const { id, properties } of inputs) {
    const version = state.tables[type].get(id);
    if (!version || version.archivedAt !== null) missing.push(id);
    else results.push(renderObject(state, type, updateObject(state, type, id, properties, throughApi)));
  }
  return respond(context, state, results, missing);
}

function upsert(
  state: PortalState,
  type: HubSpotObjectType,
  input: z.output<typeof upsertSchema>['inputs'][number],
): Record<string, unknown> {
  const present = byProperty(state, type, input.idProperty, input.id);
  const properties = { ...input.properties, [input.idProperty]: input.id };
  const version = present
    ? updateObject(state, type, present.id, properties, throughApi)
    : createObject(state, type, { properties }, throughApi);
  return { ...renderObject(state, type, version), new: !present };
}

function byProperty(state: PortalState, type: HubSpotObjectType, name: string, value: string) {
  return state.tables[type].list('active').find((version) => valueOf(state, type, version, name) === value);
}

/** 200 when all went well, 207 with the holes named otherwise. */
function respond(
  context: VendorContext,
  state: PortalState,
  results: readonly object[],
  missing: readonly string[],
): Response {
  if (missing.length === 0) return context.json(outcome(state, results));
  const { category, message } = errorBody(
    'OBJECT_NOT_FOUND',
    `Could not get some ${typeParameter(context)} objects, they may be deleted or not exist. Check that ids are valid.`,
  );
  return context.json(
    {
      ...outcome(state, results),
      numErrors: 1,
      errors: [{ status: 'error', category, message, context: { ids: missing }, errors: [], links: {} }],
    },
    207,
  );
}

function outcome(state: PortalState, results: readonly object[]): Record<string, unknown> {
  const at = iso(state.clock.now().epochMilliseconds);
  return { status: 'COMPLETE', results, startedAt: at, completedAt: at };
}

function checkInputs(inputs: readonly unknown[], most: number): void {
  if (inputs.length > most)
    throw new Refusal(400, 'VALIDATION_ERROR', `The inputs must not be more than ${most}, were ${inputs.length}.`);
}
