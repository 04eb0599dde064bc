import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { readFrom, type MetricRef } from '../kernel/metric.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { handoffItems, handoffOf, type Handoff, type HandoffItem, type HandoffItemName } from './handoff.rules.ts';
import { readHandoffs, readWon } from './handoff.store.ts';

const meanings: Readonly<Record<HandoffItemName, string>> = {
  ACCEPTED_PROPOSAL: 'A proposal that the client accepted here, with evidence.',
  GOVERNANCE: 'Its cadence, reports, escalation path and change-control clause.',
  PROJECT: 'A project that delivers it.',
  BASELINE: 'What was agreed, frozen for each of its projects.',
  MANAGER: 'Who leads each of them.',
  TEAM: 'Somebody who is booked for each of them.',
  MILESTONE: 'A milestone with a day in each of them.',
  COMMITMENTS_PLANNED: 'Work that keeps each commitment of the accepted proposal.',
};

/** How many of the deals that were won last are looked at. */
const LOOKED_AT = 200;

/** `handoff` of an opportunity: what delivery has of a deal that was won; and the won deals whose handoff is not complete. */
export function addHandoff({ builder, typeOf }: Graph, metric: MetricRef): void {
  const name = builder.enumType('HandoffItemName', {
    description: 'What delivery needs of a deal that was won.',
    values: Object.fromEntries(handoffItems.map((item) => [item, { description: meanings[item] }])) as Record<
      HandoffItemName,
      { description: string }
    >,
  });
  const item = builder.objectRef<HandoffItem>('HandoffItem').implement({
    description: 'Something that delivery needs, and whether it is there.',
    fields: (t) => ({
      item: t.expose('item', { type: name, nullable: false, description: 'What is needed.' }),
      there: t.exposeBoolean('there', { nullable: false, description: 'Whether it is there.' }),
      missing: t.exposeString('missing', { description: 'What is missing, in one sentence; null where it is there.' }),
    }),
  });
  const handoff = builder.objectRef<Handoff>('Handoff').implement({
    description: 'What of a won deal has been handed over to delivery.',
    fields: (t) => ({
      completeness: t.expose('completeness', {
        type: metric,
        nullable: false,
        description: 'The share of items that are there.',
      }),
      items: t.field({
        type: [item],
        nullable: false,
        description: 'Each item, in the order in which it comes about.',
        resolve: ({ items }) => items,
      }),
    }),
  });
  builder.objectField(typeOf('opportunity').ref, 'handoff', (t) =>
    t.field({
      type: handoff,
      description: 'What delivery has of it; null as long as it is not won.',
      args: asOfArgument(builder),
      complexity: (args) => figureCost(5, args),
      async resolve(row, { asOf }, context: Context) {
        const facts = await context.load.batch(`handoff ${asOf ?? ''}`, String(row['id']), (ids) =>
          readHandoffs(standpointOf(context, asOf).rows, { opportunityIds: ids, ...context.scope }),
        );
        if (facts === null) return null;
        const { completeness, items } = handoffOf(facts);
        const kinds = [
          'opportunity',
          'proposal',
          'commitment',
          'project',
          'milestone',
          'allocation',
          'workItem',
        ] as const;
        return { completeness: readFrom(kinds, completeness), items };
      },
    }),
  );
  builder.queryField('incompleteHandoffs', (t) =>
    t.field({
      type: [typeOf('opportunity').ref],
      nullable: false,
      description: `Of the ${LOOKED_AT} opportunities that were won last those of which delivery lacks something, the latest won first.`,
      complexity: { field: 5, multiplier: 25 },
      args: asOfArgument(builder),
      async resolve(_, { asOf }, context: Context) {
        const { rows } = standpointOf(context, asOf);
        const won = await readWon(rows, LOOKED_AT);
        const facts = await readHandoffs(rows, {
          opportunityIds: won.map((row) => String(row['id'])),
          ...context.scope,
        });
        return won.filter((_row, index) => {
          const known = facts[index];
          return known && handoffOf(known).items.some(({ there }) => !there);
        });
      },
    }),
  );
}
