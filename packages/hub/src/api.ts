import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDirectivesPlugin } from '@escape.tech/graphql-armor-max-directives';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { HubError, type Logger } from '@plumbline/connector';
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
import { createContexts } from './context.ts';
import { limits } from './kernel/builder.ts';
import { executorPlugin } from './kernel/executor.ts';
import type { Hub } from './hub.ts';

export interface ApiOptions {
  /** The query GraphiQL opens with. */
  graphiqlQuery?: string;
  /** Is told of errors that callers are told nothing of. */
  logger?: Logger;
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
  const contextOf = createContexts(hub);
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
    maskedErrors: {
      maskError: (error, message, isDev) => show(error) ?? maskError(reported(error, options.logger), message, isDev),
    },
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

/** PostgreSQL's code of a statement that went beyond its time. */
const STATEMENT_CANCELLED = '57014';

/** Our own errors as they are; null for what must be masked. */
function show(error: unknown): GraphQLError | null {
  if (!(error instanceof GraphQLError)) return error instanceof HubError ? toGraphQLError(error) : null;
  const { originalError } = error;
  const ours = explained(originalError);
  if (ours) {
    const shown = toGraphQLError(ours);
    return new GraphQLError(shown.message, { nodes: error.nodes, path: error.path, extensions: shown.extensions });
  }
  return originalError ? null : error;
}

function explained(cause: Error | undefined): HubError | null {
  if (cause instanceof HubError) return cause;
  if (!cause || !('code' in cause) || cause.code !== STATEMENT_CANCELLED) return null;
  return new HubError(
    {
      code: 'TIMEOUT',
      message: 'The database took longer than 5 s for a part of this.',
      remedy: 'Ask for fewer rows or a shorter period.',
    },
    { cause },
  );
}

/** Tells the operator what the caller is not told; gives the error back. */
function reported(error: unknown, logger: Logger | undefined): unknown {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const path = error instanceof GraphQLError ? error.path?.join('.') : undefined;
  logger?.error({ path, stack: cause instanceof Error ? cause.stack : String(cause) }, 'A query failed unexpectedly.');
  return error;
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
