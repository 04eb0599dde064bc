import type { KindName } from '@plumbline/connector';
import type { Context } from './context.ts';

/** A field that names the sources which are late, of those that entities of these kinds come from. */
export function staleSourcesField<Shape>(kindsOf: (of: Shape) => readonly KindName[]) {
  return {
    type: ['String'] as ['String'],
    nullable: false as const,
    description:
      'The sources it depends on that were not read to their end for longer than three polls take, or never, by name. None: what it is computed of is as fresh as it should be. Of now, also where it is computed as of another instant.',
    complexity: 2,
    resolve: async (of: Shape, _: object, context: Context) => [...(await context.freshnessOf(kindsOf(of))).stale],
  };
}
