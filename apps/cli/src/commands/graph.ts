import { HubError } from '@plumbline/connector';
import type { Api } from '@plumbline/hub';
import { z } from 'zod';
import { openInstallation } from '../setup/installation.ts';
import { badInput } from './asked.ts';
import { installOptions, type CommandContext, type CommonFlags } from './command.ts';

/** Answers GraphQL documents: the hub of this folder, or one that runs already. */
export interface Graph {
  query(document: string, variables?: Record<string, unknown>): Promise<Answer>;
}

/** An answer as GraphQL has it, from this process or from another one. */
interface Answer {
  data?: Awaited<ReturnType<Api['query']>>['data'];
  errors?: readonly Complaint[] | undefined;
}

export interface Complaint {
  message: string;
  originalError?: Error | undefined;
  /** Of what the API tells in public: a code and a remedy. */
  extensions?: unknown;
}

export interface GraphFlags extends CommonFlags {
  /** Address of a hub that runs. */
  hub?: string;
}

/** Opens the hub of this folder for as long as the work takes, or leads it to the one that `--hub` names. */
export async function withGraph<Result>(
  context: CommandContext,
  flags: GraphFlags,
  work: (graph: Graph) => Promise<Result>,
): Promise<Result> {
  if (flags.hub !== undefined) return work(runningGraph(flags.hub, context.environment.PLUMBLINE_API_KEY[0]?.key));
  const installation = await openInstallation(installOptions(context, flags));
  try {
    const { createApi } = await import('@plumbline/hub');
    return await work(createApi(installation.hub));
  } finally {
    await installation.close();
  }
}

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
});

/** A hub that runs, asked over HTTP with the first key of PLUMBLINE_API_KEY where there is one. */
export function runningGraph(hub: string, key: string | undefined): Graph {
  const address = addressOf(hub, key !== undefined);
  return {
    async query(query, variables = {}) {
      const response = await fetch(address, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ query, variables }),
        redirect: 'error',
      }).catch((error: unknown) => {
        throw noHub(hub, 'nothing answers there', error);
      });
      const answer = answerSchema.safeParse(await response.json().catch(() => null));
      if (!answer.success) throw noHub(hub, `what is there answers ${response.status}, and not as a hub`, answer.error);
      if (response.status === 401) throw refused(hub, answer.data.errors?.[0]?.message ?? '');
      return answer.data;
    },
  };
}

/** The address of its API; a key does not travel in plain text, but on this machine. */
function addressOf(hub: string, hasKey: boolean): URL {
  const address = URL.canParse(hub) ? new URL('/graphql', hub) : null;
  if (address === null || !['http:', 'https:'].includes(address.protocol))
    throw badInput(`"${hub}" is no address of a hub.`, 'Give --hub one such as http://127.0.0.1:4000.');
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(address.hostname);
  if (address.protocol === 'https:' || isHere || !hasKey) return address;
  throw badInput(`The key of the API would travel to ${hub} unprotected.`, 'Give --hub an address with https.');
}

function noHub(hub: string, why: string, cause: unknown): HubError {
  return new HubError(
    {
      code: 'UNAVAILABLE',
      message: `No hub answers at ${hub}: ${why}.`,
      remedy: 'Start it with `plumbline start`, or give its address to --hub.',
    },
    { cause },
  );
}

function refused(hub: string, said: string): HubError {
  return new HubError({
    code: 'CREDENTIALS_REJECTED',
    message: `The hub at ${hub} does not know the key. ${said}`.trim(),
    remedy: 'Set PLUMBLINE_API_KEY here to one of its keys.',
  });
}
