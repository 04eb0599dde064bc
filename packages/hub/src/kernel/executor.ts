import { execute, type DocumentNode, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';

/** A document is compiled when it is asked for so often: dashboards ask the same few again and again. */
const WORTH_COMPILING = 3;

interface Known {
  asked: number;
  /** Per operation name; null when it cannot be compiled. */
  compiled: Map<string, CompiledQuery | null>;
}

/**
 * Executes by graphql, and by graphql-jit what is asked for repeatedly. Yoga's cache of parsed documents bounds what is
 * kept: with the document its compiled form goes. See docs/decisions/0010.
 */
export function executorPlugin(): Plugin {
  const documents = new WeakMap<DocumentNode, Known>();

  function compiledFor({ schema, document, operationName }: ExecutionArgs): CompiledQuery | null {
    const known = documents.get(document) ?? { asked: 0, compiled: new Map<string, CompiledQuery | null>() };
    documents.set(document, known);
    known.asked += 1;
    if (known.asked < WORTH_COMPILING) return null;
    const name = operationName ?? '';
    const before = known.compiled.get(name);
    if (before !== undefined) return before;
    const query = compileQuery(schema, document, operationName ?? undefined);
    const compiled = isCompiledQuery(query) ? query : null;
    known.compiled.set(name, compiled);
    return compiled;
  }

  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> => {
        const compiled = compiledFor(args);
        return compiled
          ? (compiled.query(args.rootValue, args.contextValue, args.variableValues ?? {}) as Promise<ExecutionResult>)
          : (execute(args) as ExecutionResult | Promise<ExecutionResult>);
      });
    },
  };
}
