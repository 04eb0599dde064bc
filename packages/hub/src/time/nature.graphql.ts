import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { workPeriodArguments } from '../kernel/grouped.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { workNatures, type WorkNature } from './nature.metrics.ts';
import type { NatureSettings } from './nature.settings.ts';
import { readNatures } from './nature.store.ts';
import { addWorkedSums, loadWorked, type WorkedTogether } from './worked-sums.graphql.ts';

declare module '../kernel/context.ts' {
  interface Context {
    nature: NatureSettings;
  }
}

interface WorkByNature extends WorkedTogether {
  nature: WorkNature;
}

/** `nature` of a time entry, and `workByNature` of a project. */
export function addNature(graph: Graph): void {
  const { builder } = graph;
  const nature = builder.enumType('WorkNature', {
    description:
      'Whether work is progress. Labels, statuses and issue types of the work item tell, by `nature` of the configuration.',
    values: {
      WORK: { description: 'Nothing marks it.' },
      CLIENT_WAIT: { description: 'It waited for the client, whatever else marks it.' },
      REWORK: { description: 'It did once more what had been done.' },
    } satisfies Record<WorkNature, { description: string }>,
  });
  builder.objectField(graph.typeOf('timeEntry').ref, 'nature', (t) =>
    t.field({
      type: nature,
      nullable: false,
      description:
        'Whether it was progress: by the status its work item had when the work began, and by the labels and the type it has now.',
      args: asOfArgument(builder),
      complexity: (args) => figureCost(3, args),
      resolve: (row, { asOf }, context: Context) =>
        context.load.batch<WorkNature>(`nature ${asOf ?? ''}`, String(row['id']), async (ids) => {
          const natures = await readNatures(standpointOf(context, asOf).rows, ids, context.nature);
          return ids.map((id) => natures.get(id) ?? 'WORK');
        }),
    }),
  );
  const work = builder.objectRef<WorkByNature>('WorkByNature').implement({
    description: 'Work of one nature, and what it is worth at the rates of its days.',
    fields: (t) => ({
      nature: t.expose('nature', { type: nature, nullable: false, description: 'Whether the work was progress.' }),
    }),
  });
  addWorkedSums(builder, work);
  builder.objectField(graph.typeOf('project').ref, 'workByNature', (t) =>
    t.field({
      type: [work],
      nullable: false,
      description: 'Its time by whether it was progress, natures without any left out.',
      args: {
        ...workPeriodArguments(builder),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(10, args), multiplier: 3 }),
      async resolve(row, period, context: Context) {
        const byNature = Map.groupBy(await loadWorked(row, period, context), (line) => line.nature);
        return workNatures.flatMap((each) => {
          const lines = byNature.get(each);
          return lines ? [{ nature: each, lines }] : [];
        });
      },
    }),
  );
}
