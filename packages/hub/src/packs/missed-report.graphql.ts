import { questionRules } from '../check-ins/question.rules.ts';
import { askedGroups } from '../kernel/asked-groups.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { readMissedReports, type MissedReport } from '../reports/missed-report.store.ts';
import type { addQuestions } from '../check-ins/question.graphql.ts';
import type { addSnapshots } from './snapshot.graphql.ts';
import { readSnapshotsById } from './snapshot.store.ts';

/** `reportsMissed`: which reports were promised to a client and are not there. */
export function addMissedReports(
  graph: Graph,
  { snapshot, severity }: { snapshot: ReturnType<typeof addSnapshots>; severity: ReturnType<typeof addQuestions> },
): void {
  const { builder, typeOf } = graph;
  const missed = builder.objectRef<MissedReport>('MissedReport').implement({
    description: 'A project whose report is late by what its statement of work says.',
    fields: (t) => ({
      rule: t.string({ nullable: false, description: 'The rule that found it: R31.', resolve: () => 'R31' }),
      severity: t.field({
        type: severity,
        nullable: false,
        description: 'How grave it is.',
        resolve: () => questionRules.REPORT_MISSED.severity,
      }),
      project: t.field({
        type: typeOf('project').ref,
        description: 'The project.',
        resolve: ({ projectId }, _, { load }: Context) => load.entity('project', projectId),
      }),
      client: t.field({
        type: typeOf('client').ref,
        description: 'Whom the report is for; null where the project has no client.',
        resolve: ({ clientId }, _, { load }: Context) => (clientId === null ? null : load.entity('client', clientId)),
      }),
      cycleDays: t.exposeInt('cycleDays', {
        nullable: false,
        description: 'Calendar days from one report to the next.',
      }),
      dueOn: t.expose('dueOn', {
        type: 'LocalDate',
        nullable: false,
        description: 'The day by which it was due, counted from the last report, or else from the acceptance.',
      }),
      missed: t.exposeInt('missed', { nullable: false, description: 'How many reports were missed since then.' }),
      lastReport: t.field({
        type: snapshot,
        description: 'The last one; null where there never was one.',
        resolve: ({ lastSnapshotId: id }, _, { load, rows }: Context) =>
          id === null ? null : load.batch('snapshots', id, (ids) => readSnapshotsById(rows, ids)),
      }),
    }),
  });
  builder.queryField('reportsMissed', (t) =>
    t.field({
      type: [missed],
      nullable: false,
      description:
        'Projects under way whose accepted statement of work wants a report that is late, the latest first. A report is a snapshot of the client that looks at delivery.',
      complexity: (args) => ({ field: figureCost(5, args), multiplier: Math.max(1, args.first ?? 25) }),
      args: {
        first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }),
        ...asOfArgument(builder),
      },
      resolve(_, { first, asOf }, context: Context) {
        const limit = askedGroups(first, 'Take the snapshots that are due, and ask again.');
        const { rows, now } = standpointOf(context, asOf);
        return readMissedReports(rows, { today: now.slice(0, 10), limit });
      },
    }),
  );
}
