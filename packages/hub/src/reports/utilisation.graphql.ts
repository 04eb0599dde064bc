import { asOfArgument, figureCost, knownSinceField } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { staleSourcesField } from '../kernel/freshness.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import { present, type MetricRef } from '../kernel/metric.graphql.ts';
import type { Calendars } from '../people/calendar.ts';
import { billableRatio, grossUtilisation, netUtilisation } from '../time/utilisation.metrics.ts';
import { workStandpointOf } from '../time/worked.past.ts';
import { workKinds } from './metrics.graphql.ts';
import { checkAsked, LONGEST_DAYS } from './utilisation.rules.ts';
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
      person: t.field({
        type: graph.typeOf('person').ref,
        description: 'The person, when summed by person.',
        resolve: ({ key, groupBy }, _, context: Context) =>
          groupBy === 'PERSON' && key ? context.load.entity('person', key) : null,
      }),
      name: t.string({
        description: 'The team or role, when summed by one; null for people without any.',
        resolve: ({ key, groupBy }) => (groupBy === 'PERSON' ? null : key),
      }),
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
      args: {
        from: t.arg({ type: 'LocalDate', required: true, description: 'First day.' }),
        to: t.arg({ type: 'LocalDate', required: true, description: `Last day; ${LONGEST_DAYS} days at most.` }),
        groupBy: t.arg({ type: group, description: 'By what it is summed; one sum of everybody when absent.' }),
        first: t.arg.int({ description: 'How many groups, 25 unless told, 100 at most.' }),
        ...asOfArgument(builder),
      },
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
