import { keepInMemory, manualClock, silentLogger, type ManualClock } from '@plumbline/connector';
import { createApi, installSources, openHub, openSecretStore, type Api, type Hub } from '@plumbline/hub';
import { hubspot } from '@plumbline/hubspot';
import { startHubSpotEmulator } from '@plumbline/hubspot/emulator';
import { jira } from '@plumbline/jira';
import { startJiraEmulator, type JiraEmulator } from '@plumbline/jira/emulator';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as toText } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer, type RunningServer } from '../../apps/server/src/index.ts';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { portal as smallPortal } from '../../plugins/hubspot/src/test-kit.ts';
import { issue, projects, smallSite } from '../../plugins/jira/test/site.ts';

const HOUR = 60 * 60_000;

let clock: ManualClock;
let vendor: JiraEmulator;
let database: TestDatabase;
let hub: Hub;
let api: Api;
let server: RunningServer;
let keeper: ReturnType<typeof keepInMemory>;

beforeEach(async () => {
  clock = manualClock('2026-06-15T12:00:00Z');
  const sprints = [
    { id: 41, name: 'Sprint 2', state: 'active', startDate: '2026-06-08T07:00:00.000Z', goal: 'Checkout works' },
  ] as const;
  vendor = await startJiraEmulator({
    clock,
    site: { ...smallSite(), boards: [{ id: 11, name: 'Delivery', type: 'scrum', projectId: '1', sprints }] },
  });
  vendor.load({ projects, issues: [issue(1), issue(2)] });
  const { clientId, clientSecret, consent } = vendor.oauth;
  keeper = keepInMemory(consent());
  database = await emptyDatabase({ durable: false });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [
      {
        id: 'jira',
        connector: jira,
        config: {
          site: 'https://acme.atlassian.net',
          oauth: { api: vendor.url, login: vendor.url },
          rateShare: 1,
        },
        secrets: { clientId, clientSecret, refreshToken: keeper.text },
        keeperOf: (member) => (member === 'refreshToken' ? keeper : null),
        everyMinutes: 600,
      },
    ],
  });
  api = createApi(hub);
  server = await startServer({
    api,
    webhooks: hub.webhooks,
    port: 0,
    host: '127.0.0.1',
    apiKeys: [{ key: 'a-key-that-no-vendor-has' }],
    logger: silentLogger,
  });
  hub.webhooks.callAt(server.url);
});

afterEach(async () => {
  await server.close();
  await hub.close();
  await database.drop();
  await vendor.close();
});

const titles = async (): Promise<unknown> =>
  (await api.query('{ workItems(orderBy: { field: TITLE }) { nodes { title } } }')).data;
const renew = (): Promise<void> => hub.webhooks.renew(new AbortController().signal);

test('an app registers its own webhooks, is told of a change at once, and shows nothing of the secret address', async () => {
  await hub.sync();
  await renew();
  vendor.updateIssue('1001', { summary: 'Work told of' });
  await vendor.deliveries.settled();
  expect(vendor.deliveries.sent.map(({ status }) => status)).toEqual([200]);
  await hub.look('jira');
  expect(await titles()).toEqual({ workItems: { nodes: [{ title: 'Work 2' }, { title: 'Work told of' }] } });
  const [event] = vendor.deliveries.sent;
  const secret = event?.url.split('/').at(-1) ?? 'nothing was sent';
  const state = await api.query(
    '{ sources { webhooks { address accepted refused subscriptions { subject expiresAt } problems } } }',
  );
  expect(state.data).toEqual({
    sources: [
      {
        webhooks: {
          address: `${server.url}/webhooks/jira`,
          accepted: 1,
          refused: 0,
          // Thirty days from when it was asked for: a few requests later, each in its turn.
          subscriptions: [
            {
              subject: 'Issues where project in ("ABC", "XYZ")',
              expiresAt: expect.stringMatching(/^2026-07-15T12:00:0[0-4]/),
            },
          ],
          problems: [],
        },
      },
    ],
  });
  expect(JSON.stringify([state, await hub.check()])).not.toContain(secret);
});

test('somebody who does not know the address is refused', async () => {
  await renew();
  vendor.deliveries.plan({ kind: 'forge' });
  vendor.updateIssue('1001', { summary: 'Not told of' });
  await vendor.deliveries.settled();
  expect(vendor.deliveries.sent.map(({ status }) => status)).toEqual([401]);
});

test('a hub that runs for days renews its tokens between and within runs, each refresh token spent once', async () => {
  await hub.sync();
  for (let hour = 0; hour < 72; hour += 6) {
    clock.advance(6 * HOUR);
    vendor.updateIssue('1001', { summary: `Work ${hour}` });
    const reports = await hub.sync();
    expect(reports.map(({ status }) => status)).toEqual(reports.map(() => 'SUCCEEDED'));
  }
  expect(vendor.oauth.exchanges).toBe(13);
  expect(vendor.requests.filter(({ status }) => status === 401)).toEqual([]);
});

test('an app that was removed fails its runs with one sentence each, and goes on when it is let in again', async () => {
  await hub.sync();
  vendor.oauth.revoke();
  const errors = (await hub.sync()).map(({ error }) => error);
  expect(new Set(errors).size).toBe(1);
  expect(errors[0]).toMatch(
    /^jira: 127\.0\.0\.1:\d+ no longer takes the refresh token \(invalid_grant\): .*Connect it again by `plumbline connect jira --id jira --replace`/,
  );
  // A person has stored another one, and nobody has started the hub again.
  await keeper.replace(async () => vendor.oauth.consent());
  expect(new Set((await hub.sync()).map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
});

/** What another process has for an access token of the same account; `refused` is one that the vendor no longer takes. */
async function tokenElsewhere(file: string, refused: string | null): Promise<string> {
  const module = (path: string): string => JSON.stringify(new URL(`../../packages/${path}`, import.meta.url).href);
  const { clientId, clientSecret } = vendor.oauth;
  const client = { tokenUrl: `${vendor.url}/oauth/token`, encoding: 'json', clientId, clientSecret, rotates: true };
  const script = `
    import { createAccessTokens, growingRedactor, systemClock } from ${module('connector/src/index.ts')};
    import { openSecretStore } from ${module('hub/src/sources/secret-store.ts')};
    const store = openSecretStore({ file: ${JSON.stringify(file)}, key: () => Buffer.alloc(32, 7) });
    const grant = { member: 'refreshToken', text: store.get('jira.refreshToken') };
    const tokens = createAccessTokens({
      source: 'jira', connector: 'jira', client: { ...${JSON.stringify(client)}, grant },
      keeper: store.keeper('jira.refreshToken'), clock: systemClock, ...growingRedactor([]),
    });
    const refused = ${JSON.stringify(refused)};
    process.stdout.write(await (refused === null ? tokens.current() : tokens.insteadOf(refused)));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return toText(child.stdout);
}

test('a hub that closes while tokens are asked for stops its runs at once, and keeps what comes', async () => {
  await hub.sync();
  const disk = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const { replace } = keeper;
  keeper.replace = (change, signal) =>
    replace(async (kept) => {
      const text = await change(kept);
      reached.resolve();
      await disk.promise;
      return text;
    }, signal);
  vendor.oauth.expire();
  const running = hub.sync();
  await reached.promise;
  const access = hub.sources[0]?.access;
  if (!access) throw new Error('the source is no app');
  const { close } = access;
  access.close = () => {
    // By now nothing runs any more.
    disk.resolve();
    return close();
  };
  const closing = hub.close();
  expect((await running)[0]?.status).toBe('INTERRUPTED');
  await closing;
  // A database is closed once.
  hub.close = async () => undefined;
  expect(keeper.text).toContain(vendor.oauth.latest.refresh_token);
});

test('a portal whose secrets are on a disk that is read only is opened all the same: its grant stays good', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-read-only-'));
  const portal = await startHubSpotEmulator({ portal: smallPortal, clock });
  try {
    const store = openSecretStore({ file: join(folder, 'secrets.json'), key: () => Buffer.alloc(32, 7) });
    const { clientId, clientSecret, consent } = portal.oauth;
    const refreshToken = consent();
    store.set({ 'hubspot.refreshToken': refreshToken });
    // No lock can be made where a folder stands, whoever the test runs as.
    await mkdir(join(folder, 'secrets.json.hubspot.refreshToken.lock'));
    const [source] = installSources(
      [
        {
          id: 'hubspot',
          connector: hubspot,
          config: { address: portal.url },
          secrets: { clientId, clientSecret, refreshToken },
          keeperOf: () => store.keeper('hubspot.refreshToken'),
        },
      ],
      clock,
    );
    expect(portal.oauth.lets(`Bearer ${await source?.access?.current()}`)).toBe(true);
    clock.advance(HOUR);
    expect(portal.oauth.lets(`Bearer ${await source?.access?.current()}`)).toBe(true);
    expect(store.get('hubspot.refreshToken')).toBe(refreshToken);
  } finally {
    await portal.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('processes that want a token at the same time get the same one, and spend one refresh token', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-tokens-'));
  const file = join(folder, 'secrets.json');
  clock.set(Temporal.Now.instant());
  try {
    openSecretStore({ file, key: () => Buffer.alloc(32, 7) }).set({ 'jira.refreshToken': vendor.oauth.consent() });
    const all = (refused: string | null): Promise<string[]> =>
      Promise.all(Array.from({ length: 3 }, () => tokenElsewhere(file, refused)));
    const first = await all(null);
    expect([new Set(first).size, vendor.oauth.exchanges]).toEqual([1, 1]);
    const [refused = ''] = first;
    vendor.oauth.expire();
    const second = await all(refused);
    expect([new Set(second).size, vendor.oauth.exchanges]).toEqual([1, 2]);
    expect(second).not.toContain(refused);
    expect(vendor.oauth.lets(`Bearer ${second[0]}`)).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a project shows Jira’s key, link, boards and sprints', async () => {
  await hub.sync();
  const { data } = await api.query(`{
    projects(orderBy: { field: NAME }) {
      nodes { jira { key url boards { id name type } sprints { name state start end goal board } } }
    }
  }`);
  expect(data).toEqual({
    projects: {
      nodes: [
        {
          jira: [
            {
              key: 'ABC',
              url: 'https://acme.atlassian.net/browse/ABC',
              boards: [{ id: '11', name: 'Delivery', type: 'scrum' }],
              sprints: [
                {
                  name: 'Sprint 2',
                  state: 'active',
                  start: '2026-06-08T07:00:00Z',
                  end: null,
                  goal: 'Checkout works',
                  board: '11',
                },
              ],
            },
          ],
        },
        { jira: [{ key: 'XYZ', url: 'https://acme.atlassian.net/browse/XYZ', boards: [], sprints: [] }] },
      ],
    },
  });
});
