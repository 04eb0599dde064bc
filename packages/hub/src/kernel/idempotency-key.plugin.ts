import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { withBoundKey } from './idempotency-key.ts';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      idempotencyKeys: IdempotencyKeyPlugin<Types>;
    }
  }
}

/** Binds the key of every mutation to what is asked, so that no mutation can forget to. Wants to stand behind the check of texts. */
class IdempotencyKeyPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind, name }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (kind !== 'Mutation') return resolve;
    return (parent, args, context, info) => resolve(parent, withBoundKey(name, args), context, info);
  }
}

export const idempotencyKeys = 'idempotencyKeys';

SchemaBuilder.registerPlugin(idempotencyKeys, IdempotencyKeyPlugin);
