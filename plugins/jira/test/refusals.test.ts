import { HubError, keepInMemory } from '@plumbline/connector';
import { afterEach, expect, test } from 'vitest';
import { startHub, type Hub } from './harness.ts';
import { issue, projects } from './site.ts';

let hub: Hub;
afterEach(() => hub.close());

async function codeOf(reading: Promise<unknown>): Promise<string> {
  return reading.then(
    () => 'no error',
    (error: unknown) => (error instanceof HubError ? error.code : String(error)),
  );
}

test('a wrong token is told as such, and check says nothing but that', async () => {
  hub = await startHub({ apiToken: 'another-token-than-it' });
  expect(await codeOf(hub.poll('users'))).toBe('CREDENTIALS_REJECTED');
  const checks = await hub.connector.check(hub.context);
  expect(checks).toMatchObject([{ subject: 'credentials', ok: false }]);
  expect(JSON.stringify(checks)).not.toContain('another-token-than-it');
});

test('a 401 about scopes is a matter of permission, not of credentials', async () => {
  hub = await startHub();
  const body = { code: 401, message: 'Unauthorized; scope does not match' };
  hub.emulator.faults.add({ kind: 'answer', status: 401, body });
  expect(await codeOf(hub.poll('users'))).toBe('PERMISSION_DENIED');
});

test.each([
  ['jira-burst-based', 'class'],
  ['jira-quota-tenant-based', 'account'],
  ['jira-per-issue-on-write', 'request'],
])('a 429 with the reason %s makes the %s wait', async (reason, scope) => {
  hub = await startHub({ config: { boards: false } });
  const headers = new Headers({ 'ratelimit-reason': reason, 'retry-after': '7' });
  expect(hub.connector.diagnose({ status: 429, headers, body: '' })).toMatchObject({
    outcome: 'retry',
    scope,
    afterMs: 7_000,
  });
  hub.emulator.faults.add({ kind: 'answer', status: 429, headers: Object.fromEntries(headers), times: 2 });
  expect((await hub.poll('projects')).requests).toBe(3);
  expect(Math.min(...hub.clock.slept.filter((milliseconds) => milliseconds > 1_000))).toBeGreaterThanOrEqual(7_000);
});

test('the wait until a reset is counted on Jira’s own clock', async () => {
  hub = await startHub();
  const headers = new Headers({
    'ratelimit-reason': 'jira-quota-global-based',
    'x-ratelimit-reset': '2026-03-01T13:00:00Z',
    date: 'Sun, 01 Mar 2026 12:55:00 GMT',
  });
  expect(hub.connector.diagnose({ status: 429, headers, body: '' })).toMatchObject({
    afterMs: 300_000,
    scope: 'account',
  });
});

test('a whole read gets through a site that enforces its burst limit', async () => {
  hub = await startHub({ emulator: { searchPageCap: 5, limits: { burst: { calls: 4, perMs: 1_000 } } } });
  hub.emulator.load({ projects, issues: Array.from({ length: 60 }, (_, index) => issue(index + 1)) });
  expect((await hub.poll('issues')).records).toHaveLength(60);
  expect(hub.emulator.requests.some(({ status }) => status === 429)).toBe(true);
});

test('an hourly quota with a distant reset ends the run instead of holding it, and nothing is asked before the reset', async () => {
  hub = await startHub({
    start: '2026-03-01T12:01:00Z',
    oauth: (refreshToken) => keepInMemory(refreshToken),
    emulator: { limits: { pointsPerHour: 10 } },
  });
  // Four users cost two points each, and each of two requests one.
  expect((await hub.poll('users')).records).toHaveLength(4);
  expect(await codeOf(hub.poll('projects'))).toBe('RATE_LIMITED');
  hub.emulator.forgetRequests();
  await expect(hub.poll('issues')).rejects.toThrow('nothing was sent');
  expect(hub.emulator.requests).toEqual([]);
  hub.clock.set(Temporal.Instant.from('2026-03-01T13:01:00Z'));
  expect((await hub.poll('users')).records).toHaveLength(4);
});

test('the points of an hour are an app’s; an account’s token has none', async () => {
  hub = await startHub({ emulator: { limits: { pointsPerHour: 1 } } });
  expect((await hub.poll('users')).records).toHaveLength(4);
});

test('a reset connection, a cut answer and a page of HTML pass by themselves', async () => {
  hub = await startHub();
  hub.emulator.load({ projects });
  for (const kind of ['reset', 'truncate'] as const) {
    hub.emulator.faults.add({ kind, times: 1 });
    expect((await hub.poll('projects')).records).toHaveLength(2);
  }
  hub.emulator.faults.add({ kind: 'html', times: 1 });
  expect(await codeOf(hub.poll('projects'))).toBe('BAD_RESPONSE');
});

test('a project that does not exist is refused with Jira’s own words', async () => {
  hub = await startHub({ config: { projects: ['GONE'] } });
  await expect(hub.poll('issues')).rejects.toThrow("The value 'GONE' does not exist for the field 'project'.");
});

test.each([
  ['projects', 'project/search', { values: [{ id: '1', key: 'ABC', name: 'Alphabet' }], isLast: false }],
  ['users', 'users/search', [{ accountId: 'acc-ada', displayName: 'Ada', active: true }]],
])(
  'a list of %s that repeats its page for ever is ended, and not taken for all there is',
  async (stream, path, body) => {
    hub = await startHub({ config: { boards: false } });
    hub.emulator.faults.add({ kind: 'answer', path, status: 200, body });
    await expect(hub.poll(stream)).rejects.toThrow(`Jira gives the same page of ${path} again and again`);
  },
);

test('an answer in another form names the call and the member', async () => {
  hub = await startHub();
  hub.emulator.faults.add({ kind: 'answer', status: 200, path: 'project/search', body: { values: [{ id: 7 }] } });
  await expect(hub.poll('projects')).rejects.toThrow(/project\/search.*values\.0\.id/);
});

test('check finds everything that a good configuration names', async () => {
  hub = await startHub({
    config: {
      projects: ['ABC'],
      workItems: { points: 'customfield_1' },
      changeRequests: {
        issueTypes: ['change request'],
        linkTypes: ['Implements'],
        states: { Quoted: 'QUOTED', '3': 'CLOSED' },
        priceDelta: { field: 'customfield_2', currency: { field: 'customfield_3' } },
        jql: 'labels = change',
      },
      customFields: { team: 'customfield_6' },
    },
  });
  hub.emulator.load({ projects });
  const checks = await hub.connector.check(hub.context);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ subject }) => subject)).toEqual([
    'credentials',
    'projects.0',
    'workItems.points',
    'changeRequests.priceDelta.field',
    'changeRequests.priceDelta.currency.field',
    'customFields.team',
    'changeRequests.issueTypes.0',
    'changeRequests.states.3',
    'changeRequests.states.Quoted',
    'changeRequests.linkTypes.0',
    'changeRequests.jql',
    'boards',
  ]);
  expect(checks[0]?.message).toContain('reads as Hub (acc-hub), whose time zone is Europe/Berlin');
});

test('check names the path of what does not exist and lists what does', async () => {
  hub = await startHub({
    config: {
      projects: ['ABD'],
      changeRequests: {
        issueTypes: ['Chang Request'],
        linkTypes: ['implement'],
        states: { Qoted: 'QUOTED' },
        scheduleDeltaDays: 'customfield_99',
        jql: 'nonsense = 1',
      },
    },
  });
  hub.emulator.load({ projects });
  const failures = (await hub.connector.check(hub.context)).filter(({ ok }) => !ok);
  const messages = Object.fromEntries(failures.map(({ subject, message }) => [subject, message]));
  expect(messages['projects.0']).toContain('no project "ABD" that this account can see; there are "ABC"');
  expect(messages['changeRequests.scheduleDeltaDays']).toContain('no field "customfield_99"');
  expect(messages['changeRequests.scheduleDeltaDays']?.match(/ \(/g)).toHaveLength(15);
  expect(messages['changeRequests.issueTypes.0']).toContain('there are 101 (Change Request)');
  expect(messages['changeRequests.states.Qoted']).toContain('there are 4 (Quoted)');
  expect(messages['changeRequests.linkTypes.0']).toContain('there are "implements"');
  expect(messages['changeRequests.jql']).toContain("Field 'nonsense' does not exist");
});
