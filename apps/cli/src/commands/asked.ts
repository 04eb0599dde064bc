import { HubError } from '@plumbline/connector';
import type { Api } from '@plumbline/hub';

/** The id of a person by name, e-mail address or id. */
export function personNamed(api: Api, name: string): Promise<string> {
  return named(
    api,
    'query ($name: String!) { found: people(first: 2, filter: { or: [{ name: { eq: $name } }, { email: { eq: $name } }] }) { nodes { id } } }',
    name,
  );
}

/** The id of the only one that a query finds by a name; the name itself where it finds none. */
export async function named(api: Api, document: string, name: string): Promise<string> {
  const { found } = await asked<{ found: { nodes: { id: string }[] } }>(api, document, { name });
  const [first, ...others] = found.nodes;
  if (others.length > 0)
    throw badInput(`More than one is called "${name}".`, 'Give the e-mail address of a person, or the id.');
  // What nobody is called may be an id; the API says when it is not.
  return first?.id ?? name;
}

/** Asks the hub's own API; throws HubError with its first complaint. */
export async function asked<Data>(api: Api, document: string, variables: Record<string, unknown>): Promise<Data> {
  const { data, errors } = await api.query(document, variables);
  const [error] = errors ?? [];
  if (error?.originalError instanceof HubError) throw error.originalError;
  if (error) throw badInput(error.message, '', error);
  return data as Data;
}

export function badInput(message: string, remedy: string, cause?: unknown): HubError {
  return new HubError({ code: 'BAD_INPUT', message, remedy }, { cause });
}
