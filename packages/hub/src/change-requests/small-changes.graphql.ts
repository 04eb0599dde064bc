import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { readSmallChanges, type SmallChanges } from './small-changes.store.ts';

/** `smallChanges` of a project: what comes in beneath everybody's notice. */
export function addSmallChanges({ builder, typeOf }: Graph): void {
  const type = builder.objectRef<SmallChanges>('SmallChanges').implement({
    description: 'Change requests of a project that are small one by one, and together want a commercial review.',
    fields: (t) => ({
      sum: t.expose('sum', { type: 'Money', nullable: false, description: 'What they come to.' }),
      from: t.expose('from', {
        type: 'LocalDate',
        nullable: false,
        description: 'The day on which the first was submitted.',
      }),
      to: t.expose('to', {
        type: 'LocalDate',
        nullable: false,
        description: 'The day on which the last was submitted.',
      }),
      changeRequests: t.field({
        type: [typeOf('changeRequest').ref],
        nullable: { list: false, items: true },
        description: 'The requests, the first submitted first.',
        complexity: { field: 2, multiplier: 5 },
        resolve: ({ changeRequestIds }, _, { load }: Context) =>
          Promise.all(changeRequestIds.map((id) => load.entity('changeRequest', id))),
      }),
    }),
  });
  builder.objectField(typeOf('project').ref, 'smallChanges', (t) =>
    t.field({
      type: [type],
      nullable: false,
      description:
        'Spans of days in which small requests add up: at least three, each above 0 and beneath the threshold, together above the limit. Empty when they do not.',
      args: asOfArgument(builder),
      complexity: (args) => ({ field: figureCost(5, args), multiplier: 2 }),
      resolve: (row, { asOf }, context: Context) =>
        context.load.batch(`small changes ${asOf ?? ''}`, String(row['id']), (ids) => {
          const { smallChanges, calendar } = context.changeControl;
          return readSmallChanges(standpointOf(context, asOf).rows, ids, { policy: smallChanges, zone: calendar.zone });
        }),
    }),
  );
}
