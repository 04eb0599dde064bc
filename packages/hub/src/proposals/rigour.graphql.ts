import type { Graph } from '../kernel/graph.ts';
import { present, readFrom, type MetricRef } from '../kernel/metric.graphql.ts';
import type { PipelineRef } from '../opportunities/pipeline.graphql.ts';
import { rigourUplift } from '../opportunities/pipeline.metrics.ts';
import { countByRigour } from './rigour.store.ts';

/** `rigourUplift` of a pipeline. */
export function addRigour(
  { builder }: Graph,
  { pipeline, metric }: { pipeline: PipelineRef; metric: MetricRef },
): void {
  builder.objectField(pipeline, 'rigourUplift', (t) =>
    t.field({
      type: metric,
      nullable: false,
      description:
        'By how much more often deals were won whose proposal had passed a feasibility review by the day they closed; a correlation, not a cause. Its inputs show how many there were of each sort.',
      complexity: { field: 10, multiplier: 1 },
      resolve: async ({ rows, question }) =>
        readFrom(['opportunity', 'proposal'], present(rigourUplift, { ...(await countByRigour(rows, question)) })),
    }),
  );
}
