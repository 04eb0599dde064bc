import type { EmulatorApp } from '@plumbline/emulator';
import { z } from 'zod';
import {
  archiveObject,
  associate,
  breakRecord,
  createObject,
  dissociate,
  inTheApp,
  mergeObjects,
  repairRecord,
  restoreObject,
  updateObject,
  updateStage,
} from './operations.ts';
import { objectTypes, type PortalState } from './portal-state.ts';
import { renderObject } from './render.ts';

const type = z.enum(objectTypes);
const id = z.string().min(1);
const properties = z.record(z.string(), z.string().nullable());
const end = z.object({ type, id });

const schemas = {
  create: z.object({ type, id: id.optional(), properties }),
  update: z.object({ type, id, properties, sourceType: z.string().optional(), userId: z.int().positive().optional() }),
  archive: end,
  restore: end,
  merge: z.object({ type, primary: id, merged: id, newId: id.optional() }),
  associate: z.object({ from: end, to: end, typeId: z.number().int() }),
  dissociate: z.object({ from: end, to: end }),
  stage: z.object({
    pipeline: id,
    stage: id,
    patch: z.object({ label: z.string(), probability: z.number(), isClosed: z.boolean() }).partial(),
  }),
  break: z.object({ type, id, patch: z.record(z.string(), z.unknown()) }),
  repair: end,
  webhooks: z.object({ target: z.object({ url: z.url(), secret: z.string() }).nullable() }),
};

type Inputs = { [Name in keyof typeof schemas]: z.output<(typeof schemas)[Name]> };
type Actions = { [Name in keyof Inputs]: (input: Inputs[Name]) => object | void };

/** What people do in HubSpot's own pages, for those who steer the emulator from outside. */
export function addControlRoutes(app: EmulatorApp, state: PortalState): void {
  const actions = actionsOn(state);
  const add = <Name extends keyof Inputs>(name: Name): void => {
    app.post(`/__control/${name}`, async (context) => {
      const input = schemas[name].parse(await context.req.json()) as Inputs[Name];
      const result = actions[name](input);
      return result ? context.json(result) : context.body(null, 204);
    });
  };
  for (const name of Object.keys(schemas) as (keyof Inputs)[]) add(name);
}

function actionsOn(state: PortalState): Actions {
  return {
    create: ({ type: of, id: given, properties: values }) =>
      renderObject(state, of, createObject(state, of, { properties: values, ...(given ? { id: given } : {}) })),
    update: ({ type: of, id: which, properties: values, sourceType, userId }) =>
      renderObject(
        state,
        of,
        updateObject(state, of, which, values, { ...inTheApp(state, userId), ...(sourceType ? { sourceType } : {}) }),
      ),
    archive: (input) => archiveObject(state, input.type, input.id),
    restore: (input) => restoreObject(state, input.type, input.id),
    merge: ({ type: of, primary, merged, newId }) =>
      renderObject(state, of, mergeObjects(state, of, { primary, merged, ...(newId ? { newId } : {}) })),
    associate: (input) => associate(state, input),
    dissociate: (input) => dissociate(state, input),
    stage: ({ pipeline, stage, patch: { label, probability, isClosed } }) =>
      updateStage(state, pipeline, stage, {
        ...(label === undefined ? {} : { label }),
        ...(probability === undefined ? {} : { probability }),
        ...(isClosed === undefined ? {} : { isClosed }),
      }),
    break: (input) => breakRecord(state, input.type, input.id, input.patch),
    repair: (input) => repairRecord(state, input.type, input.id),
    webhooks: ({ target }) => void (state.webhookTarget = target),
  };
}
