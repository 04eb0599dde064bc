import type { InputRef } from '@pothos/core';
import { sql } from 'kysely';
import { InputError } from '../kernel/api-error.ts';
import { mutationErrors, stepErrors } from '../kernel/builder.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { pascalCase, snakeCase, spokenName } from '../kernel/names.ts';
import { checkPoint } from './check-in.rules.ts';
import { meanings, pointOf, type PointInput } from './open-point.graphql.ts';
import { openPointKinds, type OpenPointKind, type OpenPointStep } from './open-point.rules.ts';
import { movePoint, raisePoint } from './open-point.store.ts';
import { standingPerson, standingSubject } from './subject.ts';

const MOST_WORDS = 5_000;

/** The mutations that raise obstacles and needs, and lead them to an end. */
export function addOpenPointMutations(graph: Graph, input: InputRef<PointInput>): void {
  for (const kind of openPointKinds) {
    addRaise(graph, kind, input);
    addSteps(graph, kind);
  }
}

function addRaise(graph: Graph, kind: OpenPointKind, input: InputRef<PointInput>): void {
  graph.builder.mutationField(`raise${pascalCase(kind)}`, (t) =>
    t.field({
      type: graph.typeOf(kind).ref,
      nullable: false,
      description: `Raises one. ${meanings[kind]}`,
      errors: mutationErrors('It, OPEN.'),
      args: {
        subject: t.arg.id({ required: true, description: 'Id of the opportunity or project it is about.' }),
        point: t.arg({ type: input, required: true, description: 'What it is, whose, and by when.' }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      async resolve(_, { subject, point, idempotencyKey }, context: Context) {
        const raised = await pointOf(context, point, 'point');
        checkPoint('point', raised);
        const about = await standingSubject(context, subject);
        const now = context.clock.now().toString();
        const id = await context.database.transaction((rows) =>
          raisePoint(rows, context.own, {
            kind,
            subject: about,
            point: raised,
            actor: context.actor,
            now,
            idempotencyKey,
          }),
        );
        return readPoint(context, kind, id);
      },
    }),
  );
}

function addSteps(graph: Graph, kind: OpenPointKind): void {
  const spoken = kind === 'obstacle' ? 'an obstacle' : `a ${spokenName(kind)}`;
  const steps: readonly (readonly [string, OpenPointStep, string])[] = [
    ['assign', 'ASSIGN', `Says who sees to ${spoken}, and by when. What is left out stays as it is.`],
    ['resolve', 'RESOLVE', `Says that ${spoken} is settled.`],
    ['accept', 'ACCEPT', `Decides to live with ${spoken}. Wants a reason, and somebody who answers for it.`],
  ];
  for (const [verb, step, description] of steps)
    addStep(graph, { kind, name: `${verb}${pascalCase(kind)}`, step, description });
}

function addStep(
  graph: Graph,
  of: { kind: OpenPointKind; name: string; step: OpenPointStep; description: string },
): void {
  const { kind, step } = of;
  graph.builder.mutationField(of.name, (t) =>
    t.field({
      type: graph.typeOf(kind).ref,
      nullable: false,
      description: of.description,
      errors: stepErrors('It, as it is now.'),
      args: {
        id: t.arg.id({ required: true, description: 'Its id.' }),
        outcome: t.arg.string({ description: 'How it was resolved, or why it is accepted.' }),
        owner: t.arg.id({ description: 'Id of the person who sees to it, or answers for it.' }),
        due: t.arg({ type: 'LocalDate', description: 'The day by which it is to be settled.' }),
        expectedVersion: t.arg.int({
          description: 'The number of decisions that was looked at; refused when it is another by now.',
        }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      async resolve(_, { id: globalId, outcome, owner, due, expectedVersion, idempotencyKey }, context: Context) {
        const id = decodeId(globalId, kind, 'id');
        if ((outcome?.length ?? 0) > MOST_WORDS)
          throw new InputError('outcome', `It has more than ${MOST_WORDS} characters.`, 'Shorten it.');
        const ownerId = owner ? await standingPerson(context, owner, 'owner') : null;
        const now = context.clock.now().toString();
        await context.database.transaction((rows) =>
          movePoint(rows, context.own, {
            kind,
            id,
            step,
            brought: { outcome, ownerId, due },
            actor: context.actor,
            now,
            expectedVersion,
            idempotencyKey,
          }),
        );
        return readPoint(context, kind, id);
      },
    }),
  );
}

/** Anew, not through the loaders: another mutation may have read it before. */
async function readPoint(context: Context, kind: OpenPointKind, id: string): Promise<Row> {
  const { rows } = await sql<Row>`select * from ${sql.table(snakeCase(kind))} where id = ${id}::uuid`.execute(
    context.database.rows,
  );
  const [row] = rows;
  if (!row) throw new Error(`the ${kind} ${id} is gone`);
  return row;
}
