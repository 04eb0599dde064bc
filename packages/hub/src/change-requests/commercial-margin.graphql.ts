import type { ObjectRef } from '@pothos/core';
import type { SchemaTypes } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { marginsOf, type CommercialMargin } from './commercial-margin.rules.ts';
import { readMarginFacts } from './commercial-margin.store.ts';
import type { Commercial } from './commercial.graphql.ts';

type CommercialRef = ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, Commercial>;

/** `margin` of a request's commercial side: the figures that the guard of the quote looks at, and the project's. */
export function addCommercialMargin({ builder }: Graph, commercial: CommercialRef, metric: MetricRef): void {
  const margin = builder.objectRef<CommercialMargin>('ChangeRequestMargin').implement({
    description:
      'What a request does to the margin, with the figures of the day it was quoted; before, with those of the day of asking.',
    fields: (t) => ({
      own: t.expose('own', { type: metric, nullable: false, description: 'The margin of the request alone.' }),
      floor: t.field({
        type: 'Decimal',
        nullable: false,
        description: 'The least margin at which it is quoted without a waiver.',
        resolve: (_, __, { changeControl }: Context) => changeControl.settings.marginFloor,
      }),
      projectBefore: t.expose('projectBefore', {
        type: metric,
        nullable: false,
        description: 'The margin that the project’s baseline plans.',
      }),
      projectAfter: t.expose('projectAfter', {
        type: metric,
        nullable: false,
        description: 'The same with the price and the cost of the request.',
      }),
      discount: t.expose('discount', {
        type: metric,
        nullable: false,
        description:
          'How far it is offered below its list price; `discounts` of the settings say who may approve that.',
      }),
    }),
  });
  builder.objectField(commercial, 'margin', (t) =>
    t.field({
      type: margin,
      nullable: false,
      description: 'What it does to the margin.',
      complexity: 3,
      resolve: async ({ id, asOf }, _, context: Context) =>
        marginsOf(
          await context.load.batch(`margin facts ${asOf ?? ''}`, id, (ids) =>
            readMarginFacts(standpointOf(context, asOf).rows, ids),
          ),
        ),
    }),
  );
}
