import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import { isLow, type FigureQuality, type Shortfall } from './figure-quality.rules.ts';

export type FigureQualityRef = ReturnType<typeof addFigureQuality>;

/** How far what a figure is computed of can be relied on. */
export function addFigureQuality({ builder }: Graph, metric: MetricRef) {
  const shortfall = builder.objectRef<Shortfall>('QualityShortfall').implement({
    description: 'What is wrong with a mandatory field, and how often.',
    fields: (t) => ({
      field: t.exposeString('field', { nullable: false, description: 'The field, by name.' }),
      problem: t.exposeString('problem', { nullable: false, description: 'What is wrong with it, in a sentence.' }),
      count: t.exposeInt('count', { nullable: false, description: 'In how many of the records.' }),
    }),
  });
  return builder.objectRef<FigureQuality>('FigureQuality').implement({
    description: 'How far the deals or projects can be relied on that a figure is computed of.',
    fields: (t) => ({
      figure: t.expose('figure', {
        type: metric,
        nullable: false,
        description: 'Complete, valid and fresh, weighed: their mandatory fields taken together.',
      }),
      records: t.exposeInt('records', { nullable: false, description: 'How many deals or projects it is of.' }),
      threshold: t.expose('threshold', {
        type: 'Decimal',
        nullable: false,
        description: 'Beneath it the figure is marked: `warnings.quality` of the configuration.',
      }),
      isLow: t.boolean({
        nullable: false,
        description: 'Whether the figure is marked, since its quality is beneath the threshold.',
        resolve: isLow,
      }),
      shortfalls: t.expose('shortfalls', {
        type: [shortfall],
        nullable: false,
        description: 'What is missing or does not hold, the most frequent first.',
      }),
    }),
  });
}
