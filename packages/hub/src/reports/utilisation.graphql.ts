import { figureCost, knownSinceField } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { staleSourcesField } from '../kernel/freshness.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import { groupedForField } from '../kernel/grouped.graphql.ts';
import { present, type MetricRef } from '../kernel/metric.graphql.ts';
import type { Calendars } from '../people/calendar.ts';
import { billableRatio, grossUtilisation, netUtilisation } from '../time/utilisation.metrics.ts';
import { workStandpointOf } from '../time/worked.past.ts';
import { workKinds } from './metrics.graphql.ts';
import { groupNameField, peopleArguments } from './people-grouped.graphql.ts';
import { checkAsked } from './utilisation.rules.ts';
import { readUtilisation, utilisationGroups, type UtilisationGroup, type UtilisationRow } from './utilisation.store.ts';

declare module '../kernel/context.ts' {
  interface Context {
    calendars: Calendars;
  }
}

const utilisationKinds = [...workKinds, 'capacity'] as const;

interface Utilisation extends UtilisationRow {
  groupBy: UtilisationGroup | null;
}

/** `utilisation` of a period by person, team or role. */
export function addUtilisation(graph: Graph, metric: MetricRef) {
  const { builder } = graph;
  const group = builder.enumType('UtilisationGroup', {
    description: 'By what the time of people is summed.',
    values: utilisationGroups,
  });
  const utilisation = builder.objectRef<Utilisation>('Utilisation').implement({
    description: 'What people worked within a period, measured by what they could. Three variants, each by its name.',
    fields: (t) => ({
      person: t.field(groupedForField(graph, 'person', 'The person, when summed by person.')),
      name: t.field(groupNameField),
      worked: t.field({
        type: 'Duration',
        nullable: false,
        description: 'All worked time, in seconds.',
        resolve: (of) => of.worked,
      }),
      billable: t.field({
        type: 'Duration',
        nullable: false,
        description:
          'Of that, what the client pays for: by the word of the source where it says, else what the client ordered (BASELINE and APPROVED_CHANGE).',
        resolve: (of) => of.billable,
      }),
      calendar: t.field({
        type: 'Duration',
        nullable: false,
        description: 'Working time by the calendar: working days times the capacity of a day.',
        resolve: (of) => of.calendar,
      }),
      excluded: t.field({
        type: 'Duration',
        nullable: false,
        description: 'Holidays of the configured calendars within it.',
        resolve: (of) => of.excluded,
      }),
      net: t.field({
        type: metric,
        nullable: false,
        description: 'Billable time by the calendar without holidays.',
        resolve: (of) =>
          present(netUtilisation, {
            billableSeconds: of.billable,
            creditedSeconds: 0,
            calendarSeconds: of.calendar,
            excludedSeconds: of.excluded,
          }),
      }),
      gross: t.field({
        type: metric,
        nullable: false,
        description: 'Billable time by the whole calendar.',
        resolve: (of) =>
          present(grossUtilisation, {
            billableSeconds: of.billable,
            creditedSeconds: 0,
            calendarSeconds: of.calendar,
          }),
      }),
      billableRatio: t.field({
        type: metric,
        nullable: false,
        description: 'Billable time by all worked time.',
        resolve: (of) => present(billableRatio, { billableSeconds: of.billable, workedSeconds: of.worked }),
      }),
      knownSince: t.field(knownSinceField<Utilisation>(() => utilisationKinds)),
      staleSources: t.field(staleSourcesField<Utilisation>(() => utilisationKinds)),
    }),
  });
  builder.queryField('utilisation', (t) =>
    t.field({
      type: [utilisation],
      nullable: false,
      description: 'Worked time and capacity of a period by group, the most worked first.',
      args: peopleArguments(builder, group),
      complexity: (args) => ({ field: figureCost(50, args), multiplier: args.first ?? 25 }),
      async resolve(_, args, context: Context): Promise<Utilisation[]> {
        const limit = checkAsked(args);
        const groupBy = args.groupBy ?? null;
        const { rows } = await workStandpointOf(context, args.asOf, null);
        const found = await readUtilisation(rows, {
          from: args.from,
          to: args.to,
          groupBy,
          limit,
          settings: context.scope,
          calendars: context.calendars,
        });
        return found.map((row) => ({ ...row, groupBy }));
      },
    }),
  );
  return group;
}
