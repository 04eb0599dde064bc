import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import { figureStatuses } from './judgement.rules.ts';
import type { FigureQualityRef } from '../sources/figure-quality.graphql.ts';
import type { PackFigure } from './pack-figures.store.ts';

/** A figure with how it stands. Returns its type, and the enum of how it may. */
export function addPackFigure(
  { builder }: Graph,
  { metric, figureQuality }: { metric: MetricRef; figureQuality: FigureQualityRef },
) {
  const status = builder.enumType('FigureStatus', {
    description: 'How a figure stands.',
    values: {
      GOOD: { description: 'It reaches its target.' },
      WATCH: { description: 'It misses its target, but is within its threshold.' },
      BAD: { description: 'It is past its threshold.' },
    } satisfies Record<(typeof figureStatuses)[number], { description: string }>,
  });
  const figure = builder.objectRef<PackFigure>('PackFigure').implement({
    description: 'A figure of a review, measured by what is to be reached.',
    fields: (t) => ({
      metric: t.expose('metric', {
        type: metric,
        nullable: false,
        description: 'The figure. That of a snapshot has no inputs: of them a hash is kept.',
      }),
      target: t.expose('target', {
        type: 'Decimal',
        description:
          'What is to be reached, in the unit of the figure: what a `Target` says for the scope, else for the firm, else what is usual. Null where nobody says.',
      }),
      threshold: t.expose('threshold', {
        type: 'Decimal',
        description: 'From where on it is BAD, in the same unit; null where there is no such limit.',
      }),
      status: t.expose('status', {
        type: status,
        description: 'How it stands; null where there is no figure, or nothing to measure it by.',
      }),
      reason: t.exposeString('reason', { nullable: false, description: 'Why it stands so, or not at all.' }),
      suggestion: t.exposeString('suggestion', {
        description: 'A decision that it suggests, in one sentence; null where nothing is to be decided.',
      }),
      quality: t.field({
        type: figureQuality,
        description:
          'How far the deals or projects that it is computed of can be relied on: as of when the review is, fresh of when it was looked at. Null for a figure of no deal or project, such as utilisation, and where an old snapshot kept none.',
        complexity: 2,
        resolve: (of) => of.quality(),
      }),
    }),
  });
  return { figure, status };
}

export type PackFigureTypes = ReturnType<typeof addPackFigure>;
