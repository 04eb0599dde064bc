import { silentLogger } from '@plumbline/connector';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { ClientDoor } from './client-status.ts';
import { startServer, type RunningServer } from './server.ts';

const open: RunningServer[] = [];
const seen: { token: string | null; body?: string }[] = [];

/** Knows one token. */
const door: ClientDoor = {
  async fetch(request, token) {
    seen.push({ token, body: await request.text() });
    return Response.json({ data: {} }, { headers: { 'access-control-allow-origin': '*' } });
  },
  async page(token) {
    seen.push({ token });
    const status = token === null || token === 'good-token' ? 200 : token === 'busy-token' ? 429 : 401;
    return { status, html: `<p>${token === 'good-token' ? 'Status' : 'Form'}</p>`, policy: "default-src 'none'" };
  },
};

async function start(clientStatus: ClientDoor | null = door): Promise<RunningServer> {
  const server = await startServer({
    api: { fetch: async () => Response.json({ inside: true }) },
    ...(clientStatus ? { clientStatus } : {}),
    port: 0,
    host: '127.0.0.1',
    apiKeys: [{ key: 'an-api-key-of-this-test' }],
    allowedHosts: ['status.example'],
    logger: silentLogger,
  });
  open.push(server);
  return server;
}

afterEach(async () => {
  seen.length = 0;
  await Promise.all(open.splice(0).map((server) => server.close()));
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** `fetch` lets neither a Host nor a Sec-Fetch-Site header through. */
async function ask(
  server: RunningServer,
  {
    path = '/client/status',
    method = 'GET',
    headers = {},
    body,
  }: { path?: string; method?: string; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port: server.port, host: '127.0.0.1', path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

test('a token that is given becomes a cookie no script and no other site gets, and never an address', async () => {
  const server = await start();
  const given = await ask(server, {
    method: 'POST',
    headers: { ...form, host: 'status.example', 'sec-fetch-site': 'same-origin' },
    body: 'token=+good-token%20',
  });
  expect([given.status, given.headers.location]).toEqual([303, '/client/status']);
  expect(given.headers['set-cookie']).toEqual([
    'plumbline-client=good-token; Path=/client; HttpOnly; Secure; SameSite=Strict',
  ]);
  const page = await ask(server, { headers: { cookie: 'plumbline-client=good-token' } });
  expect([page.status, page.text]).toEqual([200, '<p>Status</p>']);
  const left = await ask(server, { method: 'POST', headers: form, body: 'leave=yes' });
  expect([left.status, left.headers['set-cookie']]).toEqual([303, ['plumbline-client=; Max-Age=0; Path=/client']]);
});

test('on loopback, which nobody listens to, the cookie does without a secure connection', async () => {
  const given = await ask(await start(), { method: 'POST', headers: form, body: 'token=good-token' });
  expect(given.headers['set-cookie']).toEqual(['plumbline-client=good-token; Path=/client; HttpOnly; SameSite=Strict']);
});

test('behind a proxy that puts its own name for this server into Host, the cookie wants a secure connection', async () => {
  const given = await ask(await start(), {
    method: 'POST',
    headers: { ...form, origin: 'https://status.example', 'sec-fetch-site': 'same-origin' },
    body: 'token=good-token',
  });
  expect(given.headers['set-cookie']).toEqual([
    'plumbline-client=good-token; Path=/client; HttpOnly; Secure; SameSite=Strict',
  ]);
});

test('a token that does not work sets no cookie and shows the form again', async () => {
  const server = await start();
  const wrong = await ask(server, { method: 'POST', headers: form, body: 'token=bad-token' });
  expect([wrong.status, wrong.text, wrong.headers['set-cookie']]).toEqual([401, '<p>Form</p>', undefined]);
  const busy = await ask(server, { method: 'POST', headers: form, body: 'token=busy-token' });
  expect([busy.status, busy.headers['retry-after']]).toEqual([429, '5']);
  expect((await ask(server, { headers: { cookie: 'plumbline-client=bad-token' } })).status).toBe(401);
  expect((await ask(server, {})).text).toBe('<p>Form</p>');
});

test('another site cannot have a browser give a token', async () => {
  const server = await start();
  const from = (headers: Record<string, string>) =>
    ask(server, { method: 'POST', headers: { ...form, ...headers }, body: 'token=good-token' });
  expect((await from({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await from({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await from({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await from({ origin: 'null' })).status).toBe(403);
  expect((await from({ origin: `http://127.0.0.1:${server.port}` })).status).toBe(303);
  expect((await from({ origin: 'http://status.example', host: 'status.example' })).status).toBe(303);
});

test('nothing of it is kept, framed or named to another site by a browser', async () => {
  const { headers } = await ask(await start(), {});
  expect(headers['cache-control']).toBe('no-store');
  // Not "no-referrer", under which the page's own form would come from the origin "null", and be refused.
  expect(headers['referrer-policy']).toBe('same-origin');
  expect(headers['content-security-policy']).toBe("default-src 'none'");
  expect(headers['x-frame-options']).toBe('DENY');
  expect(headers['x-robots-tag']).toBe('noindex');
});

test('data wants the token in a header, JSON, and little of it; an API key opens nothing here, nor a token the API', async () => {
  const server = await start();
  const json = { 'content-type': 'application/json' };
  const query = async (headers: Record<string, string>, body = '{"query":"{ __typename }"}') =>
    ask(server, { path: '/client/graphql', method: 'POST', headers, body });
  const good = { ...json, authorization: 'Bearer good-token', origin: 'https://evil.example' };
  const answer = await query(good);
  expect([answer.status, answer.headers['access-control-allow-origin'], answer.headers['cache-control']]).toEqual([
    200,
    undefined,
    'no-store',
  ]);
  expect(seen).toEqual([{ token: 'good-token', body: '{"query":"{ __typename }"}' }]);
  expect((await query({ ...json, cookie: 'plumbline-client=good-token' })).status).toBe(401);
  expect((await query({ authorization: 'Bearer good-token' })).status).toBe(415);
  expect((await query(good, 'x'.repeat(20_001))).status).toBe(413);
  expect((await ask(server, { path: '/client/graphql?query={a}', headers: good })).status).toBe(405);
  expect(seen).toHaveLength(1);
  expect((await ask(server, { method: 'PUT' })).headers.allow).toBe('GET, POST');
  expect((await ask(server, { method: 'POST', headers: form, body: 'x'.repeat(2_001) })).status).toBe(413);
  const inside = await ask(server, { path: '/graphql?query={a}', headers: { authorization: 'Bearer good-token' } });
  expect(inside.status).toBe(401);
});

test('where clients are shown nothing there is no such path', async () => {
  const server = await start(null);
  expect((await ask(server, {})).status).toBe(404);
  expect((await ask(server, { path: '/client/graphql', method: 'POST' })).status).toBe(404);
});
