import type { KindName } from '@plumbline/connector';
import type { Builder } from './builder.ts';
import type { Context } from './context.ts';

/** How many times a present figure a past one counts: what was has to be put together first. */
const PAST_COST = 4;

/** The argument of what can be asked for as of a past instant. */
export function asOfArgument(builder: Builder) {
  return builder.args((t) => ({
    asOf: t.field({
      type: 'Instant',
      description:
        'As of this past instant: what a hub would have shown that was synced and asked then. What sources keep no history of is known from `knownSince` on; before, it is as it was first seen.',
    }),
  }));
}

/** What a figure counts before it runs. */
export function figureCost(field: number, { asOf }: { asOf?: string | null | undefined }): number {
  return asOf ? field * PAST_COST : field;
}

/** A field that says since when what is computed of entities of these kinds can be told as of any instant. */
export function knownSinceField<Shape>(kindsOf: (of: Shape) => readonly KindName[]) {
  return {
    type: 'Instant' as const,
    description:
      'From this instant on, when its sources had been read once, all that it is computed of is known as it was. As of an earlier one, only what sources remember is; the rest is as it was first seen. Null as long as one of them has not been read.',
    complexity: 2,
    resolve: (of: Shape, _: object, context: Context) => {
      const kinds = kindsOf(of).toSorted();
      return context.load.batch('known since of kinds', kinds.join(' '), (all) =>
        Promise.all(all.map((names) => context.knownSince(names.split(' ') as KindName[]))),
      );
    },
  };
}
