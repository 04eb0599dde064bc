import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDirectivesPlugin } from '@escape.tech/graphql-armor-max-directives';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { HubError } from '@plumbline/connector';
import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  execute,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationContext,
} from 'graphql';
import { createYoga, maskError, type Plugin } from 'graphql-yoga';
import { toGraphQLError } from './kernel/api-error.ts';
import { limits } from './kernel/builder.ts';
import { executorPlugin } from './kernel/executor.ts';
import type { Context } from './kernel/context.ts';
import type { Database } from './kernel/database.ts';
import { createLoaders, type Loaders } from './kernel/loaders.ts';
import type { Hub } from './hub.ts';
import { pastTables } from './past.ts';
import { createFreshness } from './sources/source-freshness.store.ts';
import { readKnownSince } from './sync/known-since.store.ts';
import { createOwnRecords } from './sync/own-records.ts';

export interface ApiOptions {
  /** The query GraphiQL opens with. */
  graphiqlQuery?: string;
}

export interface Api {
  /** Answers an HTTP request to `/graphql`; `actor` is who asks, `local` when absent. */
  fetch(request: Request, actor?: string): Promise<Response>;
  /** Asks within the process, under the same limits. */
  query(document: string, variables?: Record<string, unknown>): Promise<ExecutionResult>;
}

const MOST_ROOT_FIELDS = 20;
const MOST_DOCUMENTS = 100;

/** The GraphQL API over a hub. */
export function createApi(hub: Hub, options: ApiOptions = {}): Api {
  const own = createOwnRecords(hub.rules);
  const contextOf = (actor: string): Context => ({
    rows: hub.database.reader,
    ...readAnew(hub.database, createLoaders(hub.database.reader, hub.rules.kinds)),
    kinds: hub.rules.kinds,
    past: pastTables,
    knownSince: (kinds) => readKnownSince(hub.database.reader, hub.sources, kinds),
    freshnessOf: createFreshness(hub.database.reader, hub),
    rank: hub.rules.rank,
    sources: hub.sources,
    actions: hub,
    own,
    changeControl: { own, ...hub.changeControl },
    proposals: hub.proposals,
    scope: hub.scope,
    nature: hub.nature,
    calendars: hub.calendars,
    earnedValue: hub.earnedValue,
    warningLimits: hub.warningLimits,
    checkIns: hub.checkIns,
    meetings: hub.meetings,
    clientStatus: hub.clientStatus,
    clock: hub.clock,
    actor,
  });
  const checked = documentsOf(hub.schema);
  const yoga = createYoga<{ actor: string }>({
    schema: hub.schema,
    context: ({ actor }) => contextOf(actor),
    cors: false,
    landingPage: false,
    // GraphiQL out of a package and not from somebody's CDN; loaded when the first person opens it.
    renderGraphiQL: async (page) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(page),
    batching: { limit: 5 },
    graphiql: options.graphiqlQuery ? { title: 'Plumbline', defaultQuery: options.graphiqlQuery } : true,
    maskedErrors: { maskError: (error, message, isDev) => show(error) ?? maskError(error, message, isDev) },
    logging: false,
    plugins: [
      maxTokensPlugin({ n: 2_000 }),
      maxAliasesPlugin({ n: 30 }),
      maxDirectivesPlugin({ n: 9 }),
      rootFieldsPlugin(),
      costPlugin(),
      executorPlugin(),
    ],
  });
  return {
    fetch: async (request, actor = 'local') => yoga.fetch(request, { actor }),
    async query(text, variables = {}) {
      const { document, errors } = checked(text);
      if (errors.length > 0) return { errors };
      return execute({ schema: hub.schema, document, variableValues: variables, contextValue: contextOf('local') });
    },
  };
}

/** Whatever a transaction of the request wrote, what is read behind it is not what was read before it. */
function readAnew(database: Database, load: Loaders): Pick<Context, 'database' | 'load'> {
  const transaction: Database['transaction'] = async (work) => {
    try {
      return await database.transaction(work);
    } finally {
      load.clear();
    }
  };
  return { load, database: { ...database, transaction } };
}

interface CheckedDocument {
  document: DocumentNode;
  errors: readonly GraphQLError[];
}

/** Reads and checks documents; what is asked again is not read again, as Yoga does for what comes over HTTP. */
function documentsOf(schema: GraphQLSchema): (text: string) => CheckedDocument {
  const known = new Map<string, CheckedDocument>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const document = parse(text);
    const checked = { document, errors: validate(schema, document) };
    if (known.size >= MOST_DOCUMENTS) known.clear();
    known.set(text, checked);
    return checked;
  };
}

/** Our own errors as they are; null for what must be masked. */
function show(error: unknown): GraphQLError | null {
  if (!(error instanceof GraphQLError)) return error instanceof HubError ? toGraphQLError(error) : null;
  const { originalError } = error;
  if (originalError instanceof HubError) {
    const shown = toGraphQLError(originalError);
    return new GraphQLError(shown.message, { nodes: error.nodes, path: error.path, extensions: shown.extensions });
  }
  return originalError ? null : error;
}

/** More than a few root fields in one request is a batch in disguise. */
function rootFieldsPlugin(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule((context: ValidationContext) => ({
        OperationDefinition(node: OperationDefinitionNode) {
          const count = node.selectionSet.selections.length;
          if (count > MOST_ROOT_FIELDS) {
            context.reportError(
              new GraphQLError(
                `The operation has ${count} root fields; ${MOST_ROOT_FIELDS} are allowed. Ask in several requests.`,
                { nodes: node },
              ),
            );
          }
        },
      }));
    },
  };
}

/** Reports what a request cost, beside its result. */
function costPlugin(): Plugin {
  return {
    onExecute({ args }) {
      const { complexity } = complexityFromQuery(args.document as DocumentNode, {
        schema: args.schema,
        ctx: args.contextValue as object,
        variables: (args.variableValues ?? {}) as Record<string, unknown>,
      });
      return {
        onExecuteDone({ result, setResult }) {
          if (result && typeof result === 'object' && !(Symbol.asyncIterator in result)) {
            setResult({
              ...result,
              extensions: {
                ...(result as ExecutionResult).extensions,
                cost: { requested: complexity, limit: limits.cost },
              },
            });
          }
        },
      };
    },
  };
}
