import { askedGroups } from '../kernel/asked-groups.ts';
import { InputError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import type { ViewTypes } from './opportunity-view.graphql.ts';
import { knownId } from './subject.ts';
import { readViewsDue, type ViewDue } from './views-due.store.ts';

/** `viewsDue`: whose view is old. */
export function addViewsDue({ builder, typeOf }: Graph, { perspective }: ViewTypes): void {
  const subject =
    (kind: ViewDue['subject_kind']) =>
    (of: ViewDue, _: object, { load }: Context) =>
      of.subject_kind === kind ? load.entity(kind, of.subject_id) : null;
  const due = builder.objectRef<ViewDue>('ViewDue').implement({
    description: 'That a view is due: of the seller for an open opportunity, of operations for an ACTIVE project.',
    fields: (t) => ({
      opportunity: t.field({
        type: typeOf('opportunity').ref,
        description: 'The opportunity; null where it is a project.',
        resolve: subject('opportunity'),
      }),
      project: t.field({
        type: typeOf('project').ref,
        description: 'The project; null where it is an opportunity.',
        resolve: subject('project'),
      }),
      owner: t.field({
        type: typeOf('person').ref,
        description: 'Who is to check in: the seller, or the project’s manager. Null where nobody is named.',
        resolve: ({ owner_id: id }, _, { load }: Context) => (id === null ? null : load.entity('person', id)),
      }),
      perspective: t.expose('perspective', { type: perspective, nullable: false, description: 'From whose side.' }),
      lastAsOf: t.field({
        type: 'Instant',
        description: 'Of when the last one speaks; null where there never was one.',
        resolve: ({ as_of: at }) => (at === null ? null : instantText(at)),
      }),
      days: t.exposeInt('days', {
        nullable: false,
        description: 'Whole days since then; without any, since the opportunity was created or the project first seen.',
      }),
    }),
  });
  builder.queryField('viewsDue', (t) =>
    t.field({
      type: [due],
      nullable: false,
      description: 'Whose view of an open opportunity or an ACTIVE project is old, the oldest first.',
      args: {
        owner: t.arg.id({ description: 'Id of the seller or manager; of everybody when absent.' }),
        days: t.arg.int({
          description: 'Calendar days a view may have; `checkIns.viewDays` when absent, 7 unless set.',
        }),
        first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(3, args), multiplier: Math.max(1, args.first ?? 25) }),
      async resolve(_, { owner, days, first, asOf }, context: Context): Promise<ViewDue[]> {
        const limit = askedGroups(first, 'Ask for one owner.');
        if (days !== null && days !== undefined && (days < 0 || days > 1_000))
          throw new InputError('days', `days is ${days}; 0 to 1000 are allowed.`, 'Give how old a view may be.');
        const { rows, now } = standpointOf(context, asOf);
        const ownerId = owner ? await knownId(context, 'person', { id: owner, argument: 'owner' }) : null;
        return readViewsDue(rows, { ownerId, days: days ?? context.checkIns.viewDays, now, limit });
      },
    }),
  );
}
