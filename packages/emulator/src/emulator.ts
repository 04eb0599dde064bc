import { serve, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Clock } from '@plumbline/connector';
import { Hono, type Context } from 'hono';
import type { AddressInfo } from 'node:net';
import { createFaults, faultSchema, type Fault, type Faults } from './faults.ts';

export type EmulatorApp = Hono<{ Bindings: HttpBindings }>;

export interface EmulatorOptions {
  /** Which vendor; for messages. */
  name: string;
  clock: Pick<Clock, 'now'>;
  /** 0 (the default) takes a free port; always on loopback. */
  port?: number;
  /** The path that a request is answered by, where the vendor has one under several; the path itself when absent. */
  pathOf?(path: string): string;
  /** Adds the vendor's routes, and control routes of its own under `/__control/`. */
  routes(app: EmulatorApp): void;
}

export interface SeenRequest {
  method: string;
  path: string;
  query: string;
  at: string;
  status: number;
}

/** A vendor on loopback. What it holds is changed through its own functions, its control API, or the vendor's API alike. */
export interface Emulator {
  readonly name: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly faults: Faults;
  /** The latest requests that reached the vendor's routes, oldest first, at most 10,000. */
  readonly requests: readonly SeenRequest[];
  forgetRequests(): void;
  close(): Promise<void>;
}

/** Starts a vendor's emulator; it listens when the promise resolves. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const faults = createFaults();
  let requests: SeenRequest[] = [];
  const { pathOf } = options;
  const app: EmulatorApp = new Hono<{ Bindings: HttpBindings }>(
    pathOf ? { getPath: (request) => pathOf(new URL(request.url).pathname) } : {},
  );
  addControl(app, faults, () => requests);
  app.use('*', async (context, next) => {
    const url = new URL(context.req.url);
    if (url.pathname.startsWith('/__control/')) return next();
    const seen: SeenRequest = {
      method: context.req.method,
      path: url.pathname,
      query: url.search,
      at: options.clock.now().toString(),
      status: 0,
    };
    requests.push(seen);
    if (requests.length > 10_000) requests = requests.slice(-5_000);
    const fault = faults.next({ method: seen.method, pathAndQuery: url.pathname + url.search });
    if (fault) {
      seen.status = fault.status ?? 0;
      return inflict(fault, context);
    }
    await next();
    seen.status = context.res.status;
    return undefined;
  });
  options.routes(app);
  app.notFound((context) =>
    context.json({ error: `${options.name} emulator has no ${context.req.method} ${context.req.path}` }, 404),
  );

  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const started = serve(
      { fetch: app.fetch, hostname: '127.0.0.1', port: options.port ?? 0, overrideGlobalObjects: false },
      () => resolve(started),
    );
    started.once('error', reject);
  });
  const { port } = server.address() as AddressInfo;
  return {
    name: options.name,
    url: `http://127.0.0.1:${port}`,
    faults,
    get requests() {
      return requests;
    },
    forgetRequests() {
      requests = [];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function addControl(app: EmulatorApp, faults: Faults, requests: () => readonly SeenRequest[]): void {
  app.post('/__control/faults', async (context) => {
    const parsed = faultSchema.safeParse(await context.req.json());
    if (!parsed.success) return context.json({ error: parsed.error.issues }, 400);
    faults.add(parsed.data);
    return context.json({ added: parsed.data }, 201);
  });
  app.delete('/__control/faults', (context) => {
    faults.clear();
    return context.body(null, 204);
  });
  app.get('/__control/requests', (context) => context.json(requests()));
}

async function inflict(fault: Fault, context: Context<{ Bindings: HttpBindings }>): Promise<Response> {
  const { outgoing } = context.env;
  switch (fault.kind) {
    case 'answer':
      return new Response(typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {}), {
        status: fault.status ?? 500,
        headers: { 'content-type': 'application/json', ...fault.headers },
      });
    case 'html':
      return new Response('<!doctype html><title>Log in</title><p>Please log in', {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html' },
      });
    case 'truncate':
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      outgoing.write('{"results": [{"id": "1", ');
      await new Promise((resolve) => setImmediate(resolve));
      outgoing.destroy();
      break;
    case 'reset':
      outgoing.destroy();
      break;
    case 'hang':
      await new Promise((resolve) => outgoing.once('close', resolve));
      break;
  }
  return RESPONSE_ALREADY_SENT;
}
