import { HubError, silentLogger } from '@plumbline/connector';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { GraphQLApi, VendorDoor, VendorRequest } from './app.ts';
import { startServer, type RunningServer, type ServerOptions } from './server.ts';

const echo: GraphQLApi = {
  fetch: async (request) =>
    Response.json(
      { method: request.method, body: await request.text() },
      { headers: { 'access-control-allow-origin': '*' } },
    ),
};
const open: RunningServer[] = [];

async function start(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({
    api: echo,
    port: 0,
    host: '127.0.0.1',
    apiKeys: [],
    logger: silentLogger,
    ...options,
  });
  open.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const json = { 'content-type': 'application/json' };
const query = '{"query":"{ __typename }"}';

/** `fetch` does not let a Host header through. */
async function ask(server: RunningServer, headers: Record<string, string>, path = '/graphql'): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port: server.port, host: '127.0.0.1', path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end();
  });
}

async function refusal(promise: Promise<unknown>): Promise<HubError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof HubError) return error;
  }
  throw new Error('it was not refused');
}

test('a query by POST or GET reaches the API, and no other origin may read the answer', async () => {
  const { url } = await start();
  const posted = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...json, origin: 'https://evil.example' },
    body: query,
  });
  expect(await posted.json()).toEqual({ method: 'POST', body: query });
  expect(posted.headers.get('access-control-allow-origin')).toBeNull();
  expect((await fetch(`${url}/graphql?query={__typename}`)).status).toBe(200);
  const preflight = await fetch(`${url}/graphql`, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([405, null]);
});

test('the root leads to the API, and everything else is not found', async () => {
  const { url } = await start();
  const root = await fetch(url, { redirect: 'manual' });
  expect([root.status, root.headers.get('location')]).toEqual([302, '/graphql']);
  expect((await fetch(`${url}/admin`)).status).toBe(404);
});

test('answers carry headers that keep browsers from guessing and framing', async () => {
  const { headers } = await fetch(`${(await start()).url}/healthz`);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('liveness never depends on the database, readiness does', async () => {
  let fails = true;
  const { url } = await start({
    ready: async () => {
      if (fails) throw new Error('no database');
    },
  });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  fails = false;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
  'a POST as %s is refused, since a foreign page can send it without asking',
  async (type) => {
    const { url } = await start();
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: new TextEncoder().encode(query) });
    expect(answer.status).toBe(415);
  },
);

test('JSON with a character set or a GraphQL media type is accepted', async () => {
  const { url } = await start();
  for (const type of ['application/json; charset=utf-8', 'application/graphql-response+json']) {
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body: query });
    expect(answer.status).toBe(200);
  }
});

test('a body above 200 kB is refused, announced or not', async () => {
  const { url } = await start();
  const big = JSON.stringify({ query: 'x'.repeat(200_001) });
  expect((await fetch(`${url}/graphql`, { method: 'POST', headers: json, body: big })).status).toBe(413);
  const stream = new Blob([big]).stream();
  const chunked = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: json,
    body: stream,
    duplex: 'half',
  } as RequestInit);
  expect(chunked.status).toBe(413);
});

test('only loopback names and configured ones are answered: a name that somebody else resolves here is not', async () => {
  const server = await start({ allowedHosts: ['hub.acme.example'] });
  for (const host of ['localhost', '127.0.0.1:4000', '[::1]:4000', 'hub.acme.example', 'HUB.acme.example:443'])
    expect([host, await ask(server, { host }, '/healthz')]).toEqual([host, 200]);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.7'])
    expect([host, await ask(server, { host }, '/healthz')]).toEqual([host, 421]);
});

test('without API keys the API is answered to loopback names only, with them to every name there is', async () => {
  const options = { allowedHosts: ['status.acme.example'] };
  const keyless = await start(options);
  for (const host of ['localhost', '127.0.0.1:4000', '[::1]:4000'])
    expect([host, await ask(keyless, { host })]).toEqual([host, 200]);
  expect(await ask(keyless, { host: 'status.acme.example' })).toBe(401);
  const keyed = await start({ ...options, apiKeys: [{ key: 'an-api-key-of-this-test' }] });
  expect(await ask(keyed, { host: 'status.acme.example', authorization: 'Bearer an-api-key-of-this-test' })).toBe(200);
});

test('with API keys, only their bearers are answered', async () => {
  const { url } = await start({ apiKeys: [{ key: 'first-key-of-this-test' }, { key: 'second-key-of-this-test' }] });
  const status = async (authorization?: string): Promise<number> =>
    (await fetch(`${url}/graphql?query={a}`, { headers: authorization === undefined ? {} : { authorization } })).status;
  expect(await status('Bearer first-key-of-this-test')).toBe(200);
  expect(await status('bearer second-key-of-this-test')).toBe(200);
  for (const wrong of [
    undefined,
    '',
    'Bearer',
    'Bearer first-key',
    'Basic first-key-of-this-test',
    'first-key-of-this-test',
  ])
    expect([wrong, await status(wrong)]).toEqual([wrong, 401]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

function door(): { seen: VendorRequest[]; receive: VendorDoor['receive'] } {
  const seen: VendorRequest[] = [];
  return {
    seen,
    receive: async (source, request) => {
      seen.push(request);
      if (source !== 'crm') throw new Error(`${source} is broken`);
      return { status: 200, message: 'Taken.' };
    },
  };
}

test('a vendor’s request comes through with the bytes and the path it was sent with, and needs no API key', async () => {
  const webhooks = door();
  const { url } = await start({ webhooks, apiKeys: [{ key: 'a-key-of-this-test-only' }] });
  const body = new Uint8Array([0xff, 0, 0x7b, 0x0d, 0x0a]);
  const answer = await fetch(`${url}/webhooks/crm?a=%3A%20b`, { method: 'POST', headers: { 'x-proof': '1' }, body });
  expect([answer.status, await answer.json()]).toEqual([200, { message: 'Taken.' }]);
  const [request] = webhooks.seen;
  expect([request?.method, request?.path, request?.headers.get('x-proof')]).toEqual([
    'POST',
    '/webhooks/crm?a=%3A%20b',
    '1',
  ]);
  expect([...(request?.body ?? [])]).toEqual([...body]);
});

test('a vendor’s request above 1 MB is refused unread, and so is any other method', async () => {
  const webhooks = door();
  const { url } = await start({ webhooks });
  const big = await fetch(`${url}/webhooks/crm`, { method: 'POST', body: 'x'.repeat(1_000_001) });
  const got = await fetch(`${url}/webhooks/crm`);
  expect([big.status, got.status, got.headers.get('allow')]).toEqual([413, 405, 'POST']);
  expect(webhooks.seen).toEqual([]);
  expect((await fetch(`${(await start()).url}/webhooks/crm`, { method: 'POST' })).status).toBe(404);
});

test('when a vendor’s request cannot be put on record it is told to come again, and its path is in no log', async () => {
  const lines: string[] = [];
  const logger = { ...silentLogger, error: (...said: unknown[]) => void lines.push(JSON.stringify(said)) };
  const { url } = await start({ webhooks: door(), logger });
  expect((await fetch(`${url}/webhooks/other/secret-path`, { method: 'POST' })).status).toBe(500);
  expect(lines.join()).toContain('/webhooks/other');
  expect(lines.join()).not.toContain('secret-path');
});

test('an address that others can reach wants an API key', async () => {
  const error = await refusal(start({ host: '0.0.0.0' }));
  expect(error.message).toBe('The address 0.0.0.0 can be reached from other machines, and no API key is set.');
  expect(error.remedy).toContain('PLUMBLINE_API_KEY');
  await start({ host: '0.0.0.0', apiKeys: [{ key: 'a-key-of-this-test-only' }] });
});

test('a port in use is one sentence that names it and the way out', async () => {
  const { port } = await start();
  const error = await refusal(start({ port }));
  expect(error.message).toBe(`Port ${port} on 127.0.0.1 is in use by another program.`);
  expect(error.remedy).toContain('--port');
});

test('closing lets a request in flight finish and takes no more', async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const server = await start({
    api: {
      fetch: async () => {
        arrived.resolve();
        await answer.promise;
        return Response.json({ late: true });
      },
    },
  });
  const inFlight = fetch(`${server.url}/graphql?query={a}`);
  await arrived.promise;
  const closed = server.close();
  await expect(connected(server.port)).rejects.toThrow('ECONNREFUSED');
  answer.resolve();
  expect(await (await inFlight).json()).toEqual({ late: true });
  await closed;
});

test('closing does not wait for ever for an answer that has no end', async () => {
  const server = await start({
    drainMs: 0,
    api: {
      fetch: () =>
        new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('x')) })),
    },
  });
  const endless = await fetch(`${server.url}/graphql?query={a}`);
  await server.close();
  await expect(endless.text()).rejects.toThrow('terminated');
});

test('an error inside the API is logged and says nothing to the outside', async () => {
  const logged: string[] = [];
  const { url } = await start({
    logger: { ...silentLogger, error: (details) => logged.push(JSON.stringify(details)) },
    api: { fetch: () => Promise.reject(new Error('password=hunter2')) },
  });
  const answer = await fetch(`${url}/graphql?query={a}`);
  expect([answer.status, await answer.json()]).toEqual([
    500,
    { errors: [{ message: 'The request failed; the log says why.' }] },
  ]);
  expect(logged.join()).toContain('hunter2');
});

async function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

test('the API is told who asks, without the key', async () => {
  const actors: string[] = [];
  const api: GraphQLApi = {
    fetch(_, actor) {
      actors.push(actor);
      return Response.json({});
    },
  };
  const local = await start({ api });
  await fetch(`${local.url}/graphql`, { method: 'POST', headers: json, body: query });
  const apiKeys = [{ key: '0123456789abcdef' }, { name: 'ada@x.com', key: 'fedcba9876543210' }];
  const guarded = await start({ api, apiKeys });
  for (const { key } of apiKeys)
    await fetch(`${guarded.url}/graphql`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${key}` },
      body: query,
    });
  expect(actors).toEqual(['local', 'key 9f9f5111', 'ada@x.com']);
});
