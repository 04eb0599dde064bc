import { errorCodes, HubError } from '@plumbline/connector';
import { z } from 'zod';
import type { Complaint, Graph } from './graph.ts';

/** The id of a person by name, e-mail address or id. */
export function personNamed(graph: Graph, name: string): Promise<string> {
  return named(
    graph,
    'query ($name: String!) { found: people(first: 2, filter: { or: [{ name: { eq: $name } }, { email: { eq: $name } }] }) { nodes { id } } }',
    name,
  );
}

/** The id of the only one that a query finds by a name; the name itself where it finds none. */
export async function named(graph: Graph, document: string, name: string): Promise<string> {
  const { found } = await asked<{ found: { nodes: { id: string }[] } }>(graph, document, { name });
  const [first, ...others] = found.nodes;
  if (others.length > 0)
    throw badInput(`More than one is called "${name}".`, 'Give the e-mail address of a person, or the id.');
  // What nobody is called may be an id; the API says when it is not.
  return first?.id ?? name;
}

/** Asks a hub's own API; throws HubError with its first complaint. */
export async function asked<Data>(graph: Graph, document: string, variables: Record<string, unknown>): Promise<Data> {
  const { data, errors } = await graph.query(document, variables);
  const [error] = errors ?? [];
  if (error) throw complaint(error);
  return data as Data;
}

const explained = z.object({ code: z.enum(errorCodes), remedy: z.string() });

/** An error of this process as it is; one of another process as it was sent: with its remedy at the end of the message. */
function complaint({ message, originalError, extensions }: Complaint): HubError {
  if (originalError instanceof HubError) return originalError;
  const { code = 'BAD_INPUT', remedy = '' } = explained.safeParse(extensions).data ?? {};
  return new HubError({ code, message: message.replace(new RegExp(` ?${RegExp.escape(remedy)}$`), ''), remedy });
}

export function badInput(message: string, remedy: string, cause?: unknown): HubError {
  return new HubError({ code: 'BAD_INPUT', message, remedy }, { cause });
}
