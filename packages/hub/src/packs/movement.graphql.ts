import { encodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { changeOperations } from '../kernel/history.ts';
import { withGlobalIds } from '../kernel/history.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { pascalCase } from '../kernel/names.ts';
import type { Movement } from './movement.rules.ts';
import { personOf } from './movement.store.ts';

/** Something that happened to a record. Returns its type. */
export function addMovement({ builder, typeOf }: Graph) {
  const operation = builder.enumType('MovementOperation', {
    description: 'What happened to a record.',
    values: changeOperations,
  });
  return builder.objectRef<Movement>('Movement').implement({
    description: 'Something that happened to a record since the last review.',
    fields: (t) => ({
      record: t.node({
        description: 'The record, as it is now.',
        id: ({ kind, id }) => encodeId(pascalCase(kind), id),
      }),
      operation: t.expose('operation', { type: operation, nullable: false, description: 'What happened.' }),
      field: t.exposeString('field', {
        description: 'The field that changed; null where the whole record came, went or came back.',
      }),
      before: t.field({
        type: 'JSON',
        description: 'What it was; null for nothing. References are global ids.',
        resolve: (of, _, { kinds }: Context) => shown(of, kinds).before,
      }),
      after: t.field({
        type: 'JSON',
        description: 'What it became; null for nothing. References are global ids.',
        resolve: (of, _, { kinds }: Context) => shown(of, kinds).after,
      }),
      by: t.exposeString('by', {
        description:
          'Whose word it is: the key that decided here, else the source that says so; null where neither is known.',
      }),
      person: t.field({
        type: typeOf('person').ref,
        description:
          'The person that was: whom the source names, or whose name or address the key that decided here bears; null where that is not known.',
        resolve: (of, _, context: Context) => personOf(of, context),
      }),
      at: t.expose('at', {
        type: 'Instant',
        nullable: false,
        description: 'When: the source’s own time where it is known, else when the hub saw it.',
      }),
    }),
  });
}

function shown({ kind, field, before, after }: Movement, kinds: Context['kinds']) {
  return field === null ? { before, after } : withGlobalIds(kinds[kind], { field, before, after });
}
