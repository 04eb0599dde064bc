import { systemClock } from '@plumbline/connector';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startContractProxy, type ContractProxy } from './contract-proxy.ts';
import { startEmulator, type Emulator } from './emulator.ts';

const thing = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string' },
    size: { type: 'string', enum: ['S', 'L'] },
    // A thing has parts, which are things: contracts of real vendors go round in circles too.
    parts: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
  },
};
const page = {
  type: 'object',
  properties: { results: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } },
};
const json = (schema: object) => ({ 'application/json': { schema } });
const document = {
  openapi: '3.0.3',
  info: { title: 'Things', version: '1' },
  paths: {
    '/things': {
      get: {
        operationId: 'list',
        parameters: [
          { name: 'tag', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'limit', in: 'query', schema: { type: 'integer' } },
        ],
        responses: { 200: { description: 'OK', content: json(page) } },
      },
      post: {
        operationId: 'create',
        requestBody: {
          required: true,
          content: json({ type: 'object', required: ['name'], properties: { name: { type: 'string' } } }),
        },
        responses: { 201: { description: 'Created', content: json({ $ref: '#/components/schemas/Thing' }) } },
      },
    },
    '/things/{id}:drop': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      post: { operationId: 'drop', responses: { 204: { description: 'Gone' } } },
    },
  },
  components: { schemas: { Thing: thing } },
};

let folder: string;
let emulator: Emulator;
let proxy: ContractProxy;
let listed: unknown = { results: [{ id: '1', parts: [{ id: '2' }] }] };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-contract-'));
  await writeFile(join(folder, 'things.json'), JSON.stringify(document));
  listed = { results: [{ id: '1', parts: [{ id: '2' }] }] };
  emulator = await startEmulator({
    name: 'things',
    clock: systemClock,
    routes: (app) => {
      app.get('/things', (context) => context.json(listed as object, 200, { 'x-left': '7' }));
      app.post('/things', (context) => context.json({ id: '3' }, 201));
      app.post('/things/:name', (context) => context.body(null, 204));
    },
  });
  proxy = await startContractProxy({ document: join(folder, 'things.json'), target: emulator.url });
});
afterEach(async () => {
  await proxy.close();
  await emulator.close();
  await rm(folder, { recursive: true });
});

test('what keeps the contract passes through unchanged and leaves no violation', async () => {
  const list = await fetch(`${proxy.url}/things?tag=a&limit=5`);
  expect([list.status, list.headers.get('x-left'), await list.json()]).toEqual([200, '7', listed]);
  expect((await fetch(`${proxy.url}/things?tag=a&tag=b`)).status).toBe(200);
  const made = await fetch(`${proxy.url}/things`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Ü"}',
  });
  expect([made.status, await made.json()]).toEqual([201, { id: '3' }]);
  expect((await fetch(`${proxy.url}/things/3:drop`, { method: 'POST' })).status).toBe(204);
  expect(proxy.violations).toEqual([]);
});

test('a wrong answer is one sentence with the place and the reason, however deep', async () => {
  listed = { results: [{ id: 1 }, { id: '2', size: 'M' }, { id: '3', parts: [{}] }] };
  await fetch(`${proxy.url}/things`);
  expect(proxy.violations).toEqual([
    'GET /things answers 200: body/results/0/id must be string',
    'GET /things answers 200: body/results/1/size must be equal to one of the allowed values (["S","L"])',
    "GET /things answers 200: body/results/2/parts/0 must have required property 'id'",
  ]);
});

test('a wrong request is a violation of the client', async () => {
  await fetch(`${proxy.url}/things?limit=many&colour=red`);
  await fetch(`${proxy.url}/things`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  expect(proxy.violations).toEqual([
    'GET /things asks: query must NOT have additional properties (colour)',
    'GET /things asks: query/limit must be integer',
    "POST /things asks: body must have required property 'name'",
  ]);
});

test('an operation, a status or a content type that the contract lacks is a violation', async () => {
  await fetch(`${proxy.url}/nothing`);
  emulator.faults.add({ kind: 'answer', times: 1, status: 206 });
  await fetch(`${proxy.url}/things`);
  emulator.faults.add({ kind: 'html', times: 1 });
  await fetch(`${proxy.url}/things`);
  expect(proxy.violations).toEqual([
    'GET /nothing: the contract has no such operation',
    'GET /things answers 206: the contract does not list this status',
    'GET /things answers 200: the content type is "text/html", the contract wants application/json',
  ]);
});

test('an error that the contract does not list and a broken connection are passed on, not judged', async () => {
  emulator.faults.add({ kind: 'answer', times: 1, status: 429, headers: { 'retry-after': '7' } });
  const limited = await fetch(`${proxy.url}/things`);
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  emulator.faults.add({ kind: 'truncate', times: 1 });
  await expect(fetch(`${proxy.url}/things`)).rejects.toThrow('fetch failed');
  expect((await fetch(`${proxy.url}/__control/requests`)).status).toBe(200);
  expect(proxy.violations).toEqual([]);
});

test('the documents of the vendors compile, where this machine has them', async ({ skip }) => {
  const shared = join(import.meta.dirname, '../../../../shared/contracts');
  if (!existsSync(shared)) return skip(`${shared} is not there: the vendors' own documents were not tried`);
  const sample = JSON.parse(await readFile(join(shared, 'samples/jira-myself.json'), 'utf8')) as {
    response: { body: object };
  };
  emulator.faults.add({ kind: 'answer', path: 'myself', body: sample.response.body, status: 200 });
  for (const vendor of ['jira', 'hubspot', 'google']) {
    const other = await startContractProxy({
      document: join(shared, 'checker', `${vendor}.openapi.json`),
      target: emulator.url,
    });
    await fetch(`${other.url}/rest/api/3/myself`);
    expect(other.violations).toHaveLength(vendor === 'jira' ? 0 : 1);
    await other.close();
  }
});
