import type { Context } from 'hono';

export function isJson(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' || (type?.startsWith('application/') === true && type.endsWith('+json'));
}

/** Errors have the shape of GraphQL's, so that clients read them as they read every other. */
export function refuse(
  context: Context,
  status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 421 | 429 | 500,
  message: string,
): Response {
  return context.json({ errors: [{ message }] }, status);
}

/** A request of the platform's own class, body in memory: what the server hands over only looks like one. */
export function plain({ url, method, headers, signal }: Request, body?: Uint8Array<ArrayBuffer>): Request {
  return new Request(url, { method, headers, signal, ...(body ? { body } : {}) });
}

/** No other origin may read answers, whatever produced them. */
export function withoutCors(response: Response): Response {
  const names = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
  if (names.length === 0) return response;
  const headers = new Headers(response.headers);
  for (const name of names) headers.delete(name);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
