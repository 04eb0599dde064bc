import { InputError } from '../kernel/api-error.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { present, type MetricRef } from '../kernel/metric.graphql.ts';
import type { Calendars } from '../people/calendar.ts';
import { billableRatio, grossUtilisation, netUtilisation } from '../time/utilisation.metrics.ts';
import { readUtilisation, utilisationGroups, type UtilisationGroup, type UtilisationRow } from './utilisation.store.ts';

declare module '../kernel/context.ts' {
  interface Context {
    calendars: Calendars;
  }
}

const LONGEST_DAYS = 400;

interface Utilisation extends UtilisationRow {
  groupBy: UtilisationGroup | null;
}

/** `utilisation` of a period by person, team or role. */
export function addUtilisation(graph: Graph, metric: MetricRef): void {
  const { builder } = graph;
  const group = builder.enumType('UtilisationGroup', {
    description: 'By what utilisation is summed.',
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
      },
      complexity: (args) => ({ field: 50, multiplier: args.first ?? 25 }),
      async resolve(_, args, context: Context): Promise<Utilisation[]> {
        const limit = args.first ?? 25;
        if (limit < 1 || limit > 100)
          throw new InputError('first', `\`first\` is ${limit}; 1 to 100 are allowed.`, 'Ask for a team at a time.');
        const days = Temporal.PlainDate.from(args.from).until(args.to, { largestUnit: 'day' }).days + 1;
        if (days < 1 || days > LONGEST_DAYS)
          throw new InputError('to', `The period has ${days} days; 1 to ${LONGEST_DAYS} are allowed.`, 'Narrow it.');
        const groupBy = args.groupBy ?? null;
        const found = await readUtilisation(context.rows, {
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
}
