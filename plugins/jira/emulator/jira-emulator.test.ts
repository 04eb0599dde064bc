import { manualClock, type ManualClock } from '@plumbline/connector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { issue, projects, smallSite, statusChange, worklog } from '../test/site.ts';
import { startJiraEmulator, type JiraEmulator, type JiraEmulatorOptions } from './index.ts';

let emulator: JiraEmulator;
let clock: ManualClock;

async function start(options: Partial<JiraEmulatorOptions> = {}): Promise<void> {
  clock = manualClock('2026-03-01T12:00:00Z');
  emulator = await startJiraEmulator({ site: smallSite(), clock, ...options });
  emulator.load({ projects, issues: [1, 2, 3, 4, 5].map((number) => issue(number)), worklogs: [worklog(1)] });
}
beforeEach(() => start());
afterEach(() => emulator.close());

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const credentials = Buffer.from('hub@acme.example:token-of-the-hub').toString('base64');
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

async function search(jql: string, more: object = {}): Promise<string[]> {
  const { status, body } = await call('POST', '/rest/api/3/search/jql', { jql, ...more });
  if (status !== 200) return (body['errorMessages'] as string[]) ?? [];
  return (body['issues'] as { id: string }[]).map(({ id }) => id);
}

test('search gives ids only unless asked for fields, and pages by token to the end', async () => {
  const jql = 'project = ABC ORDER BY key ASC';
  const first = await call('POST', '/rest/api/3/search/jql', { jql, maxResults: 2 });
  expect(first.body).toEqual({
    issues: [{ id: '1001' }, { id: '1002' }],
    isLast: false,
    nextPageToken: expect.any(String),
  });
  const token = first.body['nextPageToken'];
  expect(await search(jql, { maxResults: 5, nextPageToken: token })).toEqual(['1003', '1004', '1005']);
  expect(await search(`${jql}, updated`, { nextPageToken: token })).toEqual([
    'The provided next page token is invalid or has expired.',
  ]);
  const byGet = await call(
    'GET',
    `/rest/api/3/search/jql?jql=${encodeURIComponent('key = ABC-2')}&fields=summary,updated`,
  );
  expect(byGet.body).toMatchObject({
    isLast: true,
    issues: [{ id: '1002', key: 'ABC-2', fields: { summary: 'Work 2', updated: '2026-01-05T09:02:00.000+0100' } }],
  });
});

test('JQL is understood as far as connectors speak it', async () => {
  emulator.updateIssue('1002', { labels: ['urgent'], typeId: '102' });
  emulator.moveIssue('1003', '2');
  expect(await search('updated >= "2026-01-05 09:04" AND updated <= "2026-01-05 09:05" ORDER BY updated')).toEqual([
    '1004',
    '1005',
  ]);
  expect(await search('updated >= -5m ORDER BY updated ASC, key ASC')).toEqual(['1002', '1003']);
  expect(await search('labels = urgent OR (project = xyz AND NOT issuetype = Risk) ORDER BY key')).toEqual([
    '1002',
    '1003',
  ]);
  expect(await search('id IN (1005, 1001, 99) ORDER BY created DESC')).toEqual(['1005', '1001']);
  expect(await search('issuekey in (ABC-3, "ABC-1") ORDER BY id')).toEqual(['1001', '1003']);
  expect(await search('project not in ("XYZ") and labels is empty order by key desc')).toEqual([
    '1005',
    '1004',
    '1001',
  ]);
});

test.each([
  ['', 'Unbounded JQL queries are not allowed'],
  ['ORDER BY updated', 'Unbounded JQL queries are not allowed'],
  ['project = NOPE', "The value 'NOPE' does not exist for the field 'project'."],
  ['project = ABC AND', 'it ends too early'],
  ['project = ABC ORDER BY a, b, c, d, e, f, g, h', 'more than 7 fields'],
  ['updated >= "yesterday"', "Date value 'yesterday' for field 'updated' is invalid"],
  ['colour = red', "Field 'colour' does not exist"],
])('a query that Jira refuses is refused: %s', async (jql, reason) => {
  expect((await search(jql)).join()).toContain(reason);
});

test('search lags behind, except for issues that are reconciled', async () => {
  await emulator.close();
  await start({ searchLagMs: 60_000 });
  emulator.updateIssue('1002', { labels: ['urgent'] });
  const jql = 'labels = urgent';
  expect(await search(jql)).toEqual([]);
  expect(await search(jql, { reconcileIssues: [1002] })).toEqual(['1002']);
  const { id } = emulator.createIssue({ projectId: '1', typeId: '100', summary: 'New', labels: ['urgent'] });
  expect(await search(jql)).toEqual(['1002']);
  clock.advance(60_000);
  expect(await search(`${jql} ORDER BY id`)).toEqual(['1002', id]);
  expect((await call('POST', '/rest/api/3/search/approximate-count', { jql })).body).toEqual({ count: 2 });
});

test('bulk fetch follows moved issues, leaves out what is gone, and takes 100 at most', async () => {
  emulator.moveIssue('1003', '2');
  emulator.deleteIssue('1004');
  const { body } = await call('POST', '/rest/api/3/issue/bulkfetch', {
    issueIdsOrKeys: ['ABC-3', '1004', '1001'],
    fields: ['summary'],
  });
  expect(body).toMatchObject({ issues: [{ id: '1001' }, { id: '1003', key: 'XYZ-1' }], issueErrors: [] });
  const tooMany = Array.from({ length: 101 }, (_, index) => String(index));
  expect((await call('POST', '/rest/api/3/issue/bulkfetch', { issueIdsOrKeys: tooMany })).status).toBe(400);
});

test('a hidden issue is as if it were not there, and is back when it is shown', async () => {
  const asked = { issueIdsOrKeys: ['1001', '1002'], fields: ['summary'] };
  const read = async (): Promise<unknown> => (await call('POST', '/rest/api/3/issue/bulkfetch', asked)).body;
  emulator.hideIssue('1002');
  expect(await search('key = ABC-2')).toEqual([]);
  expect(await read()).toMatchObject({ issues: [{ id: '1001' }] });
  emulator.showIssue('1002');
  expect(await search('key = ABC-2')).toEqual(['1002']);
  expect(await read()).toMatchObject({ issues: [{ id: '1001' }, { id: '1002' }] });
});

test('bulk changelogs are paged over issues, oldest first, with times as numbers', async () => {
  const history = [1, 2, 3].map((day) =>
    statusChange(String(day), `2026-01-0${day}T08:00:00Z`, ['1', 'To Do'], ['2', 'In Progress']),
  );
  emulator.load({ issues: [issue(1, { history }), issue(2, { history })] });
  const ask = async (nextPageToken?: unknown): Promise<Record<string, unknown>> =>
    (
      await call('POST', '/rest/api/3/changelog/bulkfetch', {
        issueIdsOrKeys: ['1001', '1002'],
        maxResults: 4,
        nextPageToken,
      })
    ).body;
  const first = await ask();
  const second = await ask(first['nextPageToken']);
  const entries = [first, second].flatMap(
    (page) => page['issueChangeLogs'] as { issueId: string; changeHistories: { created: number }[] }[],
  );
  expect(entries.map(({ issueId, changeHistories }) => [issueId, changeHistories.length])).toEqual([
    ['1001', 3],
    ['1002', 1],
    ['1002', 2],
  ]);
  expect(entries[0]?.changeHistories[0]?.created).toBe(Date.UTC(2026, 0, 1, 8));
  expect(second).not.toHaveProperty('nextPageToken');
  const tooMany = Array.from({ length: 1_001 }, (_, index) => String(index));
  expect((await call('POST', '/rest/api/3/changelog/bulkfetch', { issueIdsOrKeys: tooMany })).status).toBe(400);
});

test('an issue lives by the vendor’s own calls: create, edit, transition, log work, delete', async () => {
  const description = {
    type: 'doc',
    version: 1,
    content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Why' }] }],
  };
  const created = await call('POST', '/rest/api/3/issue', {
    fields: { project: { key: 'XYZ' }, issuetype: { id: '100' }, summary: 'By API', description, customfield_1: 3 },
  });
  expect(created).toMatchObject({ status: 201, body: { key: 'XYZ-1' } });
  const path = `/rest/api/3/issue/${String(created.body['id'])}`;
  expect(
    (
      await call('PUT', path, {
        fields: { summary: 'Edited', status: { id: '3' }, timetracking: { originalEstimate: '1d 2h' } },
      })
    ).status,
  ).toBe(204);
  expect((await call('POST', `${path}/transitions`, { transition: { id: '2' } })).status).toBe(204);
  expect((await call('POST', `${path}/transitions`, { transition: { id: '2' } })).status).toBe(400);
  const logged = await call('POST', `${path}/worklog`, {
    started: '2026-03-01T09:00:00.000+0100',
    timeSpentSeconds: 5_400,
  });
  expect(logged).toMatchObject({ status: 201, body: { timeSpent: '1h 30m', started: '2026-03-01T09:00:00.000+0100' } });
  expect((await call('GET', path)).body).toMatchObject({
    fields: {
      summary: 'Edited',
      status: { name: 'In Progress', statusCategory: { key: 'indeterminate' } },
      description,
      customfield_1: 3,
      timeoriginalestimate: 36_000,
      timespent: 5_400,
    },
  });
  const changelog = (await call('GET', `${path}/changelog`)).body['values'] as { items: { field: string }[] }[];
  expect(changelog.flatMap(({ items }) => items.map(({ field }) => field))).toEqual([
    'summary',
    'timeoriginalestimate',
    'status',
  ]);
  expect((await call('PUT', path, { fields: { description: 'wiki text' } })).status).toBe(400);
  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('GET', path)).status).toBe(404);
});

test('the worklog feeds keep the last minute to themselves', async () => {
  const since = Date.UTC(2026, 2, 1);
  const feed = async (name: string): Promise<number[]> => {
    const { body } = await call('GET', `/rest/api/3/worklog/${name}?since=${since}`);
    return (body['values'] as { worklogId: number }[]).map(({ worklogId }) => worklogId);
  };
  const { id } = emulator.logWork('1001', {
    authorAccountId: 'acc-ada',
    started: '2026-03-01T09:00:00.000+0100',
    seconds: 60,
  });
  emulator.deleteWorklog('5001');
  expect([await feed('updated'), await feed('deleted')]).toEqual([[], []]);
  clock.advance(60_000);
  expect([await feed('updated'), await feed('deleted')]).toEqual([[Number(id)], [5_001]]);
  const listed = await call('POST', '/rest/api/3/worklog/list', { ids: [5_001, Number(id)] });
  expect(listed.body).toMatchObject([{ id, issueId: '1001', timeSpentSeconds: 60 }]);
});

test('a feed of worklogs is cut between two times, goes on to its end, and says nothing of those that are hidden', async () => {
  await emulator.close();
  await start({ worklogPageCap: 3, shortPages: true });
  const second = (at: number) => Date.UTC(2026, 1, 1, 9, 0, at);
  const times = [1, 2, 3, 3, 3, 4, 5, 6];
  emulator.load({ worklogs: times.map((at, index) => worklog(index + 2, { updated: second(at) })) });
  emulator.hideWorklog('5004');
  const pages: number[][] = [];
  for (let since = second(0), last = false; !last;) {
    const { body } = await call('GET', `/rest/api/3/worklog/updated?since=${since}`);
    pages.push((body['values'] as { worklogId: number }[]).map(({ worklogId }) => worklogId));
    since = body['until'] as number;
    last = body['lastPage'] as boolean;
  }
  expect(pages).toEqual([[5_002, 5_003, 5_005, 5_006], [5_007], [5_008, 5_009]]);
  const listed = async () =>
    ((await call('POST', '/rest/api/3/worklog/list', { ids: [5_003, 5_004] })).body as unknown as { id: string }[]).map(
      ({ id }) => id,
    );
  expect(await listed()).toEqual(['5003']);
  emulator.showWorklog('5004');
  expect(await listed()).toEqual(['5003', '5004']);
});

test('each limit answers with its reason and what to wait for', async () => {
  await emulator.close();
  await start({ limits: { issueWrites: true, burst: { calls: 60, perMs: 1_000 } } });
  const edit = (number: number) => call('PUT', '/rest/api/3/issue/1001', { fields: { summary: `Edit ${number}` } });
  for (let number = 0; number < 20; number += 1) expect((await edit(number)).status).toBe(204);
  const refused = await edit(20);
  expect([refused.status, refused.headers.get('ratelimit-reason'), refused.headers.get('retry-after')]).toEqual([
    429,
    'jira-per-issue-on-write',
    '2',
  ]);
  clock.advance(2_000);
  expect((await edit(21)).status).toBe(204);
  const statuses = await Promise.all(Array.from({ length: 61 }, () => call('GET', '/rest/api/3/myself')));
  expect(statuses.filter(({ headers }) => headers.get('ratelimit-reason') === 'jira-burst-based')).toHaveLength(1);
});

test('wrong credentials are refused, and privacy leaves members out', async () => {
  expect((await fetch(`${emulator.url}/rest/api/3/myself`)).status).toBe(401);
  const users = (await call('GET', '/rest/api/3/users/search?startAt=1&maxResults=2')).body as unknown as Record<
    string,
    unknown
  >[];
  expect(users.map((user) => ['emailAddress' in user, user['displayName']])).toEqual([
    [true, 'Ada Lovelace'],
    [false, 'Gus Gorman'],
  ]);
  expect((await call('GET', '/rest/api/3/search?jql=x')).status).toBe(410);
});

test('everything can be changed over HTTP from outside, too', async () => {
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> =>
    (await call(method, `/__control/${path}`, body)).body['result'];
  const created = (await control('POST', 'issues', { projectId: '1', typeId: '100', summary: 'Made' })) as {
    id: string;
  };
  expect(await control('PATCH', `issues/${created.id}`, { statusId: '3' })).toMatchObject({
    statusId: '3',
    resolved: clock.now().epochMilliseconds,
  });
  expect(await control('POST', `issues/${created.id}/move`, { projectId: '2' })).toMatchObject({ key: 'XYZ-1' });
  const draft = { authorAccountId: 'acc-gus', started: '2026-03-01T09:00:00.000+0100', seconds: 60 };
  const logged = (await control('POST', `issues/${created.id}/worklogs`, draft)) as { id: string };
  expect(await control('PATCH', `worklogs/${logged.id}`, { seconds: 90 })).toMatchObject({ seconds: 90 });
  const worklogs = async (): Promise<unknown> =>
    (await call('GET', `/rest/api/3/issue/${created.id}/worklog`)).body['worklogs'];
  await control('POST', `worklogs/${logged.id}/break`, { started: 'lately' });
  expect(await worklogs()).toMatchObject([{ started: 'lately' }]);
  await control('DELETE', `worklogs/${logged.id}/break`);
  expect(await worklogs()).toMatchObject([{ started: draft.started }]);
  await control('POST', `worklogs/${logged.id}/hide`);
  expect(await worklogs()).toEqual([]);
  await control('DELETE', `worklogs/${logged.id}/hide`);
  expect(await worklogs()).toMatchObject([{ id: logged.id }]);
  await control('DELETE', `worklogs/${logged.id}`);
  await control('POST', `issues/${created.id}/break`, { fields: { summary: null } });
  const path = `/rest/api/3/issue/${created.id}?fields=summary`;
  expect((await call('GET', path)).body).toMatchObject({ fields: { summary: null } });
  await control('DELETE', `issues/${created.id}/break`);
  expect((await call('GET', path)).body).toMatchObject({ fields: { summary: 'Made' } });
  expect(await control('PATCH', 'projects/1', { name: 'Renamed' })).toMatchObject({ name: 'Renamed', key: 'ABC' });
  await control('DELETE', `issues/${created.id}`);
  expect((await call('DELETE', `/__control/issues/${created.id}`)).status).toBe(404);
  expect((await call('PATCH', '/__control/issues/1001', { colour: 'red' })).status).toBe(400);
  await control('POST', 'load', { issues: [issue(60)] });
  expect(await search('key = ABC-60')).toEqual(['1060']);
});
