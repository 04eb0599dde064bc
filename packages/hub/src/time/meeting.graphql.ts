import type { KindName } from '@plumbline/connector';
import { askedGroups } from '../kernel/asked-groups.ts';
import { asOfArgument, figureCost, knownSinceField } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { staleSourcesField } from '../kernel/freshness.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import { groupedForField, groupKeyField, workPeriodArguments } from '../kernel/grouped.graphql.ts';
import { present, readFrom, type MetricRef } from '../kernel/metric.graphql.ts';
import { statusMeetingShare } from './meeting.metrics.ts';
import type { MeetingSettings } from './meeting.settings.ts';
import { meetingGroups, readMeetings, type MeetingGroup, type MeetingRow } from './meeting.store.ts';
import { workStandpointOf } from './worked.past.ts';

declare module '../kernel/context.ts' {
  interface Context {
    meetings: MeetingSettings;
  }
}

const meetingKinds: readonly KindName[] = ['person', 'project', 'workItem', 'timeEntry'];

interface Meetings extends MeetingRow {
  groupBy: MeetingGroup | null;
}

/** `statusMeetings`: hours spent on telling each other how things stand, by group. */
export function addMeetings(graph: Graph, metric: MetricRef): void {
  const { builder } = graph;
  const group = builder.enumType('StatusMeetingGroup', {
    description: 'By what status meetings are summed. PERSON: who sat in them.',
    values: meetingGroups,
  });
  const seconds = (of: 'worked' | 'meetings', description: string) => ({
    type: 'Duration' as const,
    nullable: false as const,
    description,
    resolve: (row: Meetings) => row[of],
  });
  const meetings = builder.objectRef<Meetings>('StatusMeetings').implement({
    description: 'Worked time, and how much of it went into meetings about how things stand, as far as it was logged.',
    fields: (t) => ({
      key: t.field(
        groupKeyField(
          'What it is summed for: a global id, or the first day of a month; null for the rest or the whole.',
        ),
      ),
      project: t.field(groupedForField(graph, 'project', 'The project, when summed by project.')),
      client: t.field(groupedForField(graph, 'client', 'The client, when summed by client.')),
      person: t.field(groupedForField(graph, 'person', 'The person, when summed by person.')),
      worked: t.field(seconds('worked', 'All worked time, in seconds.')),
      meetings: t.field(seconds('meetings', 'What went into status meetings, in seconds.')),
      entries: t.exposeInt('entries', { nullable: false, description: 'How many time entries that are.' }),
      share: t.field({
        type: metric,
        nullable: false,
        description: 'How much of the worked time it is.',
        resolve: (of) =>
          readFrom(
            meetingKinds,
            present(statusMeetingShare, { meetingSeconds: of.meetings, workedSeconds: of.worked }),
          ),
      }),
      knownSince: t.field(knownSinceField<Meetings>(() => meetingKinds)),
      staleSources: t.field(staleSourcesField<Meetings>(() => meetingKinds)),
    }),
  });
  builder.queryField('statusMeetings', (t) =>
    t.field({
      type: [meetings],
      nullable: false,
      description:
        'Hours in status meetings over all projects, by group, the most first. Labels and types of work items and words in notes tell, by `statusMeetings` of the configuration. Notes are searched one by one: give `from` and `to` where there are years of them.',
      args: {
        groupBy: t.arg({ type: group, description: 'By what it is summed; one sum of everything when absent.' }),
        ...workPeriodArguments(builder),
        first: t.arg.int({ description: 'How many groups, 25 unless told, 100 at most.' }),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(50, args), multiplier: args.first ?? 25 }),
      async resolve(_, { groupBy = null, from = null, to = null, first, asOf }, context: Context): Promise<Meetings[]> {
        const limit = askedGroups(first, 'Narrow it by `from` and `to`.');
        const { rows } = await workStandpointOf(context, asOf, null);
        const found = await readMeetings(rows, { groupBy, from, to, limit, settings: context.meetings });
        return found.map((row) => ({ ...row, groupBy }));
      },
    }),
  );
}
