import { serve } from '@hono/node-server';
import { HubError, type Logger } from '@plumbline/connector';
import { type AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import type { ApiKey } from './api-keys.ts';
import { createApp, type GraphQLApi, type VendorDoor } from './app.ts';
import type { ClientDoor } from './client-status.ts';
import { inUrl, isLoopback } from './hosts.ts';

export interface ServerOptions {
  api: GraphQLApi;
  /** Where vendors tell of changes; without it there is no such path. */
  webhooks?: VendorDoor;
  /** Where clients see their status; without it there is no such path. */
  clientStatus?: ClientDoor;
  /** 0 takes a free one. */
  port: number;
  /** The address to listen on; anything but loopback wants an API key. */
  host: string;
  /** Bearer tokens that are accepted; none: everybody who reaches it by a loopback name may ask. */
  apiKeys: readonly ApiKey[];
  /** Names this server is called by, beside loopback ones; for a public name or a proxy in front. */
  allowedHosts?: readonly string[];
  /** For `/readyz`: rejects while requests cannot be answered. */
  ready?: () => Promise<void>;
  logger: Logger;
  /** How long `close` waits for requests in flight; 5,000 when absent. */
  drainMs?: number;
}

export interface RunningServer {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, lets those in flight finish, then resolves. */
  close(): Promise<void>;
}

/** Serves the API over HTTP; it listens when the promise resolves. Throws HubError with what to do when it cannot. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, logger } = options;
  if (!isLoopback(host) && options.apiKeys.length === 0) throw unprotected(host);
  const app = createApp({
    api: options.api,
    ...(options.webhooks ? { webhooks: options.webhooks } : {}),
    ...(options.clientStatus ? { clientStatus: options.clientStatus } : {}),
    apiKeys: options.apiKeys,
    // An address that was chosen on purpose is a name of this server; 0.0.0.0 and :: are nobody's.
    allowedHosts: [...(options.allowedHosts ?? []), ...(['0.0.0.0', '::'].includes(host) ? [] : [host])],
    ready: options.ready ?? (async () => undefined),
    logger,
  });
  const server = await listen(app.fetch, options);
  // A connection that is busy when the server closes would stay open, idle, after its answer.
  server.on('request', (_request, response) =>
    response.once('close', () => setImmediate(() => closing && server.closeIdleConnections())),
  );
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    port,
    url: `http://${inUrl(host)}:${port}`,
    close: () => (closing ??= drain(server, options.drainMs ?? 5_000)),
  };
}

async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  options: ServerOptions,
): Promise<Server> {
  const { port, host } = options;
  return new Promise((resolve, reject) => {
    // Without a port in the Host header the request's own address is used; our routes never look at it.
    const server = serve({ fetch, port, hostname: host, overrideGlobalObjects: false }, () =>
      resolve(server),
    ) as Server;
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(options, error)));
  });
}

async function drain(server: Server, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // Subscriptions never end by themselves.
  const cut = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(cut);
}

function cannotListen({ host, port }: ServerOptions, cause: NodeJS.ErrnoException): HubError {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new HubError(
        {
          code: 'UNAVAILABLE',
          message: `Port ${port} on ${host} is in use by another program.`,
          remedy: 'Stop that program, or choose another port with --port.',
        },
        { cause },
      );
    case 'EACCES':
      return new HubError(
        {
          code: 'UNAVAILABLE',
          message: `Port ${port} may not be used by this user.`,
          remedy: 'Choose a port above 1023 with --port.',
        },
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new HubError(
        {
          code: 'BAD_INPUT',
          message: `This machine has no address ${host}.`,
          remedy: 'Choose one of its addresses, or 127.0.0.1, with --host.',
        },
        { cause },
      );
    default:
      return new HubError(
        {
          code: 'UNAVAILABLE',
          message: `The server cannot listen on ${host}:${port} (${cause.message}).`,
          remedy: 'Choose another address with --host and --port.',
        },
        { cause },
      );
  }
}

function unprotected(host: string): HubError {
  return new HubError({
    code: 'BAD_CONFIG',
    message: `The address ${host} can be reached from other machines, and no API key is set.`,
    remedy: 'Set PLUMBLINE_API_KEY to a long random text, or listen on 127.0.0.1.',
  });
}
