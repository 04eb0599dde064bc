import type { Context } from '../kernel/context.ts';
import { writeDocument, type DocumentFormRef } from '../kernel/document.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import type { PackFigureTypes } from './pack-figure.graphql.ts';
import { composeComparison } from './snapshot-comparison.document.ts';
import { caveatsOf, isMove, moveOf, pairsOf, type FigureMove } from './snapshot-comparison.rules.ts';
import { readComparisonWords, type Comparison } from './snapshot-comparison.store.ts';

/** What moved between two snapshots, or from one until now. */
export function addSnapshotComparison(
  { builder }: Graph,
  { metric, figure: { status }, form }: { metric: MetricRef; figure: PackFigureTypes; form: DocumentFormRef },
) {
  const move = builder.objectRef<FigureMove>('FigureMove').implement({
    description: 'A figure that differs from that of a snapshot, in its value or in how it stands.',
    fields: (t) => ({
      metric: t.expose('metric', {
        type: metric,
        nullable: false,
        description: 'The figure, as it is in the other snapshot; in this one where only this one has it.',
      }),
      before: t.expose('before', {
        type: 'Decimal',
        description: 'Its value in this snapshot; null where it has none.',
      }),
      after: t.expose('after', { type: 'Decimal', description: 'Its value in the other; null where it has none.' }),
      change: t.expose('change', {
        type: 'Decimal',
        description: 'After less before, in the unit of the figure; null where they cannot be compared.',
      }),
      reason: t.exposeString('reason', {
        description:
          'Why they cannot be: one of them has no such figure or no value, or it is defined otherwise. Null where they can.',
      }),
      statusBefore: t.expose('statusBefore', { type: status, description: 'How it stood.' }),
      statusAfter: t.expose('statusAfter', { type: status, description: 'How it stands in the other.' }),
    }),
  });
  return builder.objectRef<Comparison>('SnapshotComparison').implement({
    description: 'What moved from a snapshot to another one, or until now.',
    fields: (t) => ({
      asOf: t.field({
        type: 'Instant',
        nullable: false,
        description: 'Of when the other is.',
        resolve: ({ after }) => after.asOf,
      }),
      sameInputs: t.boolean({
        nullable: false,
        description: 'Whether both are made of the same.',
        resolve: ({ before, after }) => before.inputsHash === after.inputsHash,
      }),
      sameDefinitions: t.boolean({
        nullable: false,
        description: 'Whether the figures were defined alike; where not, `reason` of a move says which is not.',
        resolve: ({ before, after }) => before.metricVersion === after.metricVersion,
      }),
      caveats: t.stringList({
        nullable: false,
        description:
          'What to know before they are compared, in sentences: another quarter, a source that was late or not there.',
        resolve: ({ lens, before, after }) => caveatsOf(lens, before, after),
      }),
      moves: t.field({
        type: [move],
        nullable: false,
        description: 'The figures that differ.',
        complexity: { field: 1, multiplier: 20 },
        resolve: ({ before, after }) => pairsOf(before.figures, after.figures).map(moveOf).filter(isMove),
      }),
      document: t.string({
        nullable: false,
        description:
          'All of it on one page: every figure as it was and is, how it stands, and what cannot be compared and why.',
        complexity: 20,
        args: { form: t.arg({ type: form, required: true, description: 'In which form.' }) },
        resolve: async (of, args, context: Context) =>
          writeDocument(composeComparison(await readComparisonWords(context, of)), args.form),
      }),
    }),
  });
}
