import { systemClock } from '@plumbline/connector';
import { afterEach, expect, test } from 'vitest';
import { startEmulator, type Emulator } from './emulator.ts';

let emulator: Emulator | undefined;
afterEach(() => emulator?.close());

async function start(): Promise<Emulator> {
  emulator = await startEmulator({
    name: 'test',
    clock: systemClock,
    routes: (app) => app.get('/things', (context) => context.json([1])),
  });
  return emulator;
}

test('routes answer and requests are remembered with their status', async () => {
  const { url, requests } = await start();
  expect(await (await fetch(`${url}/things?a=1`)).json()).toEqual([1]);
  await fetch(`${url}/nothing`);
  expect(requests.map(({ path, query, status }) => [path, query, status])).toEqual([
    ['/things', '?a=1', 200],
    ['/nothing', '', 404],
  ]);
});

test('a fault hits as often as it says and then the route answers again', async () => {
  const { url } = await start();
  const fault = {
    kind: 'answer',
    path: '^/things',
    times: 2,
    after: 1,
    status: 429,
    headers: { 'retry-after': '7' },
    body: { a: 1 },
  };
  expect((await fetch(`${url}/__control/faults`, { method: 'POST', body: JSON.stringify(fault) })).status).toBe(201);
  const statuses = [];
  for (let call = 0; call < 4; call += 1) statuses.push((await fetch(`${url}/things`)).status);
  expect(statuses).toEqual([200, 429, 429, 200]);
});

test('a cut body, a reset connection and a hanging one look like that to the caller', async () => {
  const { url, faults } = await start();
  faults.add({ kind: 'truncate', times: 1 });
  await expect(fetch(`${url}/things`).then((response) => response.text())).rejects.toThrow();
  faults.add({ kind: 'reset', times: 1 });
  await expect(fetch(`${url}/things`)).rejects.toThrow('fetch failed');
  faults.add({ kind: 'hang', times: 1 });
  await expect(fetch(`${url}/things`, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
  expect((await fetch(`${url}/things`)).status).toBe(200);
});

test('a fault that hits every second request says when it does, and how often it did', async () => {
  const { url, faults } = await start();
  faults.add({ kind: 'answer', status: 503, after: 1, every: 2, times: 2 });
  const hit = faults.hit();
  const statuses = [];
  for (let call = 0; call < 6; call += 1) statuses.push((await fetch(`${url}/things`)).status);
  expect(statuses).toEqual([200, 503, 200, 503, 200, 200]);
  expect(await hit).toMatchObject({ status: 503 });
  expect(faults.hits).toBe(2);
});
