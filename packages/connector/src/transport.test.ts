import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diagnoseHttp, readJson } from './answer.ts';
import { createBudget } from './budget.ts';
import { manualClock, type ManualClock } from './clock.ts';
import { silentLogger } from './logger.ts';
import { redactor } from './redact.ts';
import { createTransport, type Transport } from './transport.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let clock: ManualClock;
let answers: Handler[];
let seen: string[];

beforeEach(async () => {
  clock = manualClock('2026-03-01T00:00:00Z');
  answers = [];
  seen = [];
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    (answers.shift() ?? ((_, last) => last.end('{"ok":true}')))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

function transport(secrets: string[] = [], limits = {}): Transport {
  return createTransport({
    source: 'acme',
    budget: createBudget(limits, clock),
    diagnose: (answer) => diagnoseHttp('acme', answer),
    clock,
    logger: silentLogger,
    redact: redactor(secrets),
    random: () => 0.5,
  });
}

const status =
  (code: number, headers: Record<string, string> = {}, body = 'no'): Handler =>
  (_, response) =>
    response.writeHead(code, headers).end(body);

const read = { endpointClass: 'read', idempotent: true };
const write = { endpointClass: 'write', idempotent: false };

test('what may pass is tried again with growing pauses, and what the vendor asks for is kept', async () => {
  answers = [status(503), status(502), status(503, { 'retry-after': '20' })];
  const client = transport();
  expect(await readJson(await client.fetch(url, {}, read), 'acme')).toEqual({ ok: true });
  expect(clock.slept).toEqual([1000, 2000, 20000]);
  expect(client.stats).toMatchObject({ requests: 4, retries: 3 });
});

test('what was received is counted in bytes, also of answers that failed', async () => {
  const text = '{"name":"Süßwerk 東京"}';
  answers = [status(503, {}, 'später'), (_, response) => response.end(text)];
  const client = transport();
  await client.fetch(url, {}, read);
  expect(client.stats.bytes).toBe(Buffer.byteLength('später') + Buffer.byteLength(text));
});

test('a write that may have arrived is not sent twice, one that was refused for its rate is', async () => {
  answers = [status(502)];
  await expect(transport().fetch(url, { method: 'POST' }, write)).rejects.toMatchObject({ code: 'VENDOR_ERROR' });
  expect(seen).toHaveLength(1);
  answers = [status(429, { 'retry-after': '3' })];
  await transport().fetch(url, { method: 'POST' }, write);
  expect(seen).toHaveLength(3);
});

test('a 429 pauses its endpoint class for everybody and leaves the others alone', async () => {
  const client = transport();
  answers = [status(429, { 'retry-after': '30' })];
  await client.fetch(url, {}, read);
  expect(clock.now().toString()).toBe('2026-03-01T00:00:30Z');
  await client.fetch(url, {}, { ...read, endpointClass: 'other' });
  expect(clock.now().toString()).toBe('2026-03-01T00:00:30Z');
});

test('a vendor that asks for hours gets them: the call fails with a sentence and the run goes on later', async () => {
  answers = [status(477, { 'retry-after': '7200' })];
  await expect(transport().fetch(url, {}, read)).rejects.toMatchObject({
    message: expect.stringContaining('asks to wait 120 minutes'),
    remedy: expect.stringContaining('saved cursor'),
  });
  expect(clock.slept).toEqual([]);
});

test('what a vendor refuses for long is not asked for meanwhile, but once an hour, and the rest is', async () => {
  const client = transport();
  answers = [status(429, { 'retry-after': '7200' })];
  await expect(client.fetch(url, {}, read)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  clock.advance(44 * 60_000);
  await expect(client.fetch(url, {}, read)).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    retryable: false,
    message: expect.stringContaining('16 minutes of it are left'),
  });
  expect(seen).toHaveLength(1);
  await client.fetch(url, {}, { ...read, endpointClass: 'other' });
  clock.advance(2 * 60_000);
  await client.fetch(url, {}, read);
  expect(seen).toHaveLength(3);
  expect(clock.slept).toEqual([14 * 60_000]);
});

test('whoever is asked to wait for long adds half a minute of chance at most', async () => {
  answers = [status(429, { 'retry-after': '600' })];
  const client = createTransport({
    source: 'acme',
    budget: createBudget({}, clock),
    diagnose: (answer) => diagnoseHttp('acme', answer),
    clock,
    logger: silentLogger,
    redact: redactor([]),
    random: () => 1,
  });
  await client.fetch(url, {}, read);
  expect(clock.slept).toEqual([630_000]);
});

test('a cut connection is an error of ours with the host in it, and tried again', async () => {
  answers = [(request) => request.socket.destroy()];
  expect((await transport().fetch(url, {}, read)).status).toBe(200);
  answers = Array.from({ length: 6 }, (): Handler => (request) => request.socket.destroy());
  await expect(transport().fetch(url, {}, read)).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('127.0.0.1'),
  });
});

test('a body that ends early is not taken for an answer', async () => {
  const cut: Handler = (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"half":', () => response.destroy());
  };
  answers = [cut];
  expect(await readJson(await transport().fetch(url, {}, read), 'acme')).toEqual({ ok: true });
});

test('a socket that hangs is left when the time of the call is up, and the call is made again', async () => {
  const hangs = Promise.withResolvers<void>();
  answers = [() => hangs.resolve()];
  const answer = transport().fetch(url, {}, { ...read, timeoutMs: 5_000 });
  await hangs.promise;
  clock.advance(4_999);
  expect(seen).toHaveLength(1);
  clock.advance(1);
  expect((await answer).status).toBe(200);
  expect(seen).toHaveLength(2);
});

test('a page of HTML with status 200 is named as such', async () => {
  answers = [status(200, {}, '<!doctype html><title>Log in</title>')];
  await expect(readJson(await transport().fetch(url, {}, read), 'acme')).rejects.toMatchObject({
    code: 'BAD_RESPONSE',
    message: expect.stringContaining('<!doctype html>'),
  });
});

test('rejected credentials end at once and say what to do', async () => {
  answers = [status(401)];
  await expect(transport().fetch(url, {}, read)).rejects.toMatchObject({
    code: 'CREDENTIALS_REJECTED',
    remedy: expect.stringContaining('doctor'),
  });
  expect(seen).toHaveLength(1);
});

test('no secret leaves in a message, however it is spelt', () => {
  const redact = redactor(['s3cret/token+1']);
  const text = `s3cret/token+1 ${encodeURIComponent('s3cret/token+1')} ${Buffer.from('s3cret/token+1').toString('base64')} Authorization: Basic YWRhOnNlY3JldHNlY3JldA==`;
  expect(redact(text)).toBe('••• ••• ••• Authorization: Basic •••');
});

test('a vendor that repeats a secret over several lines has it masked before its answer is cut short', async () => {
  const key = `-----BEGIN KEY-----\n${'a1B2'.repeat(30)}\n${'c3D4'.repeat(30)}\n-----END KEY-----`;
  answers = [status(403, {}, JSON.stringify({ message: `${key} may not` }))];
  const error = await transport([key])
    .fetch(url, {}, read)
    .catch((thrown: unknown) => thrown);
  expect(String(error)).toContain('{"message":"••• may not"}');
});

test('what was sent to prove who asks is masked in what is repeated, though nobody knew of it before', async () => {
  const token = `eyJ${'a1B2'.repeat(40)}.signed`;
  const asked = { headers: { authorization: `Bearer ${token}` } };
  answers = [status(403, {}, JSON.stringify({ message: `${token} may not` })), status(200, {}, `who is ${token}?`)];
  await expect(transport().fetch(url, asked, read)).rejects.toMatchObject({
    message: expect.stringContaining('{"message":"••• may not"}'),
  });
  await expect(readJson(await transport().fetch(url, asked, read), 'acme')).rejects.toMatchObject({
    message: 'acme: expected JSON, got "who is •••?".',
  });
});

test('data is left as it is, whatever it holds', async () => {
  answers = [status(200, {}, '{"note":"s3cret"}')];
  expect(await readJson(await transport(['s3cret']).fetch(url, {}, read), 'acme')).toEqual({ note: 's3cret' });
});

test('a budget spaces calls as the vendor allows and serves them in order', async () => {
  const budget = createBudget({ search: { calls: 2, perMs: 1000 }, account: { calls: 100, perMs: 1000 } }, clock);
  const times: number[] = [];
  for (let call = 0; call < 6; call += 1) {
    await budget.take('search');
    times.push(clock.now().epochMilliseconds - Temporal.Instant.from('2026-03-01T00:00:00Z').epochMilliseconds);
  }
  expect(times).toEqual([0, 0, 500, 1000, 1500, 2000]);
});
