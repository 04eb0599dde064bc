import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { workPeriodArguments } from '../kernel/grouped.graphql.ts';
import { scopeClasses, type ScopeClass } from './leakage.metrics.ts';
import type { addScope } from './scope.graphql.ts';
import { addWorkedSums, loadWorked, type WorkedTogether } from './worked-sums.graphql.ts';

interface WorkByScope extends WorkedTogether {
  scope: ScopeClass;
}

/** `work` of a project: its time by the class of its scope. */
export function addWorkByScope(graph: Graph, scope: ReturnType<typeof addScope>): void {
  const { builder } = graph;
  const work = builder.objectRef<WorkByScope>('WorkByScope').implement({
    description: 'Work of one class, and what it is worth at the rates of its days.',
    fields: (t) => ({
      scope: t.expose('scope', { type: scope, nullable: false, description: 'What the work was for.' }),
    }),
  });
  addWorkedSums(builder, work);
  builder.objectField(graph.typeOf('project').ref, 'work', (t) =>
    t.field({
      type: [work],
      nullable: false,
      description: 'Its time by what it was for, classes without any left out.',
      args: {
        ...workPeriodArguments(builder),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(10, args), multiplier: 3 }),
      async resolve(row, period, context: Context) {
        const byScope = Map.groupBy(await loadWorked(row, period, context), (line) => line.scope);
        return scopeClasses.flatMap((each) => {
          const lines = byScope.get(each);
          return lines ? [{ scope: each, lines }] : [];
        });
      },
    }),
  );
}
