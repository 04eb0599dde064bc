import { sql } from 'kysely';
import { InputError } from '../kernel/api-error.ts';
import { stepErrors } from '../kernel/builder.ts';
import { instantText } from '../kernel/columns.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { ControlInputs } from '../kernel/control-inputs.graphql.ts';
import type { Rows } from '../kernel/database.ts';
import { decodeId, encodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { unnest } from '../kernel/unnest.ts';
import { changeOrderStates } from './change-order.ts';
import {
  changeOrderSteps,
  createChangeOrder,
  moveChangeOrder,
  type ChangeOrderRow,
  type ChangeOrderStep,
} from './change-order.store.ts';

/** An order with the number of decisions on it. */
type VersionedOrder = ChangeOrderRow & { version: string | number };

const orderColumns = sql`change_order.*, (select max(version) from decision where subject_id = change_order.id) as version`;

/** Change orders of projects and requests, and the mutations that lead them to a signature. */
export function addChangeOrders(graph: Graph, inputs: ControlInputs): void {
  const { builder } = graph;
  const state = builder.enumType('ChangeOrderState', {
    values: changeOrderStates,
    description:
      'DRAFT until it is sent, SENT until the client signs (EXECUTED) or does not (DECLINED); VOID when it is taken back.',
  });
  const order = builder.objectRef<VersionedOrder>('ChangeOrder').implement({
    description:
      'What the client signs: one price for one or several change requests; negative when it gives money back.',
    fields: (t) => ({
      id: t.id({ nullable: false, description: 'Id of the order.', resolve: (of) => encodeId('ChangeOrder', of.id) }),
      name: t.exposeString('name', { nullable: false, description: 'What it is called.' }),
      state: t.expose('state', { type: state, nullable: false, description: 'Where it stands.' }),
      version: t.int({
        nullable: false,
        description: 'Number of decisions on it so far, for `expectedVersion`.',
        resolve: (of) => Number(of.version),
      }),
      amount: t.field({
        type: 'Money',
        nullable: false,
        description: 'Its price.',
        resolve: (of) => ({ amount: of.amount, currency: of.currency }),
      }),
      signedOn: t.expose('signed_on', { type: 'LocalDate', description: 'The day it was signed; null before.' }),
      evidence: t.field({ type: 'JSON', description: 'How one can see that.', resolve: (of) => of.evidence }),
      createdAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When it was drafted.',
        resolve: (of) => instantText(of.created_at),
      }),
      changeRequests: t.field({
        type: [graph.typeOf('changeRequest').ref],
        nullable: { list: false, items: true },
        description: 'What it pays for.',
        complexity: { field: 2, multiplier: 3 },
        resolve: async (of, _, context: Context) => {
          const ids = await context.load.batch('requests of an order', of.id, (orders) =>
            readRequestIds(context.rows, orders),
          );
          return Promise.all(ids.map((id) => context.load.entity('changeRequest', id)));
        },
      }),
    }),
  });
  for (const [kind, condition] of [
    ['project', sql`change_order.project_id = asked.id`],
    [
      'changeRequest',
      sql`change_order.id in (select change_order_id from change_order_request where change_request_id = asked.id)`,
    ],
  ] as const) {
    builder.objectField(graph.typeOf(kind).ref, 'changeOrders', (t) =>
      t.field({
        type: [order],
        nullable: false,
        description: 'The change orders about it, the latest first.',
        args: asOfArgument(builder),
        complexity: (args) => ({ field: figureCost(2, args), multiplier: 3 }),
        resolve: (row, { asOf }, context: Context) =>
          context.load.batch(`change orders of ${kind} ${asOf ?? ''}`, String(row['id']), async (ids) => {
            const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
            const { rows } = await sql<VersionedOrder & { asked_id: string }>`
              select asked.id as asked_id, ${orderColumns} from ${asked} join change_order on ${condition}
              order by change_order.id desc`.execute(standpointOf(context, asOf).rows);
            const byParent = Map.groupBy(rows, (each) => each.asked_id);
            return ids.map((id) => byParent.get(id) ?? []);
          }),
      }),
    );
  }
  const read = async (context: Context, id: string): Promise<VersionedOrder> => {
    const { rows } = await sql<VersionedOrder>`
      select ${orderColumns} from change_order where id = ${id}::uuid`.execute(context.database.rows);
    if (!rows[0]) throw new Error(`the change order ${id} is gone`);
    return rows[0];
  };
  builder.mutationField('createChangeOrder', (t) =>
    t.field({
      type: order,
      nullable: false,
      description: 'Drafts an order for requests of one project, all four deltas of which are known.',
      errors: stepErrors('The draft.'),
      args: {
        name: t.arg.string({ required: true, description: 'What it is called.' }),
        changeRequests: t.arg.idList({ required: true, description: 'Ids of the requests it pays for; 100 at most.' }),
        amount: t.arg({ type: inputs.money, description: 'Its price; the sum of the requests’ prices when absent.' }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      async resolve(_, args, context: Context) {
        if (args.changeRequests.length === 0 || args.changeRequests.length > 100)
          throw new InputError('changeRequests', 'An order has 1 to 100 requests.', 'Make several orders.');
        const id = await context.database.transaction((rows) =>
          createChangeOrder(rows, {
            name: args.name,
            requestIds: args.changeRequests.map((each) => decodeId(String(each), 'changeRequest', 'changeRequests')),
            amount: args.amount ?? null,
            idempotencyKey: args.idempotencyKey,
            actor: context.actor,
            now: context.clock.now().toString(),
          }),
        );
        return read(context, id);
      },
    }),
  );
  const step = builder.enumType('ChangeOrderStep', {
    values: changeOrderSteps,
    description: 'SEND a draft; EXECUTE or DECLINE what was sent; VOID what is not signed.',
  });
  builder.mutationField('moveChangeOrder', (t) =>
    t.field({
      type: order,
      nullable: false,
      description:
        'Takes a step with an order. EXECUTE wants the day of signature, which has come, and evidence, and raises the project’s baseline in the same breath, by what was quoted.',
      errors: stepErrors('The order as it is now.'),
      args: {
        id: t.arg.id({ required: true, description: 'Id of the order.' }),
        step: t.arg({ type: step, required: true, description: 'Which step.' }),
        signedOn: t.arg({ type: 'LocalDate', description: 'The day of signature.' }),
        evidence: t.arg({ type: inputs.evidence, description: 'How one can see that it was decided.' }),
        expectedVersion: t.arg.int({
          description: 'The number of decisions that was looked at; refused when it is another by now.',
        }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      async resolve(_, args, context: Context) {
        const changeOrderId = decodeId(args.id, 'changeOrder', 'id');
        await context.database.transaction((rows) =>
          moveChangeOrder(rows, {
            changeOrderId,
            step: args.step as ChangeOrderStep,
            signedOn: args.signedOn,
            evidence: args.evidence,
            expectedVersion: args.expectedVersion,
            idempotencyKey: args.idempotencyKey,
            actor: context.actor,
            now: context.clock.now().toString(),
            calendar: context.earnedValue.calendar,
          }),
        );
        return read(context, changeOrderId);
      },
    }),
  );
}

async function readRequestIds(rows: Rows, orderIds: readonly string[]): Promise<string[][]> {
  const asked = unnest('asked', orderIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ id: string; change_request_id: string }>`
    select asked.id, change_request_id from ${asked} join change_order_request on change_order_id = asked.id
    order by change_request_id`.execute(rows);
  const byOrder = Map.groupBy(found, (row) => row.id);
  return orderIds.map((id) => (byOrder.get(id) ?? []).map((row) => row.change_request_id));
}
