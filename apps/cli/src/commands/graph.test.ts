import { manualClock, silentLogger } from '@plumbline/connector';
import { createApi, type Hub } from '@plumbline/hub';
import { startServer, type RunningServer } from '@plumbline/server';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../../../packages/hub/test/database.ts';
import { openOffice } from '../../../../packages/hub/test/office.ts';
import { asked } from './asked.ts';
import { runningGraph } from './graph.ts';

const key = 'the-key-of-this-test';

let database: TestDatabase;
let hub: Hub;
let server: RunningServer;
let url: string;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  ({ hub } = await openOffice({ database, clock: manualClock('2026-03-06T10:00:00Z') }));
  server = await startServer({
    api: createApi(hub),
    port: 0,
    host: '127.0.0.1',
    apiKeys: [{ name: 'ada', key }],
    logger: silentLogger,
  });
  url = `http://127.0.0.1:${server.port}`;
});
afterAll(async () => {
  await server.close();
  await hub.close();
  await database.drop();
});

test('a hub that runs is asked as one in this process is', async () => {
  const document = 'query ($first: Int!) { projects(first: $first) { totalCount nodes { id name } } }';
  const here = await asked(createApi(hub), document, { first: 2 });
  expect(await asked(runningGraph(url, key), document, { first: 2 })).toEqual(here);
  expect(here).toMatchObject({ projects: { nodes: [{ name: expect.stringMatching(/\w/) }] } });
});

test('what it complains of is told in the same words', async () => {
  const document = '{ reviewPack(scope: { team: "Nobody" }, currency: "EUR") { asOf } }';
  const here = await asked(createApi(hub), document, {}).catch((error: unknown) => error);
  const there = await asked(runningGraph(url, key), document, {}).catch((error: unknown) => error);
  const wordsOf = ({ code, message, remedy }: Record<string, unknown>): unknown[] => [code, message, remedy];
  expect(wordsOf(there as never)).toEqual(wordsOf(here as never));
  expect(there).toMatchObject({ code: 'BAD_INPUT', remedy: expect.stringMatching(/\w/) });
});

test('a key that it does not know, or none, is told with what to set', async () => {
  for (const wrong of ['another-key-entirely', undefined])
    await expect(asked(runningGraph(url, wrong), '{ __typename }', {})).rejects.toMatchObject({
      code: 'CREDENTIALS_REJECTED',
      remedy: 'Set PLUMBLINE_API_KEY here to one of its keys.',
    });
});

test('what is no hub is told so, whether it answers or not', async () => {
  const other = createServer((_, response) => response.end('<html>Hello</html>')).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const ask = () => asked(runningGraph(address, key), '{ __typename }', {});
  await expect(ask()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: `No hub answers at ${address}: what is there answers 200, and not as a hub.`,
  });
  await new Promise((resolve) => other.close(resolve));
  await expect(ask()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: `No hub answers at ${address}: nothing answers there.`,
  });
});

test('a key travels in plain text on this machine only', () => {
  expect(() => runningGraph('http://hub.acme.example', key)).toThrow('The key of the API would travel');
  for (const bad of ['somewhere', 'ftp://127.0.0.1'])
    expect(() => runningGraph(bad, undefined)).toThrow(`"${bad}" is no address of a hub`);
  for (const good of ['https://hub.acme.example', 'http://localhost:4000', 'http://[::1]:4000'])
    expect(() => runningGraph(good, key)).not.toThrow();
});
