import {
  createAccessTokens,
  growingRedactor,
  HubError,
  keepInMemory,
  writeGrant,
  type AccessTokens,
  type SecretKeeper,
} from '@plumbline/connector';
import { afterEach, expect, test, vi } from 'vitest';
import { jira } from '../src/index.ts';
import { startHub, type Hub } from './harness.ts';
import { issue, projects } from './site.ts';

let hub: Hub;
afterEach(() => hub?.close());

const HOUR = 60 * 60_000;

/** Requests of the token endpoint so far. */
const asked = (): number => hub.emulator.requests.filter(({ path }) => path === '/oauth/token').length;

async function refusal(reading: Promise<unknown>): Promise<HubError> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('an app reads a site at Atlassian’s address for apps, and its links lead to the site', async () => {
  hub = await startHub({ oauth: keepInMemory });
  hub.emulator.load({ projects, issues: [issue(1)] });
  const [project] = await hub.records('projects');
  expect(project?.fields).toMatchObject({ name: 'Alphabet', url: 'https://acme.atlassian.net/browse/ABC' });
  expect((await hub.poll('issues')).records).toHaveLength(1);
  const paths = hub.emulator.requests.map(({ path }) => path);
  expect(paths.slice(0, 2)).toEqual(['/oauth/token', '/oauth/token/accessible-resources']);
  expect(paths.slice(2).every((path) => /^\/ex\/jira\/[\w-]{36}\/rest\//.test(path))).toBe(true);
  expect((await hub.connector.check(hub.context)).filter(({ ok }) => !ok)).toEqual([]);
});

test('a token that ends in the middle of a read is replaced by the next one, which is kept before it is used', async () => {
  const kept: { text: string; asked: number }[] = [];
  hub = await startHub({
    emulator: { searchPageCap: 5 },
    oauth(refreshToken) {
      const memory = keepInMemory(refreshToken);
      return {
        async replace(change) {
          const text = await memory.replace(change);
          kept.push({ text, asked: hub.emulator.requests.length });
          return text;
        },
      };
    },
  });
  hub.emulator.load({ projects, issues: Array.from({ length: 20 }, (_, index) => issue(index + 1)) });
  const read: string[] = [];
  for await (const page of hub.pages('issues')) {
    read.push(...page.records.map(({ id }) => id));
    hub.clock.advance(HOUR);
  }
  expect(new Set(read).size).toBe(20);
  expect(kept.length).toBeGreaterThan(3);
  expect(hub.emulator.oauth.exchanges).toBe(kept.length);
  // The request right after one of the token endpoint came when the new refresh token was kept already.
  const { requests } = hub.emulator;
  expect(kept.map(({ asked: count }) => requests[count - 1]?.path)).toEqual(kept.map(() => '/oauth/token'));
  expect(new Set(kept.map(({ text }) => (JSON.parse(text) as { refreshToken: string }).refreshToken)).size).toBe(
    kept.length,
  );
  expect(requests.filter(({ status }) => status === 401)).toEqual([]);
});

test('a token that Jira refuses before its time is replaced once, and what was asked is asked again', async () => {
  hub = await startHub({ oauth: keepInMemory });
  hub.emulator.load({ projects });
  await hub.poll('projects');
  hub.emulator.oauth.expire();
  expect((await hub.poll('projects')).records).toHaveLength(2);
  expect(asked()).toBe(2);
  expect(hub.emulator.requests.filter(({ status }) => status === 401)).toHaveLength(1);
});

test('however many want a token at once, one asks for it', async () => {
  hub = await startHub({ oauth: keepInMemory });
  hub.emulator.load({ projects, issues: [issue(1)] });
  const readAll = () =>
    Promise.all(['users', 'projects', 'versions', 'issues', 'worklogs'].map((name) => hub.poll(name)));
  await readAll();
  expect(asked()).toBe(1);
  hub.clock.advance(HOUR);
  await readAll();
  expect(asked()).toBe(2);
  hub.emulator.oauth.expire();
  await readAll();
  expect(asked()).toBe(3);
});

test('two processes over one store spend each refresh token once, and share what it gave', async () => {
  let store: SecretKeeper | undefined;
  hub = await startHub({ oauth: (refreshToken) => (store = keepInMemory(refreshToken)) });
  hub.emulator.load({ projects });
  const here = hub;
  const kept = store;
  if (!kept) throw new Error('nothing is kept');
  const there = await startHub({
    oauth: () => kept,
    config: { oauth: { api: here.emulator.url, login: here.emulator.url } },
  });
  const both = () => Promise.all([here.poll('projects'), there.poll('projects')]);
  try {
    for (let round = 0; round < 3; round += 1) {
      expect((await both()).map(({ records }) => records.length)).toEqual([2, 2]);
      here.clock.advance(HOUR);
      there.clock.advance(HOUR);
    }
    expect(asked()).toBe(3);
  } finally {
    await there.close();
  }
});

test('a refresh token that was revoked is one sentence that says to connect again, without any token in it', async () => {
  hub = await startHub({ oauth: keepInMemory });
  hub.emulator.load({ projects });
  await hub.poll('projects');
  hub.emulator.oauth.revoke();
  const { code, message, remedy } = await refusal(hub.poll('projects'));
  expect(code).toBe('CREDENTIALS_REJECTED');
  expect(message).toMatch(
    /^jira-acme: 127\.0\.0\.1:\d+ no longer takes the refresh token \(invalid_grant\): it was revoked, has expired, or was used elsewhere\.$/,
  );
  expect(remedy).toContain('Connect it again by `plumbline connect jira --id jira-acme --replace`');
  const [credentials, ...others] = await hub.connector.check(hub.context);
  expect(others).toEqual([]);
  expect(credentials).toMatchObject({ subject: 'credentials', ok: false, remedy });
});

/** Tokens as another process of the same account would ask for them. */
function tokensOf(keeper: SecretKeeper, secrets: object = {}): AccessTokens {
  const { config, secrets: own } = hub.connector;
  const client = jira.install({ id: 'jira-acme', config, secrets: { ...(own as object), ...secrets } }).oauth;
  if (!client) throw new Error('the connector is no app');
  return createAccessTokens({
    source: 'jira-acme',
    connector: 'jira',
    client,
    keeper,
    clock: hub.clock,
    ...growingRedactor([]),
  });
}

const grantOf = (): string => (hub.connector.secrets as { refreshToken: string }).refreshToken;

test('a wrong client secret is told as that, and not shown', async () => {
  hub = await startHub({ oauth: keepInMemory });
  const tokens = tokensOf(keepInMemory('refresh-of-nobody'), { clientSecret: 'another-secret-than-it' });
  const error = await refusal(tokens.current());
  expect(error.message).toMatch(/does not know the app by its client id and secret \(access_denied\)\.$/);
  expect(JSON.stringify([error.message, error.remedy])).not.toMatch(/another-secret|refresh-of-nobody/);
});

test.each([
  {
    leewayMs: 10 * 60_000,
    what: 'the next one goes on, as long as Atlassian takes the spent token',
    outcome: /^true$/,
  },
  { leewayMs: 0, what: 'the next one says to connect again', outcome: /Connect it again by `plumbline connect jira/ },
])('a process dies between the answer and the disk, and $what', async ({ leewayMs, outcome }) => {
  hub = await startHub({ oauth: keepInMemory, emulator: { oauth: { leewayMs } } });
  const dying: SecretKeeper = {
    async replace(change) {
      await change(grantOf());
      return new Promise(() => undefined);
    },
  };
  void tokensOf(dying).current();
  await vi.waitFor(() => expect(hub.emulator.oauth.exchanges).toBe(1));
  const next = tokensOf(keepInMemory(grantOf())).current();
  const came = await next.then(
    (token) => String(hub.emulator.oauth.lets(`Bearer ${token}`)),
    (error: unknown) => (error instanceof HubError ? error.remedy : String(error)),
  );
  expect(came).toMatch(outcome);
});

test('a used refresh token ends all that came of the same consent, so that nothing hides a theft', async () => {
  hub = await startHub({ oauth: keepInMemory });
  const { oauth } = hub.emulator;
  const client = { client_id: oauth.clientId, client_secret: oauth.clientSecret };
  const first = oauth.consent();
  const given = oauth.exchange({ ...client, grant_type: 'refresh_token', refresh_token: first });
  if (typeof given === 'string') throw new Error(given);
  expect(oauth.lets(`Bearer ${given.access_token}`)).toBe(true);
  expect(oauth.exchange({ ...client, grant_type: 'refresh_token', refresh_token: first })).toBe('grant');
  expect(oauth.lets(`Bearer ${given.access_token}`)).toBe(false);
  expect(oauth.exchange({ ...client, grant_type: 'refresh_token', refresh_token: given.refresh_token })).toBe('grant');
});

test('what cannot be kept is not used; it is kept by the next try, and not asked for again', async () => {
  let full = true;
  hub = await startHub({
    oauth(refreshToken) {
      const memory = keepInMemory(refreshToken);
      return {
        replace: (change) =>
          memory.replace(async (kept) => {
            const text = await change(kept);
            if (full) throw new HubError({ code: 'UNAVAILABLE', message: 'The disk is full.', remedy: 'Make room.' });
            return text;
          }),
      };
    },
  });
  hub.emulator.load({ projects });
  expect((await refusal(hub.poll('projects'))).message).toBe('The disk is full.');
  expect(hub.emulator.requests.map(({ path }) => path)).toEqual(['/oauth/token']);
  full = false;
  expect((await hub.poll('projects')).records).toHaveLength(2);
  expect(asked()).toBe(1);
});

test('until it is kept a token is used by nobody, not even by who did not ask for it', async () => {
  const disk = Promise.withResolvers<void>();
  hub = await startHub({
    oauth(refreshToken) {
      const memory = keepInMemory(refreshToken);
      return {
        replace: (change) =>
          memory.replace(async (kept) => {
            const text = await change(kept);
            await disk.promise;
            return text;
          }),
      };
    },
  });
  hub.emulator.load({ projects });
  const first = hub.poll('users');
  await vi.waitFor(() => expect(hub.emulator.oauth.exchanges).toBe(1));
  const second = hub.poll('projects');
  // The answer has time to arrive, and a request to be sent.
  await fetch(`${hub.emulator.url}/__control/requests`);
  await fetch(`${hub.emulator.url}/__control/requests`);
  expect(hub.emulator.requests.map(({ path }) => path)).toEqual(['/oauth/token']);
  disk.resolve();
  expect((await first).records.length + (await second).records.length).toBe(6);
});

test('an answer that is lost on the way is asked for again, as long as Atlassian takes the same token twice', async () => {
  hub = await startHub({ oauth: keepInMemory, emulator: { oauth: { leewayMs: 10 * 60_000 } } });
  hub.emulator.load({ projects });
  hub.emulator.faults.add({ kind: 'truncate', path: '^/oauth/token$', times: 1 });
  expect((await hub.poll('projects')).records).toHaveLength(2);
});

test('a stop while tokens are asked for loses none: the next run has them', async () => {
  hub = await startHub({ oauth: keepInMemory });
  hub.emulator.load({ projects });
  const stop = new AbortController();
  hub.emulator.faults.add({ kind: 'answer', path: '^/oauth/token$', status: 503, times: 1 });
  const hit = hub.emulator.faults.hit();
  const reading = hub.stream('projects').poll(hub.another(stop.signal), null)[Symbol.asyncIterator]().next();
  await hit;
  stop.abort(new HubError({ code: 'ABORTED', message: 'Stopped.', remedy: '' }));
  expect((await refusal(reading)).code).toBe('ABORTED');
  expect((await hub.poll('projects')).records).toHaveLength(2);
  expect(hub.emulator.oauth.exchanges).toBe(1);
});

/** Keeps in memory, but not before `disk` is resolved. */
function slowKeeper(refreshToken: string) {
  const memory = keepInMemory(refreshToken);
  const disk = Promise.withResolvers<void>();
  const keeper: SecretKeeper = {
    replace: (change, signal) =>
      memory.replace(async (kept) => {
        const text = await change(kept);
        await disk.promise;
        return text;
      }, signal),
  };
  return { memory, disk, keeper };
}

test('a run that is stopped leaves at once; the exchange goes on for the next one', async () => {
  let slow: ReturnType<typeof slowKeeper> | undefined;
  hub = await startHub({ oauth: (refreshToken) => (slow = slowKeeper(refreshToken)).keeper });
  hub.emulator.load({ projects });
  const stop = new AbortController();
  const reading = hub.stream('projects').poll(hub.another(stop.signal), null)[Symbol.asyncIterator]().next();
  await vi.waitFor(() => expect(hub.emulator.oauth.exchanges).toBe(1));
  stop.abort(new HubError({ code: 'ABORTED', message: 'Stopped.', remedy: '' }));
  expect((await refusal(reading)).code).toBe('ABORTED');
  expect(slow?.memory.text).toBe(grantOf());
  slow?.disk.resolve();
  expect((await hub.poll('projects')).records).toHaveLength(2);
  expect(hub.emulator.oauth.exchanges).toBe(1);
});

test('who closes waits until what the vendor gave is kept, and nothing is asked for afterwards', async () => {
  hub = await startHub({ oauth: keepInMemory });
  const { memory, disk, keeper } = slowKeeper(grantOf());
  const tokens = tokensOf(keeper);
  const token = tokens.current();
  await vi.waitFor(() => expect(hub.emulator.oauth.exchanges).toBe(1));
  let isClosed = false;
  const closing = tokens.close().then(() => (isClosed = true));
  await fetch(`${hub.emulator.url}/__control/requests`);
  expect(isClosed).toBe(false);
  disk.resolve();
  await closing;
  expect(memory.text).toContain(await token);
  hub.clock.advance(HOUR);
  expect((await refusal(tokens.current())).code).toBe('ABORTED');
  expect(hub.emulator.oauth.exchanges).toBe(1);
});

test('who closes while another one holds the turn does not wait for it, and asks nobody', async () => {
  hub = await startHub({ oauth: keepInMemory });
  const memory = keepInMemory(grantOf());
  void memory.replace(() => new Promise(() => undefined));
  const tokens = tokensOf(memory);
  const token = refusal(tokens.current());
  await tokens.close();
  expect((await token).message).toBe('jira-acme: no token is asked for any more.');
  expect(hub.emulator.oauth.exchanges).toBe(0);
});

test('a sign-in in a browser leads back with a code, which is exchanged once and then opens the site', async () => {
  const redirectUri = 'http://localhost:8712/callback';
  let keeper: ReturnType<typeof keepInMemory> | undefined;
  hub = await startHub({
    oauth: (_, { oauth }) => (keeper = keepInMemory(writeGrant({ code: oauth.signIn(redirectUri), redirectUri }))),
  });
  hub.emulator.load({ projects });
  await hub.poll('projects');
  hub.clock.advance(HOUR);
  expect((await hub.poll('projects')).records).toHaveLength(2);
  expect(hub.emulator.oauth.exchanges).toBe(2);
  expect(JSON.parse(keeper?.text ?? '')).toMatchObject({ refreshToken: hub.emulator.oauth.latest.refresh_token });
});

test('the address of the sign-in is one that Atlassian’s answers by going back with a code and the same state', async () => {
  hub = await startHub({ oauth: keepInMemory });
  const { url, oauth } = hub.emulator;
  const question = jira.setup?.account.find(({ kind }) => kind === 'sign-in');
  const answers = { access: 'app', clientId: oauth.clientId, login: url };
  expect(question?.when?.(answers)).toBe(true);
  expect(question?.when?.({ access: 'token' })).toBe(false);
  const back = { redirectUri: 'http://localhost:8712/callback', state: 'a-state' };
  const address = new URL(question?.signInAt?.(answers, back) ?? '');
  expect(address.searchParams.get('audience')).toBe('api.atlassian.com');
  expect(address.searchParams.get('scope')?.split(' ')).toContain('offline_access');
  const answer = await fetch(address, { redirect: 'manual' });
  const location = new URL(answer.headers.get('location') ?? '');
  expect([location.origin + location.pathname, location.searchParams.get('state')]).toEqual([
    back.redirectUri,
    'a-state',
  ]);
  hub.emulator.forgetRequests();
  const exchange = { grant_type: 'authorization_code', client_id: oauth.clientId, client_secret: oauth.clientSecret };
  const code = location.searchParams.get('code');
  expect(oauth.exchange({ ...exchange, code, redirect_uri: 'http://elsewhere.example/' })).toBe('grant');
  expect(oauth.exchange({ ...exchange, code, redirect_uri: back.redirectUri })).toMatchObject({ expires_in: 3_600 });
  expect(oauth.exchange({ ...exchange, code, redirect_uri: back.redirectUri })).toBe('grant');
});

test('a site that the app was not let into is named with those that it was', async () => {
  hub = await startHub({ oauth: keepInMemory, config: { site: 'https://other.atlassian.net' } });
  const { code, message } = await refusal(hub.poll('projects'));
  expect([code, message]).toEqual([
    'PERMISSION_DENIED',
    'The app was not let into https://other.atlassian.net; it was let into https://acme.atlassian.net.',
  ]);
});

test('a failing token endpoint that repeats what it was sent shows nothing of it', async () => {
  hub = await startHub({ oauth: keepInMemory });
  const { refreshToken } = hub.connector.secrets as { refreshToken: string };
  hub.emulator.faults.add({ kind: 'answer', path: '^/oauth/token$', status: 500, body: `no ${refreshToken} for me` });
  const { message } = await refusal(hub.poll('projects'));
  expect(message).toMatch(/^jira-acme: the vendor answered 500: no ••• for me/);
});

test('a kept text that is no grant is named by its place', async () => {
  hub = await startHub({ oauth: () => keepInMemory('{"refreshToken":') });
  expect((await refusal(hub.poll('projects'))).message).toBe(
    'jira-acme: secrets.refreshToken holds something else than a refresh token.',
  );
});

test('tokens that came up later are hidden as the first ones are', async () => {
  hub = await startHub({ oauth: keepInMemory });
  hub.emulator.load({ projects });
  await hub.poll('projects');
  const { access_token: access } = hub.emulator.oauth.latest;
  expect(hub.redact(`Jira said ${access} and more`)).toBe('Jira said ••• and more');
});

test('an API token and an app’s secrets exclude each other, and an API token wants an e-mail address', () => {
  const install = (config: object, secrets: object) => () =>
    jira.install({ id: 'jira-acme', config: { site: 'https://acme.atlassian.net', ...config }, secrets });
  const app = { clientId: 'app-of-acme', clientSecret: 'client-secret-of-it', refreshToken: 'refresh-1' };
  expect(install({ email: 'hub@acme.example' }, { apiToken: 'token-of-the-hub', ...app })).toThrow(
    'wants apiToken, or clientId, clientSecret and refreshToken of an OAuth app',
  );
  expect(install({}, { clientId: 'app-of-acme' })).toThrow('wants apiToken, or clientId');
  expect(install({}, { apiToken: 'token-of-the-hub' })).toThrow('has no `email`');
  expect(install({}, app)).not.toThrow();
});
