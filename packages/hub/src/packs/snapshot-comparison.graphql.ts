import { InputError } from '../kernel/api-error.ts';
import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import type { PackFigureTypes } from './pack-figure.graphql.ts';
import { movesBetween, type FigureMove } from './snapshot.rules.ts';
import type { SnapshotRow } from './snapshot.store.ts';

interface Comparison {
  sameInputs: boolean;
  sameDefinitions: boolean;
  moves: readonly FigureMove[];
}

/** What two snapshots differ in. Throws InputError where they cannot be compared. */
export function compared(from: SnapshotRow, to: SnapshotRow): Comparison {
  const same = (name: 'scope_kind' | 'scope_id' | 'team' | 'lens' | 'currency'): boolean => from[name] === to[name];
  if (!same('scope_kind') || !same('scope_id') || !same('team'))
    throw new InputError('to', 'The snapshots are of different scopes.', 'Compare two of one scope.');
  if (!same('lens') || !same('currency'))
    throw new InputError(
      'to',
      `One is ${from.lens} in ${from.currency}, the other ${to.lens} in ${to.currency}.`,
      'Compare two of one lens and currency.',
    );
  return {
    sameInputs: from.inputs_hash === to.inputs_hash,
    sameDefinitions: from.metric_version === to.metric_version,
    moves: movesBetween(from.figures, to.figures),
  };
}

/** What moved between two snapshots. */
export function addSnapshotComparison(
  { builder }: Graph,
  { metric, figure: { status } }: { metric: MetricRef; figure: PackFigureTypes },
) {
  const move = builder.objectRef<FigureMove>('FigureMove').implement({
    description: 'A figure that differs between two snapshots, in its value or in how it stands.',
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
        description: 'After less before, in the unit of the figure; null where one of them has no value.',
      }),
      statusBefore: t.expose('statusBefore', { type: status, description: 'How it stood.' }),
      statusAfter: t.expose('statusAfter', { type: status, description: 'How it stands in the other.' }),
    }),
  });
  return builder.objectRef<Comparison>('SnapshotComparison').implement({
    description: 'What moved from one snapshot to another.',
    fields: (t) => ({
      sameInputs: t.exposeBoolean('sameInputs', {
        nullable: false,
        description: 'Whether both are made of the same.',
      }),
      sameDefinitions: t.exposeBoolean('sameDefinitions', {
        nullable: false,
        description: 'Whether the figures were defined alike; where not, a figure may differ for that alone.',
      }),
      moves: t.field({
        type: [move],
        nullable: false,
        description: 'The figures that differ.',
        complexity: { field: 1, multiplier: 20 },
        resolve: (of) => of.moves,
      }),
    }),
  });
}
