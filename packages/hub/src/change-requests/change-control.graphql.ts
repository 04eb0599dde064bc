import type { FieldValues, JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { InputError } from '../kernel/api-error.ts';
import { stepErrors } from '../kernel/builder.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import type { ControlInputs } from '../kernel/control-inputs.graphql.ts';
import { captureChange } from './capture.store.ts';
import { type ChangeAction, type Step } from './change-control.rules.ts';
import { controlChange, type ChangeControl } from './change-control.store.ts';

declare module '../kernel/context.ts' {
  interface Context {
    changeControl: ChangeControl;
  }
}

/** The mutations that lead a request through its commercial life, one for each step. */
export function addChangeControl(graph: Graph, inputs: ControlInputs): void {
  addCapture(graph);
  addAssess(graph, inputs);
  const plain = (name: string, action: ChangeAction, description: string): void =>
    addStep(graph, { name, action, description, args: {} });
  plain('triageChangeRequest', 'TRIAGE', 'Takes a captured request up. Wants an ACTIVE project with a baseline.');
  plain('startChangeRequest', 'START', 'Says that work on an approved request began.');
  plain('completeChangeRequest', 'COMPLETE', 'Says that the work on it is done.');
  plain('closeChangeRequest', 'CLOSE', 'Ends an implemented request.');
  plain('deferChangeRequest', 'DEFER', 'Puts it off; it comes back by assessing it again. Wants a reason.');
  plain('withdrawChangeRequest', 'WITHDRAW', 'Takes it back before it is decided. Wants a reason.');
  const { builder } = graph;
  const approver = builder.args((t) => ({
    approver: t.id({ description: 'Id of the person who answers for it; never who asked for the change.' }),
  }));
  const evidence = builder.args((t) => ({
    evidence: t.field({ type: inputs.evidence, description: 'How one can see that the client decided.' }),
  }));
  addStep(graph, {
    name: 'quoteChangeRequest',
    action: 'QUOTE',
    description:
      'Offers it to the client. Wants all four deltas, an approver other than the requester, and a margin at or above the floor and a discount within the approver’s tier, or a waiver.',
    args: {
      ...approver,
      ...builder.args((t) => ({
        waiver: t.string({
          description: 'Why a margin beneath the floor, or a discount beyond the approver’s tier, is accepted.',
        }),
      })),
    },
  });
  addStep(graph, {
    name: 'approveChangeRequest',
    action: 'APPROVE',
    description:
      'Records that the client said yes. Wants all four deltas, evidence, a quote whose last day is not over, and for a price other than zero a change order in the contract’s currency.',
    args: evidence,
  });
  addStep(graph, {
    name: 'rejectChangeRequest',
    action: 'REJECT',
    description: 'Records that the client said no. Wants evidence.',
    args: evidence,
  });
  addStep(graph, {
    name: 'absorbChangeRequest',
    action: 'ABSORB',
    description:
      'Gives it away, as a decision and not by accident. Wants the value, zero or above, a reason and an approver.',
    args: {
      ...approver,
      ...builder.args((t) => ({
        value: t.field({ type: inputs.money, description: 'What it would have been sold for.' }),
      })),
    },
  });
}

/** The arguments of every step. */
function stepArguments({ builder }: Graph) {
  return builder.args((t) => ({
    id: t.id({ required: true, description: 'Id of the change request.' }),
    reason: t.string({ description: 'Why.' }),
    expectedVersion: t.int({
      description: 'The `commercial.version` that was looked at; refused when it is another by now.',
    }),
    idempotencyKey: t.string({ description: 'Any text of the caller; the same call with the same key is made once.' }),
  }));
}

interface StepArguments extends Omit<Step, 'approverId'> {
  id: string;
  approver?: string | null | undefined;
  expectedVersion?: number | null | undefined;
  idempotencyKey?: string | null | undefined;
}

function addStep(
  graph: Graph,
  step: { name: string; action: ChangeAction; description: string; args: Record<string, unknown> },
): void {
  graph.builder.mutationField(step.name, (t) =>
    t.field({
      type: graph.typeOf('changeRequest').ref,
      nullable: false,
      description: step.description,
      errors: stepErrors('The request as it is now.'),
      args: { ...stepArguments(graph), ...step.args } as ReturnType<typeof stepArguments>,
      resolve: (_, args, context: Context) => take(context, step.action, args as StepArguments),
    }),
  );
}

function addAssess(graph: Graph, inputs: ControlInputs): void {
  const { builder } = graph;
  builder.mutationField('assessChangeRequest', (t) =>
    t.field({
      type: graph.typeOf('changeRequest').ref,
      nullable: false,
      description:
        'Says what it means: price, cost, work and time. As soon as all four are known, commercial review opens by itself and its clock starts. What is left out stays as it is.',
      errors: stepErrors('The request as it is now.'),
      args: {
        ...stepArguments(graph),
        priceDelta: t.arg({ type: inputs.money, description: 'What the client would pay more; zero is an answer.' }),
        costDelta: t.arg({ type: inputs.money, description: 'What it costs more.' }),
        listPrice: t.arg({
          type: inputs.money,
          description: 'What it would cost the client by the price list, before any discount.',
        }),
        effortDelta: t.arg({ type: 'Duration', description: 'Additional work, in seconds.' }),
        scheduleDeltaDays: t.arg.int({ description: 'By how many calendar days it moves the end.' }),
      },
      resolve(_, args, context: Context) {
        const { priceDelta, costDelta, listPrice, effortDelta, scheduleDeltaDays } = args;
        const learned = Object.entries({ priceDelta, costDelta, listPrice, effortDelta, scheduleDeltaDays }).filter(
          ([, value]) => value !== null && value !== undefined,
        );
        return take(context, 'ASSESS', args, Object.fromEntries(learned) as FieldValues<'changeRequest'>);
      },
    }),
  );
}

function addCapture(graph: Graph): void {
  graph.builder.mutationField('captureChangeRequest', (t) =>
    t.field({
      type: graph.typeOf('changeRequest').ref,
      nullable: false,
      description: 'Keeps what somebody asked for in passing, before it becomes work that nobody ordered.',
      errors: stepErrors('The request, CAPTURED.'),
      args: {
        project: t.arg.id({ required: true, description: 'Id of the project it would change.' }),
        title: t.arg.string({ required: true, description: 'What is asked for, in one line.' }),
        said: t.arg.string({ description: 'What was said, in their words.' }),
        requester: t.arg.id({ description: 'Id of the person who asked, where the graph knows them.' }),
        channel: t.arg.string({ description: 'How it came: call, meeting, mail, chat.' }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      async resolve(_, args, context: Context) {
        const { title } = args;
        if (!title.trim() || title.length > 500)
          throw new InputError('title', 'A title has 1 to 500 characters.', 'Put the rest into `said`.');
        const id = await context.database.transaction((rows) =>
          captureChange(rows, context.own, {
            projectId: decodeId(args.project, 'project', 'project'),
            requesterId: args.requester ? decodeId(args.requester, 'person', 'requester') : null,
            title,
            said: args.said ?? null,
            channel: args.channel ?? null,
            idempotencyKey: args.idempotencyKey,
            actor: context.actor,
            now: context.clock.now().toString(),
          }),
        );
        return readRequest(context, id);
      },
    }),
  );
}

async function take(
  context: Context,
  action: ChangeAction,
  args: StepArguments,
  learned: FieldValues<'changeRequest'> = {},
): Promise<Row> {
  const { id, approver, expectedVersion, idempotencyKey, ...step } = args;
  const changeRequestId = decodeId(id, 'changeRequest', 'id');
  const { reason, waiver, evidence, value } = step;
  await context.database.transaction((rows) =>
    controlChange(rows, context.changeControl, {
      changeRequestId,
      action,
      step: { reason, waiver, evidence, value, approverId: approver ? decodeId(approver, 'person', 'approver') : null },
      learned,
      expectedVersion,
      idempotencyKey,
      actor: context.actor,
      now: context.clock.now().toString(),
    }),
  );
  return readRequest(context, changeRequestId);
}

/** Anew, not through the loaders: another mutation of the same request may have read it before. */
async function readRequest(context: Context, id: string): Promise<Row> {
  const { rows } = await sql<Row & { custom_fields: JsonValue }>`
    select * from change_request where id = ${id}::uuid`.execute(context.database.rows);
  const [row] = rows;
  if (!row) throw new Error(`the change request ${id} is gone`);
  return row;
}
