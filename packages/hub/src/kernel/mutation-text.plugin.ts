import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { checkTexts } from './mutation-text.rules.ts';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      mutationText: MutationTextPlugin<Types>;
    }
  }
}

/** Looks at every text that a mutation is given, so that no mutation can forget to. Wants to stand behind the plugin of errors. */
class MutationTextPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (kind !== 'Mutation') return resolve;
    return (parent, args, context, info) => {
      checkTexts(args);
      return resolve(parent, args, context, info);
    };
  }
}

export const mutationText = 'mutationText';

SchemaBuilder.registerPlugin(mutationText, MutationTextPlugin);
