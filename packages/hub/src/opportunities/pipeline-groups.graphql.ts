import type { ObjectRef } from '@pothos/core';
import { askedGroups } from '../kernel/asked-groups.ts';
import { knownSinceField } from '../kernel/as-of.graphql.ts';
import type { SchemaTypes } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import { staleSourcesField } from '../kernel/freshness.graphql.ts';
import type { Rows } from '../kernel/database.ts';
import type { Graph } from '../kernel/graph.ts';
import {
  pipelineGroups,
  readPipelineGroups,
  type PipelineGroup,
  type PipelineGroupRow,
} from './pipeline-groups.store.ts';
import type { PipelineQuestion } from './pipeline.store.ts';

/** The kinds of entity that a pipeline is computed of. */
export const pipelineKinds = ['opportunity', 'quota', 'exchangeRate'] as const;

interface Group extends PipelineGroupRow {
  by: PipelineGroup;
  currency: string;
}

/** `groups` of a pipeline: its deals by stage, client, seller or month. */
export function addPipelineGroups<Shape extends { rows: Rows; question: PipelineQuestion }>(
  graph: Graph,
  pipeline: ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, Shape>,
): void {
  const { builder } = graph;
  const by = builder.enumType('PipelineGroupBy', { values: pipelineGroups, description: 'By what deals are counted.' });
  const group = builder.objectRef<Group>('PipelineGroup').implement({
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
        resolve: (of) => ({ amount: of.open_amount, currency: of.currency }),
      }),
      wonAmount: t.field({
        type: 'Money',
        nullable: false,
        description: 'What was won, at the rates of the close dates.',
        resolve: (of) => ({ amount: of.won_amount, currency: of.currency }),
      }),
      unpriced: t.exposeInt('unpriced', {
        nullable: false,
        description: 'Deals that are in no amount, since theirs is missing or cannot be converted.',
      }),
      knownSince: t.field(knownSinceField<Group>(() => pipelineKinds)),
      staleSources: t.field(staleSourcesField<Group>(() => pipelineKinds)),
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
      async resolve({ rows, question }, args): Promise<Group[]> {
        const limit = askedGroups(args.first, 'Narrow the period or the filter.');
        const found = await readPipelineGroups(rows, { question, by: args.by, limit });
        return found.map((row) => ({ ...row, by: args.by, currency: question.currency }));
      },
    }),
  );
}
