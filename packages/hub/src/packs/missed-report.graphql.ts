import { questionRules } from '../check-ins/question.rules.ts';
import { askedGroups } from '../kernel/asked-groups.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { SchemaTypes } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import {
  readMissedReports,
  readUnsentReports,
  type MissedReport,
  type UnsentReport,
} from '../reports/missed-report.store.ts';
import type { addQuestions } from '../check-ins/question.graphql.ts';
import type { addSnapshots } from './snapshot.graphql.ts';
import { readSnapshotsById } from './snapshot.store.ts';

type Types = { snapshot: ReturnType<typeof addSnapshots>; severity: ReturnType<typeof addQuestions> };

/** `reportsMissed` and `reportsNotSent`: which reports were promised to a client and are not there, or lie here. */
export function addMissedReports(graph: Graph, types: Types): void {
  const { builder } = graph;
  const args = builder.args((t) => ({
    first: t.int({ description: 'How many; 25 when absent, 100 at most.' }),
    ...asOfArgument(builder),
  }));
  const list = {
    nullable: false as const,
    complexity: (given: { first?: number | null | undefined; asOf?: string | null | undefined }) => ({
      field: figureCost(5, given),
      multiplier: Math.max(1, given.first ?? 25),
    }),
    args,
  };
  const missed = addMissedReport(graph, types);
  builder.queryField('reportsMissed', (t) =>
    t.field({
      ...list,
      type: [missed],
      description:
        'Projects under way whose accepted statement of work wants a report that is late, the latest first. A report is a snapshot of the client that looks at delivery.',
      resolve(_, { first, asOf }, context: Context) {
        const limit = askedGroups(first, 'Take the snapshots that are due, and ask again.');
        const { rows, now } = standpointOf(context, asOf);
        return readMissedReports(rows, { today: now.slice(0, 10), limit });
      },
    }),
  );
  const unsent = addUnsentReport(graph, types);
  builder.queryField('reportsNotSent', (t) =>
    t.field({
      ...list,
      type: [unsent],
      description:
        'Projects under way of which a report was taken, and nobody says by `reportSent` that its client has it, though one was promised by then; the latest first.',
      async resolve(_, { first, asOf }, context: Context): Promise<Unsent[]> {
        const limit = askedGroups(first, 'Say which of them were sent, and ask again.');
        const { rows, now } = standpointOf(context, asOf);
        const found = await readUnsentReports(rows, { today: now.slice(0, 10), limit });
        return found.flatMap((each) => (each.unsent ? [{ ...each, ...each.unsent }] : []));
      },
    }),
  );
}

function addMissedReport(graph: Graph, types: Types) {
  return graph.builder.objectRef<MissedReport>('MissedReport').implement({
    description: 'A project whose report is late by what its statement of work says.',
    fields: (t) => ({
      ...findingFields(t, { graph, types, rule: 'REPORT_MISSED' }),
      dueOn: t.expose('dueOn', {
        type: 'LocalDate',
        nullable: false,
        description: 'The day by which it was due, counted from the last report, or else from the acceptance.',
      }),
      missed: t.exposeInt('missed', { nullable: false, description: 'How many reports were missed since then.' }),
      lastReport: t.field({
        type: types.snapshot,
        description: 'The last one; null where there never was one.',
        resolve: ({ lastSnapshotId: id }, _, context: Context) => (id === null ? null : loadSnapshot(context, id)),
      }),
    }),
  });
}

type Unsent = MissedReport & UnsentReport;

function addUnsentReport(graph: Graph, types: Types) {
  return graph.builder.objectRef<Unsent>('UnsentReport').implement({
    description: 'A report that was taken and not sent in time.',
    fields: (t) => ({
      ...findingFields(t, { graph, types, rule: 'REPORT_NOT_SENT' }),
      dueOn: t.expose('dueOn', {
        type: 'LocalDate',
        nullable: false,
        description:
          'The day by which the client was to have one, counted from the last that was sent, or else from the acceptance.',
      }),
      report: t.field({
        type: types.snapshot,
        description: 'The last one that was taken: the one to send.',
        resolve: ({ snapshotId }, _, context: Context) => loadSnapshot(context, snapshotId),
      }),
    }),
  });
}

/** What both findings say: the rule, how grave it is, and whose report it is. */
function findingFields<Finding extends MissedReport>(
  t: PothosSchemaTypes.ObjectFieldBuilder<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, Finding>,
  { graph: { typeOf }, types, rule }: { graph: Graph; types: Types; rule: 'REPORT_MISSED' | 'REPORT_NOT_SENT' },
) {
  return {
    rule: t.string({ nullable: false, description: 'The rule that found it: R31.', resolve: () => 'R31' }),
    severity: t.field({
      type: types.severity,
      nullable: false,
      description: 'How grave it is.',
      resolve: () => questionRules[rule].severity,
    }),
    project: t.field({
      type: typeOf('project').ref,
      description: 'The project.',
      resolve: ({ projectId }, _, { load }) => load.entity('project', projectId),
    }),
    client: t.field({
      type: typeOf('client').ref,
      description: 'Whom the report is for; null where the project has no client.',
      resolve: ({ clientId }, _, { load }) => (clientId === null ? null : load.entity('client', clientId)),
    }),
    cycleDays: t.int({
      nullable: false,
      description: 'Calendar days from one report to the next.',
      resolve: ({ cycleDays }) => cycleDays,
    }),
  };
}

function loadSnapshot({ load, rows }: Context, id: string) {
  return load.batch('snapshots', id, (ids) => readSnapshotsById(rows, ids));
}
