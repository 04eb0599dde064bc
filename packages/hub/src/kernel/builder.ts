import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import type { JsonValue, MoneyValue } from '@plumbline/connector';
import { HubError } from '@plumbline/connector';
import { ConflictError, InputError, NotFoundError, RefusedError } from './api-error.ts';
import type { Context } from './context.ts';
import { encodeId, splitId } from './global-id.ts';
import { idempotencyKeys } from './idempotency-key.plugin.ts';
import { mutationText } from './mutation-text.plugin.ts';
import { pascalCase } from './names.ts';

export interface SchemaTypes {
  Context: Context;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Connection: { count(): number | Promise<number> };
  Objects: { Money: MoneyValue };
  Scalars: {
    ID: { Input: string; Output: string };
    Decimal: { Input: string; Output: string };
    Instant: { Input: string; Output: string };
    LocalDate: { Input: string; Output: string };
    Duration: { Input: number; Output: number };
    JSON: { Input: JsonValue; Output: JsonValue };
  };
}

export type Builder = PothosSchemaTypes.SchemaBuilder<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>>;

/** Limits of one request, counted before it runs. */
export const limits = { cost: 5_000, depth: 12, ids: 100 } as const;

/** A builder with the graph's scalars, its error types and its root types; rooms add the rest. */
export function createBuilder(): Builder {
  const builder: Builder = new SchemaBuilder<SchemaTypes>({
    plugins: [ErrorsPlugin, mutationText, idempotencyKeys, ComplexityPlugin, RelayPlugin],
    complexity: {
      limit: { complexity: limits.cost, depth: limits.depth },
      defaultComplexity: 1,
      defaultListMultiplier: 5,
      complexityError: (kind, { complexity, depth }) => (kind === 'Depth' ? tooDeep(depth) : tooDear(complexity)),
    },
    errors: {
      defaultTypes: [],
      defaultUnionOptions: {
        name: ({ fieldName }) => `${pascalCase(fieldName)}Result`,
        description: 'What was done, or why it was not.',
      },
      defaultResultOptions: { name: ({ fieldName }) => `${pascalCase(fieldName)}Success`, description: 'It was done.' },
    },
    relay: {
      encodeGlobalID: (typeName, id) => encodeId(typeName, String(id)),
      decodeGlobalID(globalId) {
        const { typeName, id } = splitId(globalId);
        return { typename: typeName, id };
      },
      cursorType: 'String',
      edgesFieldOptions: {
        nullable: false,
        description: 'The rows of this page, each with its cursor.',
        complexity: { field: 0, multiplier: 1 },
      },
      nodeFieldOptions: { nullable: false, description: 'The row.' },
      nodesOnConnection: {
        complexity: { field: 0, multiplier: 1 },
        description: 'The rows of this page, without their cursors.',
      },
      nodeTypeOptions: { description: 'Anything with a global id.' },
      idFieldOptions: { description: 'Global id; stays the same for as long as the entity lives.' },
      nodeQueryOptions: {
        description: 'Any entity by its global id; the id of one that was merged away gives the one it became.',
        args: { id: { description: 'A global id.' } },
      },
      nodesQueryOptions: {
        description: `Up to ${limits.ids} entities by their global ids, in the order of the ids; null for each that is unknown.`,
        args: { ids: { description: 'Global ids.' } },
        complexity: ({ ids }) => ({ field: 1, multiplier: Math.max(1, (ids as unknown[]).length) }),
        resolve(_, { ids }, __, ___, resolveNodes) {
          if (ids.length <= limits.ids) return resolveNodes(ids);
          throw new InputError(
            'ids',
            `There are ${ids.length} ids; ${limits.ids} are allowed.`,
            'Ask in several requests.',
          );
        },
      },
      firstArgOptions: {
        description: 'How many rows from the start; 25 when neither `first` nor `last` is given, 100 at most.',
      },
      afterArgOptions: { description: 'Begin behind this cursor.' },
      lastArgOptions: { description: 'How many rows from the end, 100 at most.' },
      beforeArgOptions: { description: 'End before this cursor.' },
      cursorFieldOptions: { description: 'Where this row lies in its list, for `after` and `before`.' },
      hasNextPageFieldOptions: { description: 'Whether rows follow.' },
      hasPreviousPageFieldOptions: { description: 'Whether rows come before.' },
      startCursorFieldOptions: { description: 'Cursor of the first row; null on an empty page.' },
      endCursorFieldOptions: { description: 'Cursor of the last row; null on an empty page.' },
      pageInfoFieldOptions: { description: 'Where this page lies in its list.' },
      pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    },
  });
  builder.queryType({ description: 'What the graph can be asked.' });
  builder.mutationType({
    description:
      'What can be done. Each gives its result or an error that says what to do instead. A text has 10,000 characters at most, a name 500, a role, a key or an `idempotencyKey` 200, unless its description says less. A call that is repeated under its `idempotencyKey` is made once; another content under the same key is refused.',
  });
  builder.subscriptionType({ description: 'What can be watched as it happens, by server-sent events.' });
  builder.globalConnectionField('totalCount', (t) =>
    t.int({
      nullable: false,
      description: 'How many rows the whole list has; counted only when asked for.',
      complexity: 5,
      resolve: (connection) => connection.count(),
    }),
  );
  addErrors(builder);
  return builder;
}

function tooDeep(depth: number): HubError {
  return new HubError({
    code: 'BAD_INPUT',
    message: `The query is ${depth} levels deep; ${limits.depth} are allowed.`,
    remedy: 'Ask for what lies deeper in a request of its own, by its id.',
  });
}

function tooDear(cost: number): HubError {
  return new HubError({
    code: 'BAD_INPUT',
    message: `The query costs ${Math.ceil(cost)}; ${limits.cost} are allowed.`,
    remedy: 'Ask for fewer rows by `first`, above all in lists within lists, or in several requests.',
  });
}

function addErrors(builder: Builder): void {
  const shared = builder.interfaceRef<HubError>('Error').implement({
    description: 'Why something could not be done.',
    fields: (t) => ({
      message: t.exposeString('message', { nullable: false, description: 'What happened, in one sentence.' }),
      remedy: t.exposeString('remedy', { nullable: false, description: 'What to do about it, in one sentence.' }),
      code: t.exposeString('code', { nullable: false, description: 'A code for programs, such as NOT_FOUND.' }),
    }),
  });
  builder.objectType(InputError, {
    name: 'InputError',
    description: 'An argument is wrong.',
    interfaces: [shared],
    isTypeOf: (value) => value instanceof InputError,
    fields: (t) => ({
      argument: t.exposeString('argument', { nullable: false, description: 'Path of the argument.' }),
    }),
  });
  builder.objectType(NotFoundError, {
    name: 'NotFoundError',
    description: 'What was named does not exist.',
    interfaces: [shared],
    isTypeOf: (value) => value instanceof NotFoundError,
  });
  builder.objectType(ConflictError, {
    name: 'ConflictError',
    description: 'It was changed meanwhile.',
    interfaces: [shared],
    isTypeOf: (value) => value instanceof ConflictError,
    fields: (t) => ({
      version: t.exposeInt('version', { nullable: false, description: 'The version it has now.' }),
    }),
  });
  builder.objectType(RefusedError, {
    name: 'RefusedError',
    description: 'The state machine does not allow this step.',
    interfaces: [shared],
    isTypeOf: (value) => value instanceof RefusedError,
    fields: (t) => ({
      guard: t.exposeString('guard', { nullable: false, description: 'The guard that refuses it, by name.' }),
    }),
  });
  builder.objectType(HubError, {
    name: 'FailedError',
    description: 'It was tried and failed.',
    interfaces: [shared],
    isTypeOf: (value) =>
      value instanceof HubError &&
      ![InputError, NotFoundError, ConflictError, RefusedError].some((each) => value instanceof each),
  });
}

/** The errors a mutation may give beside its result, for its `errors` option. */
export function mutationErrors(result: string, also: readonly (typeof RefusedError | typeof ConflictError)[] = []) {
  return { types: [...also, InputError, NotFoundError, HubError], dataField: { description: result } };
}

/** The errors of a mutation that takes a step in a state machine. */
export function stepErrors(result: string) {
  return {
    types: [RefusedError, ConflictError, InputError, NotFoundError, HubError],
    dataField: { description: result },
  };
}
