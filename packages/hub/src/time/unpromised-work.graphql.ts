import { InputError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { askedPeriod } from '../kernel/grouped.graphql.ts';
import { readUnpromisedWork, type UnpromisedWork } from './unpromised-work.store.ts';
import { workStandpointOf } from './worked.past.ts';

const MOST = 100;

/** `workedNotPromised`: what people do that nobody sold. */
export function addUnpromisedWork({ builder, typeOf }: Graph): void {
  const type = builder.objectRef<UnpromisedWork>('UnpromisedWork').implement({
    description: 'Time on an item that keeps no commitment and belongs to no change request.',
    fields: (t) => ({
      workItem: t.field({
        type: typeOf('workItem').ref,
        description: 'What was worked on; null for time that names no item.',
        resolve: ({ workItemId }, _, { load }: Context) =>
          workItemId === null ? null : load.entity('workItem', workItemId),
      }),
      seconds: t.expose('seconds', { type: 'Duration', nullable: false, description: 'How long, in seconds.' }),
      firstOn: t.expose('firstOn', { type: 'LocalDate', description: 'The first day of the work.' }),
      lastOn: t.expose('lastOn', { type: 'LocalDate', description: 'The last day of the work.' }),
    }),
  });
  builder.queryField('workedNotPromised', (t) =>
    t.field({
      type: [type],
      nullable: false,
      description:
        'Work of a project on items that keep no commitment and belong to no change request, the most time first. It is the project’s UNLINKED time, item by item.',
      complexity: (args) => ({ field: figureCost(4, args), multiplier: Math.max(1, args.first ?? 25) }),
      args: {
        project: t.arg.id({ required: true, description: 'Id of the project.' }),
        from: t.arg({ type: 'LocalDate', description: 'First day of the work.' }),
        to: t.arg({ type: 'LocalDate', description: 'Last day of the work.' }),
        first: t.arg.int({ description: 'How many items; 25 when absent, 100 at most.' }),
        ...asOfArgument(builder),
      },
      async resolve(_, { project, from, to, first, asOf }, context: Context) {
        const limit = first ?? 25;
        if (limit < 0 || limit > MOST)
          throw new InputError('first', `first is ${limit}; 0 to ${MOST} are allowed.`, 'Ask for fewer.');
        const projectIds = [decodeId(project, 'project', 'project')];
        const { rows } = await workStandpointOf(context, asOf, projectIds);
        const filter = { projectIds, ...askedPeriod({ from, to }) };
        return readUnpromisedWork(rows, { filter, settings: context.scope, limit });
      },
    }),
  );
}
