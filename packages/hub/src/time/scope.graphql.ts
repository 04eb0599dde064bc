import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import type { ScopeClass } from './leakage.metrics.ts';
import { workStandpointOf } from './worked.past.ts';
import { readScopes, type ScopeSettings } from './worked.store.ts';

declare module '../kernel/context.ts' {
  interface Context {
    scope: ScopeSettings;
  }
}

/** `scope` of a time entry. Returns the enum, for figures by class. */
export function addScope(graph: Graph) {
  const { builder } = graph;
  const scope = builder.enumType('ScopeClass', {
    description: 'What work was for, by how things stood on the day it was done.',
    values: {
      BASELINE: { description: 'For a commitment of the contract.' },
      APPROVED_CHANGE: { description: 'For a change that was agreed, or given away by decision, on that day.' },
      UNAPPROVED_CHANGE: { description: 'For a change that was not agreed on that day, whatever was decided later.' },
      UNLINKED: { description: 'For neither a commitment nor a change.' },
      INTERNAL: { description: 'In a project without a client.' },
    } satisfies Record<ScopeClass, { description: string }>,
  });
  builder.objectField(graph.typeOf('timeEntry').ref, 'scope', (t) =>
    t.field({
      type: scope,
      nullable: false,
      description: 'What it was for, by the state of its change request on the day of the work.',
      args: asOfArgument(builder),
      complexity: (args) => figureCost(3, args),
      resolve: (row, { asOf }, context: Context) =>
        context.load.batch<ScopeClass>(`scope ${asOf ?? ''}`, String(row['id']), async (ids) => {
          const { rows } = await workStandpointOf(context, asOf, null);
          const scopes = await readScopes(rows, ids, context.scope);
          return ids.map((id) => scopes.get(id) ?? 'UNLINKED');
        }),
    }),
  );
  return scope;
}
