import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { present, readFrom, type MetricRef } from '../kernel/metric.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { closeDateChanges, closeDatePulls, closeDatePushes, closeDateSlippage } from './close-date.metrics.ts';
import { readCloseDates } from './close-date.store.ts';
import { stageAgeing } from './stage.metrics.ts';
import { readStageStays } from './stage.store.ts';

/** `slippage` and `stageAge` on an opportunity. */
export function addOpportunityMetrics({ builder, typeOf }: Graph, metric: MetricRef): void {
  const figure = (description: string, definition: typeof closeDateChanges) => ({
    type: metric,
    nullable: false as const,
    description,
    resolve: (closeDates: readonly (string | null)[]) => readFrom(['opportunity'], present(definition, { closeDates })),
  });
  const slippage = builder.objectRef<readonly (string | null)[]>('OpportunitySlippage').implement({
    description: 'How the expected close date has moved.',
    fields: (t) => ({
      changes: t.field(figure('How often it was moved, in either direction.', closeDateChanges)),
      pushes: t.field(figure('How often it was put off.', closeDatePushes)),
      pulls: t.field(figure('How often it was brought forward.', closeDatePulls)),
      netDays: t.field(figure('By how many calendar days it has moved in all.', closeDateSlippage)),
    }),
  });
  builder.objectFields(typeOf('opportunity').ref, (t) => ({
    slippage: t.field({
      type: slippage,
      nullable: false,
      description:
        'How the expected close date has moved, as its source remembers it; where it does not, since the hub first saw the deal.',
      args: asOfArgument(builder),
      complexity: (args) => figureCost(3, args),
      resolve: (row, { asOf }, context: Context) =>
        context.load.batch(`close dates ${asOf ?? ''}`, String(row['id']), (ids) =>
          readCloseDates(standpointOf(context, asOf).rows, ids),
        ),
    }),
    stageAge: t.field({
      type: metric,
      nullable: false,
      description: 'How long it has been in its stage, measured by how long deals of its pipeline usually stay there.',
      args: asOfArgument(builder),
      complexity: (args) => figureCost(5, args),
      resolve: async (row, { asOf }, context: Context) => {
        const { rows, now } = standpointOf(context, asOf);
        const stay = await context.load.batch(`stage stays ${asOf ?? ''}`, String(row['id']), (ids) =>
          readStageStays(rows, ids, now),
        );
        return readFrom(['opportunity'], present(stageAgeing, { ...stay }));
      },
    }),
  }));
}
