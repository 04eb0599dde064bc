import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import type { CapacityWeek } from './capacity-check.rules.ts';
import { checkCapacity, type CapacityCheck } from './capacity-check.store.ts';

const MOST_LEFT_OUT = 100;

/** `capacityCheck`: whether there are people for what a proposal promises. */
export function addCapacityCheck({ builder, typeOf }: Graph): void {
  const seconds = (description: string, read: (of: CapacityWeek) => number) =>
    ({ type: 'Duration', nullable: false, description, resolve: read }) as const;
  const week = builder.objectRef<CapacityWeek>('CapacityWeek').implement({
    description: 'One role in one week of a plan.',
    fields: (t) => ({
      role: t.exposeString('role', { nullable: false, description: 'The role, as the proposal names it.' }),
      week: t.expose('week', { type: 'LocalDate', nullable: false, description: 'The Monday of the week (ISO 8601).' }),
      demand: t.field(seconds('What the proposal wants, even over its working days, in seconds.', (of) => of.demand)),
      capacity: t.field(
        seconds(
          'What active people of the role can work, by their capacities and calendars, in seconds.',
          (of) => of.capacity,
        ),
      ),
      allocated: t.field(
        seconds(
          'What they are booked for: hard bookings in full, soft ones by the chance of their deal, in seconds.',
          (of) => of.allocated,
        ),
      ),
      unweighted: t.field(
        seconds(
          'Soft bookings whose deal has no chance, in seconds: they are in no other figure.',
          (of) => of.unweighted,
        ),
      ),
      pipeline: t.field(
        seconds(
          'What other proposals want beyond what is booked for them, by the chance of their deals, in seconds; what is accepted or won is certain.',
          (of) => of.pipeline,
        ),
      ),
      free: t.field(
        seconds(
          'Capacity less bookings and pipeline, in seconds; below 0 when more is promised than can be worked.',
          (of) => of.free,
        ),
      ),
      short: t.field(seconds('What of the demand is not covered, in seconds.', (of) => of.short)),
    }),
  });
  const check = builder.objectRef<CapacityCheck>('CapacityCheck').implement({
    description: 'Whether there are people for what a proposal promises.',
    fields: (t) => ({
      proposal: t.field({
        type: typeOf('proposal').ref,
        description: 'The proposal.',
        resolve: ({ proposalId }, _, { load }: Context) => load.entity('proposal', proposalId),
      }),
      feasible: t.exposeBoolean('feasible', {
        description: 'Whether every role is covered in every week; null where nobody can tell.',
      }),
      reason: t.exposeString('reason', { description: 'Why it is not, or why nobody can tell; null where it is.' }),
      weeks: t.expose('weeks', { type: [week], nullable: false, description: 'Role by role, week by week.' }),
      leftOut: t.field({
        type: [typeOf('proposal').ref],
        nullable: false,
        description: `Other proposals, of open and won deals, that are in no figure but for their bookings, for want of days, roles or a chance; ${MOST_LEFT_OUT} at most.`,
        complexity: { field: 1, multiplier: 25 },
        resolve: async ({ leftOutIds }, _, { load }: Context) => {
          const found = await Promise.all(leftOutIds.slice(0, MOST_LEFT_OUT).map((id) => load.entity('proposal', id)));
          return found.filter((row) => row !== null);
        },
      }),
      leftOutCount: t.int({
        nullable: false,
        description: 'How many those are in all.',
        resolve: ({ leftOutIds }) => leftOutIds.length,
      }),
    }),
  });
  builder.queryField('capacityCheck', (t) =>
    t.field({
      type: check,
      nullable: false,
      description:
        'Is it feasible? What a proposal wants of each role in each week, by what people of that role can work less what they are booked for and what other proposals would take. Bookings for the projects of its own opportunity are what it wants, so they take nothing away.',
      args: {
        proposal: t.arg.id({ required: true, description: 'Id of the proposal.' }),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(50, args), multiplier: 1 }),
      resolve(_, { proposal, asOf }, context: Context) {
        const { calendars, earnedValue } = context;
        const { rows } = standpointOf(context, asOf);
        return checkCapacity(rows, decodeId(proposal, 'proposal', 'proposal'), {
          calendars,
          calendar: earnedValue.calendar,
        });
      },
    }),
  );
}
