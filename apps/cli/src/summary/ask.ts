import { HubError } from '@plumbline/connector';
import type { Api } from '@plumbline/hub';

/** Asks the hub's own API; throws HubError with its first complaint. */
export async function ask<Data>(
  api: Pick<Api, 'query'>,
  document: string,
  variables?: Record<string, unknown>,
): Promise<Data> {
  const { data, errors } = await api.query(document, variables);
  const [error] = errors ?? [];
  if (error) {
    throw new HubError(
      {
        code: 'BAD_INPUT',
        message: `The API does not answer the summary's question: ${error.message}`,
        remedy: 'Report this; everything else goes on.',
      },
      { cause: error },
    );
  }
  return data as Data;
}

export interface Connection<Node> {
  totalCount?: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  edges: readonly { node: Node }[];
}

/** Every node of a root list, page by page. `document` takes `$after` and names the list `list`. */
export async function* every<Node>(
  api: Pick<Api, 'query'>,
  document: string,
  variables: Record<string, unknown> = {},
): AsyncGenerator<Node> {
  let after: string | null = null;
  do {
    const { list }: { list: Connection<Node> } = await ask(api, document, { ...variables, after });
    for (const { node } of list.edges) yield node;
    after = list.pageInfo.hasNextPage ? list.pageInfo.endCursor : null;
  } while (after !== null);
}
