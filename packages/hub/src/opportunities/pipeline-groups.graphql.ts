import type { ObjectRef } from '@pothos/core';
import { askedGroups } from '../kernel/asked-groups.ts';
import { knownSinceField } from '../kernel/as-of.graphql.ts';
import type { SchemaTypes } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import { staleSourcesField } from '../kernel/freshness.graphql.ts';
import type { Graph } from '../kernel/graph.ts';
import type { Standpoint } from '../kernel/standpoint.ts';
import {
  pipelineGroups,
  readPipelineGroups,
  type PipelineGroup,
  type PipelineGroupRow,
} from './pipeline-groups.store.ts';
import type { PipelineQuestion } from './pipeline.store.ts';

/** The kinds of entity that a pipeline is computed of. */
export const pipelineKinds = ['opportunity', 'quota', 'exchangeRate'] as const;

/** The deals of one group, and what was asked. */
export interface AskedGroup extends PipelineGroupRow, Standpoint {
  by: PipelineGroup;
  question: PipelineQuestion;
}

/** `groups` of a pipeline: its deals by stage, client, seller or month. Returns the type of a group. */
export function addPipelineGroups<Shape extends Standpoint & { question: PipelineQuestion }>(
  graph: Graph,
  pipeline: ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, Shape>,
) {
  const { builder } = graph;
  const by = builder.enumType('PipelineGroupBy', { values: pipelineGroups, description: 'By what deals are counted.' });
  const group = builder.objectRef<AskedGroup>('PipelineGroup').implement({
    description: 'Deals of one group within the period.',
    fields: (t) => ({
      key: t.string({
        description:
          'The stage, state, pipeline, or first day of the month; null for the rest, and for clients and sellers.',
        resolve: (of) => (of.by === 'CLIENT' || of.by === 'SELLER' ? null : of.key),
      }),
      client: t.field({
        type: graph.typeOf('client').ref,
        description: 'The client, when counted by client.',
        resolve: (of, _, context: Context) =>
          of.by === 'CLIENT' && of.key ? context.load.entity('client', of.key) : null,
      }),
      seller: t.field({
        type: graph.typeOf('person').ref,
        description: 'The seller, when counted by seller.',
        resolve: (of, _, context: Context) =>
          of.by === 'SELLER' && of.key ? context.load.entity('person', of.key) : null,
      }),
      open: t.exposeInt('open', { nullable: false, description: 'Deals that are open.' }),
      won: t.exposeInt('won', { nullable: false, description: 'Deals that were won.' }),
      lost: t.exposeInt('lost', { nullable: false, description: 'Deals that were lost, or ended without a decision.' }),
      openAmount: t.field({
        type: 'Money',
        nullable: false,
        description: 'What the open ones would bring, at today’s rates.',
        resolve: (of) => ({ amount: of.open_amount, currency: of.question.currency }),
      }),
      wonAmount: t.field({
        type: 'Money',
        nullable: false,
        description: 'What was won, at the rates of the close dates.',
        resolve: (of) => ({ amount: of.won_amount, currency: of.question.currency }),
      }),
      unpriced: t.exposeInt('unpriced', {
        nullable: false,
        description: 'Deals that are in no amount, since theirs is missing or cannot be converted.',
      }),
      knownSince: t.field(knownSinceField<AskedGroup>(() => pipelineKinds)),
      staleSources: t.field(staleSourcesField<AskedGroup>(() => pipelineKinds)),
    }),
  });
  builder.objectField(pipeline, 'groups', (t) =>
    t.field({
      type: [group],
      nullable: false,
      description: 'Its deals by group, those with the most to win first.',
      args: {
        by: t.arg({ type: by, required: true, description: 'By what.' }),
        first: t.arg.int({ description: 'How many groups, 25 unless told, 100 at most.' }),
      },
      complexity: (args) => ({ field: 10, multiplier: args.first ?? 25 }),
      async resolve({ rows, now, question }, { by, first }): Promise<AskedGroup[]> {
        const limit = askedGroups(first, 'Narrow the period or the filter.');
        const found = await readPipelineGroups(rows, { question, by, limit });
        return found.map((row) => ({ ...row, rows, now, by, question }));
      },
    }),
  );
  return group;
}
