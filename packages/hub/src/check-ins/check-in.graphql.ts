import type { InputRef } from '@pothos/core';
import { RefusedError } from '../kernel/api-error.ts';
import { mutationErrors } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { checkWords, type CheckInWords } from './check-in.rules.ts';
import { pointOf, type PointInput } from './open-point.graphql.ts';
import type { ViewTypes } from './opportunity-view.graphql.ts';
import { checkIn, readView } from './opportunity-view.store.ts';
import { readerOf } from './reader.ts';
import type { NewPoint } from './open-point.store.ts';
import { standingPerson, standingSubject } from './subject.ts';

interface NextStepInput {
  text: string;
  date?: string | null | undefined;
}

/** `checkIn`: one call for what somebody has to say. */
export function addCheckIn(
  graph: Graph,
  { view, perspective, audience, point }: ViewTypes & { point: InputRef<PointInput> },
): void {
  const { builder } = graph;
  const nextStep = builder.inputRef<NextStepInput>('NextStepInput').implement({
    description: 'What happens next.',
    fields: (t) => ({
      text: t.string({ required: true, description: 'What, in at most 500 characters.' }),
      date: t.field({ type: 'LocalDate', description: 'The day it is due.' }),
    }),
  });
  builder.mutationField('checkIn', (t) =>
    t.field({
      type: view,
      nullable: false,
      description:
        'Writes down how somebody sees an opportunity or a project, and raises what is in the way and needed, in one go. Nothing that was said before, and nothing of a source, is overwritten.',
      errors: mutationErrors('The view.', [RefusedError]),
      args: {
        subject: t.arg.id({ required: true, description: 'Id of the opportunity or project.' }),
        perspective: t.arg({ type: perspective, required: true, description: 'From whose side.' }),
        text: t.arg.string({ required: true, description: 'What is so, in at most 5,000 characters.' }),
        confidence: t.arg({ type: 'Decimal', description: 'How sure they are that it succeeds, 0 to 1.' }),
        nextStep: t.arg({ type: nextStep, description: 'What happens next.' }),
        obstacles: t.arg({ type: [point], description: 'What is in the way; 20 at most.' }),
        needsToClose: t.arg({ type: [point], description: 'What is needed to close; 20 at most.' }),
        helpWanted: t.arg.string({ description: 'What would help, and from whom, in at most 2,000 characters.' }),
        audience: t.arg({
          type: audience,
          required: true,
          defaultValue: 'TEAM',
          description: 'Who may read it. Obstacles and needs are read by everybody, so they want TEAM or CLIENT.',
        }),
        author: t.arg.id({
          description:
            'Id of the person whose view it is, where a key speaks for several; a key that bears a person’s name or e-mail address speaks for that person only.',
        }),
        asOf: t.arg({ type: 'Instant', description: 'Of when it speaks; now when absent, never later.' }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      async resolve(_, args, context: Context) {
        const now = context.clock.now().toString();
        const words: CheckInWords = {
          perspective: args.perspective,
          text: args.text,
          confidence: args.confidence ?? null,
          nextStep: args.nextStep ? { text: args.nextStep.text, date: args.nextStep.date ?? null } : null,
          helpWanted: args.helpWanted ?? null,
          audience: args.audience,
          asOf: args.asOf ?? now,
          obstacles: await pointsOf(context, args.obstacles, 'obstacles'),
          needsToClose: await pointsOf(context, args.needsToClose, 'needsToClose'),
        };
        checkWords(words, now);
        const authorId = args.author ? await standingPerson(context, args.author, 'author') : null;
        const subject = await standingSubject(context, args.subject);
        const { actor, own, database } = context;
        const { idempotencyKey } = args;
        const id = await database.transaction((rows) =>
          checkIn(rows, own, { subject, words, authorId, actor, now, idempotencyKey }),
        );
        const written = await readView(database.rows, id, readerOf(context));
        if (!written) throw new Error(`the view ${id} is gone`);
        return written;
      },
    }),
  );
}

function pointsOf(
  context: Context,
  points: readonly PointInput[] | null | undefined,
  argument: string,
): Promise<NewPoint[]> {
  return Promise.all((points ?? []).map((point, index) => pointOf(context, point, `${argument}.${index}`)));
}
