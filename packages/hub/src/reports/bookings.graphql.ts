import { figureCost, knownSinceField } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { staleSourcesField } from '../kernel/freshness.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import { groupedForField } from '../kernel/grouped.graphql.ts';
import { present, type MetricRef } from '../kernel/metric.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { bookingRatio, freeCapacity } from '../time/utilisation.metrics.ts';
import { readBookings, type BookingRow } from './bookings.store.ts';
import { groupNameField, peopleArguments, type PeopleGroupRef } from './people-grouped.graphql.ts';
import { checkAsked } from './utilisation.rules.ts';
import type { UtilisationGroup } from './utilisation.store.ts';

const bookingKinds = ['allocation', 'capacity', 'opportunity', 'person', 'project'] as const;

interface Bookings extends BookingRow {
  groupBy: UtilisationGroup | null;
}

/** `bookings` of a period by person, team or role. */
export function addBookings(graph: Graph, { metric, group }: { metric: MetricRef; group: PeopleGroupRef }): void {
  const { builder } = graph;
  const tentative = builder.objectRef<BookingRow['tentative'][number]>('TentativeBooking').implement({
    description: 'Soft allocations of projects with the same chance.',
    fields: (t) => ({
      probability: t.expose('probability', {
        type: 'Decimal',
        description:
          'The chance of the deal that a project is or would be sold with, 0 to 1; null where no deal is linked, or nobody says.',
      }),
      seconds: t.expose('seconds', { type: 'Duration', nullable: false, description: 'What they take, in seconds.' }),
    }),
  });
  const bookings = builder.objectRef<Bookings>('Bookings').implement({
    description: 'What people are booked for within a period, measured by what they can work.',
    fields: (t) => ({
      person: t.field(groupedForField(graph, 'person', 'The person, when summed by person.')),
      name: t.field(groupNameField),
      confirmed: t.expose('confirmed', {
        type: 'Duration',
        nullable: false,
        description: 'Hard allocations, in seconds.',
      }),
      tentative: t.expose('tentative', {
        type: [tentative],
        nullable: false,
        description: 'Soft allocations, by their chance.',
      }),
      unweighted: t.field({
        type: 'Duration',
        nullable: false,
        description: 'Soft allocations without a chance, in seconds: they are in neither figure.',
        resolve: ({ tentative: all }) =>
          all.reduce((sum, { probability, seconds }) => (probability === null ? sum + seconds : sum), 0),
      }),
      capacity: t.expose('capacity', {
        type: 'Duration',
        nullable: false,
        description: 'Working time by the calendar without holidays, in seconds.',
      }),
      ratio: t.field({
        type: metric,
        nullable: false,
        description: 'Bookings by capacity; soft ones by their chance.',
        resolve: (of) => present(bookingRatio, inputsOf(of)),
      }),
      free: t.field({
        type: metric,
        nullable: false,
        description: 'What is left of the capacity; below 0 when more is booked than can be worked.',
        resolve: (of) => present(freeCapacity, inputsOf(of)),
      }),
      knownSince: t.field(knownSinceField<Bookings>(() => bookingKinds)),
      staleSources: t.field(staleSourcesField<Bookings>(() => bookingKinds)),
    }),
  });
  builder.queryField('bookings', (t) =>
    t.field({
      type: [bookings],
      nullable: false,
      description: 'Allocations and capacity of a period by group, the most booked first.',
      args: peopleArguments(builder, group),
      complexity: (args) => ({ field: figureCost(50, args), multiplier: args.first ?? 25 }),
      async resolve(_, args, context: Context): Promise<Bookings[]> {
        const limit = checkAsked(args);
        const groupBy = args.groupBy ?? null;
        const { rows } = standpointOf(context, args.asOf);
        const { from, to } = args;
        const found = await readBookings(rows, { from, to, groupBy, limit, calendars: context.calendars });
        return found.map((row) => ({ ...row, groupBy }));
      },
    }),
  );
}

function inputsOf({ confirmed, tentative, capacity }: BookingRow) {
  return {
    confirmedSeconds: confirmed,
    tentative: tentative.flatMap(({ probability, seconds }) =>
      probability === null ? [] : [{ probability, seconds }],
    ),
    capacitySeconds: capacity,
  };
}
