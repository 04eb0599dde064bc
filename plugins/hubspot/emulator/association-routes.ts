import type { EmulatorApp } from '@plumbline/emulator';
import { z } from 'zod';
import { limitQuery, typeParameter, type VendorContext } from './answers.ts';
import type { Association } from './associations.ts';
import { associationSchema } from './object-routes.ts';
import { existing, Refusal } from './operations.ts';
import type { PortalState } from './portal-state.ts';
import { iso } from './render.ts';

const MOST_READ = 1_000;

const readSchema = z.object({ inputs: z.array(z.object({ id: z.coerce.string(), after: z.string().optional() })) });
const pairSchema = z.object({ from: z.object({ id: z.coerce.string() }), ...associationSchema.shape });
const archiveSchema = z.object({
  from: z.object({ id: z.coerce.string() }),
  to: z.array(z.object({ id: z.coerce.string() })),
});

export function addAssociationRoutes(app: EmulatorApp, state: PortalState): void {
  const between = '/crm/v4/associations/:from/:to/batch';
  app.post(`${between}/read`, async (context) =>
    readBatch(context, state, readSchema.parse(await context.req.json()).inputs),
  );
  app.post(`${between}/create`, async (context) => {
    const { inputs } = z.object({ inputs: z.array(pairSchema) }).parse(await context.req.json());
    for (const input of inputs) associate(context, state, input.from.id, input.to.id, input.types);
    const at = iso(state.clock.now().epochMilliseconds);
    const results = inputs.map(({ from, to }) => ({ fromObjectId: from.id, toObjectId: to.id, labels: [] }));
    return context.json({ status: 'COMPLETE', results, startedAt: at, completedAt: at }, 201);
  });
  app.post(`${between}/archive`, async (context) => {
    const { inputs } = z.object({ inputs: z.array(archiveSchema) }).parse(await context.req.json());
    const [from, to] = [typeParameter(context, 'from'), typeParameter(context, 'to')];
    for (const input of inputs) {
      for (const { id } of input.to)
        state.associations.remove({ from: { type: from, id: input.from.id }, to: { type: to, id } });
    }
    return context.body(null, 204);
  });
  app.get('/crm/v4/objects/:from/:id/associations/:to', (context) => {
    const [from, to] = [typeParameter(context, 'from'), typeParameter(context, 'to')];
    const { id } = existing(state, from, context.req.param('id'));
    const limit = limitQuery(context, { fallback: 500, most: 500 });
    return context.json(pageOf(state.associations.of({ type: from, id }, to), context.req.query('after'), limit));
  });
  app.put('/crm/v4/objects/:from/:id/associations/:to/:toId', async (context) => {
    const types = associationTypes.parse(await context.req.json());
    associate(
      context,
      state,
      context.req.param('id'),
      context.req.param('toId'),
      types.map(({ associationTypeId }) => ({ associationTypeId })),
    );
    return context.json(
      { fromObjectId: context.req.param('id'), toObjectId: context.req.param('toId'), labels: [] },
      201,
    );
  });
}

const associationTypes = z.array(
  z.object({ associationCategory: z.string().optional(), associationTypeId: z.number().int() }),
);

function associate(
  context: VendorContext,
  state: PortalState,
  fromId: string,
  toId: string,
  types: readonly { associationTypeId: number }[],
): void {
  const from = { type: typeParameter(context, 'from'), id: fromId };
  const to = { type: typeParameter(context, 'to'), id: toId };
  existing(state, from.type, from.id);
  existing(state, to.type, to.id);
  for (const { associationTypeId } of types) state.associations.add({ from, to, typeId: associationTypeId });
}

/** Ids that have no association come as errors, in an answer that is otherwise good. */
function readBatch(
  context: VendorContext,
  state: PortalState,
  inputs: readonly { id: string; after?: string | undefined }[],
): Response {
  if (inputs.length > MOST_READ)
    throw new Refusal(400, 'VALIDATION_ERROR', `No more than ${MOST_READ} inputs, were ${inputs.length}.`);
  const [from, to] = [typeParameter(context, 'from'), typeParameter(context, 'to')];
  const at = iso(state.clock.now().epochMilliseconds);
  const results: object[] = [];
  const errors: object[] = [];
  for (const { id, after } of inputs) {
    const found = state.associations.of({ type: from, id }, to);
    if (found.length === 0) {
      const message = `No ${to} is associated with ${from} ${id}.`;
      errors.push({
        status: 'error',
        category: 'OBJECT_NOT_FOUND',
        message,
        context: { fromObjectId: [id] },
        errors: [],
        links: {},
      });
    } else {
      const { results: page, ...paging } = pageOf(found, after, state.associations.pageSize);
      results.push({ from: { id }, to: page, ...paging });
    }
  }
  const body = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
  return errors.length === 0 ? context.json(body) : context.json({ ...body, numErrors: errors.length, errors }, 207);
}

function pageOf(
  found: readonly Association[],
  after: string | undefined,
  limit: number,
): { results: object[]; paging?: object } {
  const start = Number(after ?? 0);
  return {
    results: found.slice(start, start + limit).map(({ id, typeIds }) => ({
      toObjectId: id,
      associationTypes: typeIds.map((typeId) => ({
        category: 'HUBSPOT_DEFINED',
        typeId,
        ...(typeId === 5 || typeId === 6 ? { label: 'Primary' } : {}),
      })),
    })),
    ...(start + limit < found.length ? { paging: { next: { after: String(start + limit) } } } : {}),
  };
}
