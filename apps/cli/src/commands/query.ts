import { HubError } from '@plumbline/connector';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Ended } from '../failure.ts';
import type { CommandContext } from './command.ts';
import { withGraph, type GraphFlags } from './graph.ts';

export interface QueryFlags extends GraphFlags {
  file?: string;
  variables?: string;
}

/** Asks the graph once and prints the answer; throws Ended when it has errors. */
export async function query(context: CommandContext, flags: QueryFlags, document?: string): Promise<void> {
  const asked = await documentOf(flags, document);
  const variables = variablesOf(flags.variables);
  try {
    const answer = await withGraph(context, flags, (graph) => graph.query(asked, variables));
    context.console.print(JSON.stringify(answer, null, flags.json ? 0 : 2));
    if (answer.errors && answer.errors.length > 0) throw new Ended(1);
  } catch (error) {
    if (error instanceof Error && error.name === 'GraphQLError')
      throw badInput(
        `The query cannot be read: ${error.message}`,
        'Correct it; `plumbline start` shows the schema in a browser.',
        error,
      );
    throw error;
  }
}

async function documentOf({ file }: QueryFlags, document: string | undefined): Promise<string> {
  if (document !== undefined) return document;
  if (file !== undefined) {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw badInput(`The file ${file} cannot be read`, 'Check the path given with --file.', error);
    }
  }
  if (process.stdin.isTTY)
    throw badInput('There is no query', 'Give it as an argument, with --file, or on standard input.');
  return text(process.stdin);
}

function variablesOf(json: string | undefined): Record<string, unknown> {
  if (json === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch (error) {
    throw badInput('The variables are not JSON', `Write them as '{"name": "value"}'.`, error);
  }
  throw badInput('The variables are not a JSON object', `Write them as '{"name": "value"}'.`);
}

function badInput(message: string, remedy: string, cause?: unknown): HubError {
  return new HubError({ code: 'BAD_INPUT', message: `${message.replace(/\.$/, '')}.`, remedy }, { cause });
}
