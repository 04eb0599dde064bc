import { HubError, type Logger } from '@plumbline/connector';
import { Hono, type Context } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { checkKeys, type ApiKey } from './api-keys.ts';
import { readBody } from './body.ts';
import { addClientStatus, type ClientDoor } from './client-status.ts';
import { hostName, isLoopback } from './hosts.ts';
import { isJson, plain, refuse, withoutCors } from './http.ts';

/** What answers GraphQL over HTTP. */
export interface GraphQLApi {
  /** `actor` is who asks, for what is recorded with a decision. */
  fetch(request: Request, actor: string): Response | Promise<Response>;
}

/** A request as a vendor sent it, with the bytes it signed. */
export interface VendorRequest {
  method: string;
  /** Path and query, as they were sent. */
  path: string;
  headers: Headers;
  body: Uint8Array;
}

/** What takes vendors' requests. It answers when they are on record. */
export interface VendorDoor {
  receive(
    sourceId: string,
    request: VendorRequest,
  ): Promise<{ status: 200 | 400 | 401 | 403 | 404 | 429; message: string }>;
}

export interface AppOptions {
  api: GraphQLApi;
  /** Where vendors tell of changes; without it there is no such path. */
  webhooks?: VendorDoor;
  /** Where clients see their status; without it there is no such path. */
  clientStatus?: ClientDoor;
  /** Without any, everybody who reaches it by a loopback name may ask. */
  apiKeys: readonly ApiKey[];
  /** Names this server is called by, beside loopback ones. */
  allowedHosts: readonly string[];
  /** Resolves when requests can be answered; rejects with the reason when not. */
  ready(): Promise<void>;
  logger: Logger;
}

const MOST_BYTES = 200_000;
/** A vendor's request holds a whole issue or a hundred events. */
const MOST_WEBHOOK_BYTES = 1_000_000;

/** The routes and what guards them, as a function from request to response. */
export function createApp(options: AppOptions): Hono<{ Variables: { actor: string } }> {
  const app = new Hono<{ Variables: { actor: string } }>();
  const knowsKey = checkKeys(options.apiKeys);
  const allowed = new Set(options.allowedHosts.map((host) => host.toLowerCase()));

  app.use(secureHeaders({ xFrameOptions: 'DENY', strictTransportSecurity: false, overwrite: false }));
  // A page that has its own name resolved to this address sends that name: nothing is answered to it.
  app.use(async (context, next) => {
    const name = hostName(context.req.header('host'));
    if (name !== null && (isLoopback(name) || allowed.has(name))) return next();
    return refuse(
      context,
      421,
      `This server is not called "${name ?? ''}". Use its address, or configure the name with --allow-host.`,
    );
  });
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', async (context) => {
    try {
      await options.ready();
      return context.json({ status: 'ready' });
    } catch (error) {
      options.logger.warn({ error: String(error) }, 'The server is not ready.');
      return context.json({ status: 'not ready' }, 503);
    }
  });
  app.get('/', (context) => context.redirect('/graphql'));

  app.use('/graphql', async (context, next) => {
    const actor = options.apiKeys.length === 0 ? localActor(context) : knowsKey(context.req.header('authorization'));
    if (actor !== null) {
      context.set('actor', actor);
      return next();
    }
    context.header('www-authenticate', 'Bearer realm="plumbline"');
    return refuse(
      context,
      401,
      options.apiKeys.length === 0
        ? 'Without an API key the API is answered on this machine only. Set PLUMBLINE_API_KEY, and send it.'
        : 'Send an API key: "Authorization: Bearer KEY".',
    );
  });
  app.use('/graphql', async (context, next) => {
    if (context.req.method !== 'POST' || isJson(context.req.header('content-type'))) return next();
    return refuse(context, 415, 'Send the query as JSON: "Content-Type: application/json".');
  });
  app.get('/graphql', async (context) =>
    withoutCors(await options.api.fetch(plain(context.req.raw), context.get('actor'))),
  );
  app.post('/graphql', async (context) => {
    const body = await readBody(context.req.raw, MOST_BYTES);
    if (!body) return refuse(context, 413, `A request may have ${MOST_BYTES / 1_000} kB.`);
    return withoutCors(await options.api.fetch(plain(context.req.raw, body), context.get('actor')));
  });
  app.all('/graphql', (context) => {
    context.header('allow', 'GET, POST');
    return refuse(context, 405, 'Use GET or POST.');
  });
  if (options.webhooks) addWebhooks(app, options.webhooks);
  if (options.clientStatus) addClientStatus(app, options.clientStatus);
  app.notFound((context) => refuse(context, 404, 'There is nothing here; the API is at /graphql.'));
  app.onError((error, context) => {
    options.logger.error({ path: routePath(context), stack: error.stack }, 'A request failed.');
    return error instanceof HubError
      ? refuse(context, 500, error.message)
      : refuse(context, 500, 'The request failed; the log says why.');
  });
  return app;
}

/** Without keys, whoever is at this machine; another name is one that a proxy lets others call. */
function localActor({ req }: Context): string | null {
  return isLoopback(hostName(req.header('host')) ?? '') ? 'local' : null;
}

/** Vendors prove who they are by signatures, not by API keys. A path may have a secret behind the source's name. */
function addWebhooks(app: Hono<{ Variables: { actor: string } }>, door: VendorDoor): void {
  app.post('/webhooks/:source/:secret?', async (context) => {
    const { raw } = context.req;
    const body = await readBody(raw, MOST_WEBHOOK_BYTES);
    if (!body) return refuse(context, 413, `A webhook may have ${MOST_WEBHOOK_BYTES / 1_000} kB.`);
    const { pathname, search } = new URL(raw.url);
    const answer = await door.receive(context.req.param('source'), {
      method: raw.method,
      path: pathname + search,
      headers: new Headers(raw.headers),
      body,
    });
    if (answer.status === 200) return context.json({ message: answer.message });
    if (answer.status === 429) context.header('retry-after', '5');
    return refuse(context, answer.status, answer.message);
  });
  app.all('/webhooks/*', (context) => {
    context.header('allow', 'POST');
    return refuse(context, 405, 'Use POST.');
  });
}

/** For the log: without what may be a secret. */
function routePath({ req }: Context): string {
  return req.path.startsWith('/webhooks/') ? req.path.split('/').slice(0, 3).join('/') : req.path;
}
