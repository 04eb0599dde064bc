import { InputError, NotFoundError } from '../kernel/api-error.ts';
import { checkCurrency } from '../kernel/asked-groups.ts';
import { stepErrors } from '../kernel/builder.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId, encodeId } from '../kernel/global-id.ts';
import type { DocumentFormRef } from '../kernel/document.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import type { ViewTypes } from '../check-ins/opportunity-view.graphql.ts';
import type { LeftOutRef } from '../reports/portfolio.graphql.ts';
import type { PackFigureTypes } from './pack-figure.graphql.ts';
import { scopeOf, storedScope, type ReviewScopeTypes } from './review-scope.graphql.ts';
import { addSnapshotComparison } from './snapshot-comparison.graphql.ts';
import { readComparison } from './snapshot-comparison.store.ts';
import type { Watermark } from './snapshot.rules.ts';
import { readSnapshot, readSnapshots, readSnapshotsById, takeSnapshot, type SnapshotRow } from './snapshot.store.ts';

const MOST = 100;
/** The cost of the figures of a review with their quality. */
const NOW_COST = 360;

export interface SnapshotTypes {
  scope: ReviewScopeTypes;
  figure: PackFigureTypes;
  metric: MetricRef;
  leftOut: LeftOutRef;
  view: ViewTypes['view'];
  form: DocumentFormRef;
}

/** Snapshots: taken, listed and compared. Returns their type. */
export function addSnapshots(graph: Graph, types: SnapshotTypes) {
  const { builder } = graph;
  const { given, lens } = types.scope;
  const snapshot = addSnapshotType(graph, types);
  builder.queryField('snapshots', (t) =>
    t.field({
      type: [snapshot],
      nullable: false,
      description: 'The snapshots of a scope, the latest first.',
      complexity: ({ first }) => ({ field: 2, multiplier: Math.max(1, first ?? 25) }),
      args: {
        scope: t.arg({ type: given, required: true, description: 'Of whom.' }),
        lens: t.arg({ type: lens, description: 'Only through this lens; through any when absent.' }),
        first: t.arg.int({ description: `How many; 25 when absent, ${MOST} at most.` }),
      },
      async resolve(_, args, context: Context) {
        const limit = args.first ?? 25;
        if (limit < 0 || limit > MOST)
          throw new InputError('first', `first is ${limit}; 0 to ${MOST} are allowed.`, 'Ask for fewer.');
        const scope = await scopeOf(context, args.scope);
        return readSnapshots(context.rows, { scope, lens: args.lens ?? null, before: null, limit });
      },
    }),
  );
  builder.queryField('snapshot', (t) =>
    t.field({
      type: snapshot,
      description: 'One snapshot; null where there is none of this id.',
      args: { id: t.arg.id({ required: true, description: 'Id of the snapshot.' }) },
      resolve: (_, { id }, { rows }: Context) => readSnapshot(rows, decodeId(id, 'reportSnapshot', 'id')),
    }),
  );
  addTakeSnapshot(graph, types.scope, snapshot);
  return snapshot;
}

function addSnapshotType(graph: Graph, types: SnapshotTypes) {
  const { builder } = graph;
  const watermark = builder.objectRef<Watermark>('SourceWatermark').implement({
    description: 'How far a stream of a source had been read.',
    fields: (t) => ({
      source: t.exposeString('source', { nullable: false, description: 'The source, by name.' }),
      stream: t.exposeString('stream', { nullable: false, description: 'The stream, by name.' }),
      readAt: t.expose('readAt', {
        type: 'Instant',
        description: 'When the last run began that read it to its end; null where none had.',
      }),
    }),
  });
  const comparison = addSnapshotComparison(graph, types);
  const snapshot = builder.objectRef<SnapshotRow>('ReportSnapshot').implement({
    description: 'What a review showed: never changed, so that it can be compared with any later one.',
    fields: (t) => ({
      id: t.id({ nullable: false, description: 'Its id.', resolve: ({ id }) => encodeId('ReportSnapshot', id) }),
      scope: t.field({ type: types.scope.scope, nullable: false, description: 'Of whom.', resolve: storedScope }),
      lens: t.expose('lens', { type: types.scope.lens, nullable: false, description: 'At what it looks.' }),
      currency: t.exposeString('currency', { nullable: false, description: 'ISO 4217 code of all amounts.' }),
      asOf: t.field({
        type: 'Instant',
        nullable: false,
        description: 'Of when its figures are.',
        resolve: (of) => instantText(of.as_of),
      }),
      takenAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When it was taken.',
        resolve: (of) => instantText(of.taken_at),
      }),
      takenBy: t.exposeString('taken_by', {
        nullable: false,
        description: 'The key that took it; `plumbline` where the schedule did.',
      }),
      dueOn: t.expose('due_on', {
        type: 'LocalDate',
        description: 'The day for which the schedule took it; null where somebody asked for it.',
      }),
      late: t.boolean({
        nullable: false,
        description:
          'Whether the schedule took it only behind that day, for want of a hub that ran: it is of when it was taken.',
        resolve: (of) => of.due_on !== null && instantText(of.taken_at).slice(0, 10) > of.due_on,
      }),
      metricVersion: t.exposeString('metric_version', {
        nullable: false,
        description: 'Fingerprint of the definitions of its figures: equal for equal definitions.',
      }),
      inputsHash: t.exposeString('inputs_hash', {
        nullable: false,
        description: 'Fingerprint of all that its figures and targets are made of: equal for an equal state.',
      }),
      watermarks: t.field({
        type: [watermark],
        nullable: false,
        description: 'How far every stream had been read by then.',
        complexity: { field: 1, multiplier: 10 },
        resolve: (of) => of.watermarks,
      }),
      figures: t.field({
        type: [types.figure.figure],
        nullable: false,
        description: 'Its figures, each with its quality as it was shown.',
        complexity: { field: 1, multiplier: 20 },
        resolve: (of) => of.figures.map((figure) => ({ ...figure, quality: async () => figure.quality ?? null })),
      }),
      leftOut: t.field({
        type: [types.leftOut],
        nullable: false,
        description: 'Projects that are in none of the figures, and why.',
        complexity: { field: 2, multiplier: 10 },
        resolve: (of) => of.left_out,
      }),
      narratives: t.field({
        type: [types.view],
        nullable: false,
        description: 'The latest views of its deals and projects then, of those that everybody here may read.',
        complexity: { field: 1, multiplier: 25 },
        resolve: (of) => of.narratives,
      }),
      compare: t.field({
        type: comparison,
        nullable: false,
        description: 'What moved from this snapshot to another one of the same scope, lens and currency, or until now.',
        complexity: ({ to }) => (isGiven(to) ? 5 : NOW_COST),
        args: { to: t.arg.id({ description: 'Id of the other snapshot; how things stand now when absent.' }) },
        async resolve(of, { to }, context: Context) {
          if (!isGiven(to)) return readComparison(context, of, null);
          const other = await context.load.batch('snapshot', decodeId(to, 'reportSnapshot', 'to'), (ids) =>
            readSnapshotsById(context.rows, ids),
          );
          if (!other) throw new NotFoundError('There is no such snapshot.', 'Use an `id` that `snapshots` returned.');
          return readComparison(context, of, other);
        },
      }),
    }),
  });
  return snapshot;
}

function isGiven(id: string | null | undefined): id is string {
  return id !== null && id !== undefined;
}

function addTakeSnapshot(
  { builder }: Graph,
  { given, lens }: ReviewScopeTypes,
  snapshot: ReturnType<typeof addSnapshotType>,
): void {
  builder.mutationField('takeSnapshot', (t) =>
    t.field({
      type: snapshot,
      nullable: false,
      description:
        'Keeps what a review shows, so that the next one can be compared with it. It is read while nothing else is written.',
      errors: stepErrors('The snapshot.'),
      args: {
        scope: t.arg({ type: given, required: true, description: 'Of whom.' }),
        lens: t.arg({ type: lens, required: true, defaultValue: 'BOTH', description: 'At what it looks.' }),
        currency: t.arg.string({ required: true, description: 'ISO 4217 code of the currency of all amounts.' }),
        asOf: t.arg({
          type: 'Instant',
          description: 'As of this past instant, for one that was missed; now when absent.',
        }),
        idempotencyKey: t.arg.string({
          description: 'Any text of the caller; the same call with the same key is made once.',
        }),
      },
      async resolve(_, args, context: Context) {
        checkCurrency(args.currency);
        standpointOf(context, args.asOf);
        const scope = await scopeOf(context, args.scope);
        const question = { scope, lens: args.lens, currency: args.currency, asOf: args.asOf ?? null };
        return takeSnapshot(context, question, args);
      },
    }),
  );
}
