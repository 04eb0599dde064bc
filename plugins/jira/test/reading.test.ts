import type { AnyRecord, Listed } from '@plumbline/connector';
import { afterEach, expect, test } from 'vitest';
import { startHub, type Hub, type HubOptions } from './harness.ts';
import { at, issue, projects, statusChange, worklog } from './site.ts';

let hub: Hub;
afterEach(() => hub.close());

async function start(options: HubOptions = {}, issues = 7, worklogs = 5): Promise<void> {
  hub = await startHub(options);
  hub.emulator.load({
    projects,
    issues: Array.from({ length: issues }, (_, index) => issue(index + 1)),
    worklogs: Array.from({ length: worklogs }, (_, index) => worklog(index + 1)),
  });
}

const idsOf = (records: readonly { id: string }[]): string[] => records.map(({ id }) => id).sort();
const count = (first: number, amount: number): string[] =>
  Array.from({ length: amount }, (_, index) => String(first + index));

test('a first read brings everything that was loaded, once', async () => {
  await start({}, 450, 1_300);
  expect(idsOf((await hub.poll('issues')).records)).toEqual(idsOf(count(1_001, 450).map((id) => ({ id }))));
  const worklogs = await hub.poll('worklogs');
  expect(idsOf(worklogs.records)).toEqual(idsOf(count(5_001, 1_300).map((id) => ({ id }))));
  expect(Math.max(...worklogs.pages.map(({ records }) => records.length))).toBeLessThanOrEqual(200);
  expect(idsOf((await hub.poll('users')).records)).toEqual(['acc-ada', 'acc-gus', 'acc-hub', 'acc-old']);
  expect(idsOf((await hub.poll('projects')).records)).toEqual(['1', '2']);
  expect(idsOf((await hub.poll('versions')).records)).toEqual(['71', '72']);
});

test('pages may be short or empty without being the end', async () => {
  await start({ emulator: { shortPages: true, searchPageCap: 3 } }, 20);
  const reading = await hub.poll('issues');
  expect(idsOf(reading.records)).toEqual(count(1_001, 20));
  expect(reading.pages.some(({ records }) => records.length === 0)).toBe(true);
  expect(reading.pages.map(({ complete }) => complete).indexOf(true)).toBe(reading.pages.length - 1);
});

test.each(['issues', 'worklogs'])('%s: a read goes on from behind every page', async (name) => {
  await start({ emulator: { searchPageCap: 3 } }, 10, 450);
  const whole = await hub.poll(name);
  const wanted = idsOf(whole.records);
  expect(whole.pages.length).toBeGreaterThan(2);
  for (const [index, page] of whole.pages.entries()) {
    const rest = await hub.poll(name, page.cursor);
    const before = whole.pages.slice(0, index + 1).flatMap(({ records }) => records);
    expect([...new Set(idsOf([...before, ...rest.records]))].sort(), `behind page ${index}`).toEqual(wanted);
    expect(rest.cursor).toEqual(whole.cursor);
  }
});

test('an interrupted read starts over when Jira no longer takes its page token', async () => {
  await start({ emulator: { searchPageCap: 3 } }, 10);
  const { pages } = await hub.poll('issues');
  hub.clock.advance(8 * 24 * 3_600_000);
  expect(idsOf((await hub.poll('issues', pages[0]?.cursor)).records)).toContain('1010');
});

test('a poll that finds nothing leaves the cursor as it is and asks for no details', async () => {
  await start({}, 300, 300);
  for (const [name, most] of [
    ['issues', 2],
    ['worklogs', 2],
  ] as const) {
    const { cursor } = await hub.poll(name);
    const again = await hub.poll(name, cursor);
    expect(again.records).toEqual([]);
    expect(again.cursor).toEqual(cursor);
    expect([name, again.requests]).toEqual([name, most]);
  }
});

test('a thousand issues that changed in one go are read once', async () => {
  hub = await startHub();
  const updated = at('2026-02-01T10:00:00Z');
  const issues = Array.from({ length: 1_000 }, (_, index) => issue(index + 1, { updated }));
  hub.emulator.load({ projects, issues });
  const { cursor } = await hub.poll('issues');
  const again = await hub.poll('issues', cursor);
  expect([again.records, again.cursor]).toEqual([[], cursor]);
});

test('a status that is called otherwise brings its issues again within a day, whose times it does not move', async () => {
  await start({ emulator: { searchPageCap: 3 } }, 20);
  for (const id of count(1_011, 10)) hub.emulator.updateIssue(id, { statusId: '3' });
  const { cursor } = await hub.poll('issues');
  hub.emulator.updateStatus('3', { name: 'Being checked', category: 'done' });
  hub.clock.advance(11 * 3_600_000);
  const soon = await hub.poll('issues', cursor);
  expect(soon.records).toEqual([]);
  hub.clock.advance(3_600_000);
  const whole = await hub.poll('issues', soon.cursor);
  expect(idsOf(whole.records)).toEqual(count(1_011, 10));
  expect(whole.records[0]?.payload).toMatchObject({
    issue: { fields: { status: { name: 'Being checked', statusCategory: { key: 'done' } } } },
    statusCategories: { '3': 'done' },
  });
  const [first] = whole.pages;
  const rest = await hub.poll('issues', first?.cursor);
  expect(idsOf([...(first?.records ?? []), ...rest.records])).toEqual(count(1_011, 10));
  expect(rest.cursor).toEqual(whole.cursor);
  const after = await hub.poll('issues', whole.cursor);
  expect([after.records, after.cursor]).toEqual([[], whole.cursor]);
});

test('where more statuses than a query names are called otherwise, all issues are read again', async () => {
  await start();
  const { cursor } = await hub.poll('issues');
  const { statuses, ...others } = cursor as { statuses: { said: Record<string, string> } };
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [String(index + 1), 'new Something else']));
  hub.clock.advance(24 * 3_600_000);
  const renamed = { ...others, statuses: { ...statuses, said: { ...statuses.said, ...many } } };
  expect((await hub.poll('issues', renamed)).records).toHaveLength(7);
});

test('an issue that Jira cannot give just now is asked for until it comes, however far the reading has gone on', async () => {
  await start();
  let { cursor } = await hub.poll('issues');
  hub.emulator.updateIssue('1002', { summary: 'Renamed' });
  const refused = { issues: [], issueErrors: [{ id: '1002', errorMessage: 'Try again later.' }] };
  hub.emulator.faults.add({ kind: 'answer', path: 'issue/bulkfetch', status: 200, body: refused, times: 4 });
  for (let poll = 0; poll < 2; poll += 1) {
    const reading = await hub.poll('issues', cursor);
    expect(reading.pages[0]?.skipped).toEqual([{ id: '1002', reason: 'Jira could not read it: Try again later.' }]);
    cursor = reading.cursor;
    hub.clock.advance(3_600_000);
    // What is newer by an hour moves the reading past the issue.
    hub.emulator.updateIssue('1003', { summary: `Newer ${poll}` });
  }
  const paid = await hub.poll('issues', cursor);
  expect(idsOf(paid.records)).toEqual(['1002', '1003']);
  expect(paid.cursor).not.toHaveProperty('owed');
  expect((await hub.poll('issues', paid.cursor)).requests).toBe(2);
});

test('a Jira that gives none of what it found fails the run, and the cursor stays before it', async () => {
  await start({}, 300, 0);
  const issueErrors = Array.from({ length: 100 }, () => ({ errorMessage: 'Try again later.' }));
  hub.emulator.faults.add({ kind: 'answer', path: 'issue/bulkfetch', status: 200, body: { issues: [], issueErrors } });
  await expect(hub.poll('issues')).rejects.toThrow('Jira could not read 300 issues that it had found.');
});

test.each([
  ['search/jql', { issues: [], isLast: false }],
  ['search/jql', { issues: [], isLast: false, nextPageToken: 'again' }],
  ['changelog/bulkfetch', { issueChangeLogs: [], nextPageToken: 'again' }],
])('a %s that goes on without saying where is no end: %j', async (path, body) => {
  await start();
  hub.emulator.faults.add({ kind: 'answer', path, status: 200, body });
  await expect(hub.poll('issues')).rejects.toThrow(`there are more pages of ${path}, but not where they go on`);
});

test('what Jira warns of is told: a search that it cuts short is no whole one', async () => {
  await start();
  const body = { issues: [], isLast: true, warnings: ['The clause has too many arguments.'] };
  hub.emulator.faults.add({ kind: 'answer', path: 'search/jql', status: 200, body });
  expect((await hub.poll('issues')).pages[0]?.skipped).toEqual([
    { id: null, reason: 'Jira warns that the search is incomplete: "The clause has too many arguments."' },
  ]);
});

test('nothing at all is an answer, too', async () => {
  await start({}, 0, 0);
  for (const name of ['issues', 'worklogs']) {
    const { records, cursor } = await hub.poll(name);
    expect(records).toEqual([]);
    expect(cursor).not.toHaveProperty('since');
    expect((await hub.poll(name, cursor)).cursor).toEqual(cursor);
  }
});

test('a change, a move and a new issue come with the next poll; nothing else does', async () => {
  await start();
  const { cursor } = await hub.poll('issues');
  hub.emulator.updateIssue('1002', { summary: 'Renamed', statusId: '2' });
  hub.emulator.moveIssue('1003', '2');
  const created = hub.emulator.createIssue({ projectId: '1', typeId: '100', summary: 'New' });
  const { records } = await hub.poll('issues', cursor);
  expect(idsOf(records)).toEqual([created.id, '1002', '1003'].sort());
  const moved = records.find(({ id }) => id === '1003');
  expect(hub.stream('issues').map(moved?.payload)[0]).toMatchObject({
    keys: ['jira-issue:1003', 'jira-issue-key:XYZ-1', 'jira-issue-key:ABC-3'],
    fields: { key: 'XYZ-1', project: 'jira-project:2' },
  });
});

test('a new, a changed and a deleted worklog come once they are a minute old', async () => {
  await start();
  const { cursor } = await hub.poll('worklogs');
  const added = hub.emulator.logWork('1002', {
    authorAccountId: 'acc-gus',
    started: '2026-03-01T23:30:00.000-0500',
    seconds: 900,
  });
  hub.emulator.updateWorklog('5001', { seconds: 60 });
  hub.emulator.deleteWorklog('5002');
  expect((await hub.poll('worklogs', cursor)).cursor).toEqual(cursor);
  hub.clock.advance(60_000);
  const reading = await hub.poll('worklogs', cursor);
  expect(idsOf(reading.records)).toEqual(idsOf([{ id: '5001' }, { id: added.id }]));
  expect(reading.deletes).toEqual(['5002']);
  const again = await hub.poll('worklogs', reading.cursor);
  expect([again.records, again.deletes, again.cursor]).toEqual([[], [], reading.cursor]);
});

test('what was deleted is told whenever worklogs are read from the beginning, though nobody may have known of it', async () => {
  await start({}, 3, 450);
  hub.emulator.deleteWorklog('5001');
  hub.clock.advance(60_000);
  const pages = hub.pages('worklogs');
  const first = await pages.next();
  await pages.return(undefined);
  hub.emulator.deleteWorklog('5002');
  hub.clock.advance(60_000);
  const rest = await hub.poll('worklogs', first.value?.cursor);
  expect(first.value?.records).toContainEqual(expect.objectContaining({ id: '5002' }));
  expect(rest.deletes).toEqual(['5001', '5002']);
  hub.emulator.deleteWorklog('5003');
  hub.clock.advance(60_000);
  expect((await hub.poll('worklogs')).deletes).toEqual(['5001', '5002', '5003']);
});

test('another project to be read has all of its worklogs read, also those that nobody touches any more', async () => {
  const asked: unknown[] = [];
  for (const projects of [['XYZ'], ['XYZ', 'ABC'], []]) {
    await start({ config: { projects } });
    asked.push(hub.stream('worklogs').fetches, hub.stream('issues').fetches);
    await hub.close();
  }
  expect(new Set(asked.map((each) => JSON.stringify(each))).size).toBe(6);
});

test('time on an issue that is hidden by now is missing from the census and confirmed as absent', async () => {
  await start({}, 3, 3);
  hub.emulator.load({ worklogs: [worklog(9, { issueId: '1002' })] });
  hub.emulator.hideIssue('1002');
  const { census, confirm } = hub.stream('worklogs');
  const listed: Listed[] = [];
  for await (const page of census?.(hub.context) ?? []) listed.push(...page);
  expect(listed.slice(0, 2)).toEqual([
    { id: '5001', changedAt: '2026-01-10T08:00:01Z' },
    { id: '5002', changedAt: '2026-01-10T08:00:02Z' },
  ]);
  expect(listed).toHaveLength(3);
  expect(await confirm?.(hub.context, ['5009'])).toEqual([{ id: '5009', state: 'ABSENT' }]);
});

test('time on an issue that comes into a configured project is in the next census, and read by its id', async () => {
  await start({ config: { projects: ['XYZ'] } }, 2, 1);
  const { census, look } = hub.stream('worklogs');
  const listed = async (): Promise<Listed[]> => (await Array.fromAsync(census?.(hub.context) ?? [])).flat();
  expect([await listed(), await look?.(hub.context, ['5001'])]).toEqual([[], { records: [] }]);
  hub.emulator.moveIssue('1001', '2');
  expect(await listed()).toEqual([{ id: '5001', changedAt: '2026-01-10T08:00:01Z' }]);
  expect((await look?.(hub.context, ['5001']))?.records).toMatchObject([{ id: '5001' }]);
});

test('what the search index shows late is not lost', async () => {
  await start({ emulator: { searchLagMs: 4 * 60_000 } });
  const first = await hub.poll('issues');
  const late = hub.emulator.createIssue({ projectId: '1', typeId: '100', summary: 'Seen late' });
  hub.clock.advance(30_000);
  const later = hub.emulator.createIssue({ projectId: '1', typeId: '100', summary: 'Seen later still' });
  expect((await hub.poll('issues', first.cursor)).records).toEqual([]);
  hub.clock.advance(3.6 * 60_000);
  const second = await hub.poll('issues', first.cursor);
  expect(idsOf(second.records)).toEqual([late.id]);
  hub.clock.advance(60_000);
  expect(idsOf((await hub.poll('issues', second.cursor)).records)).toEqual([later.id]);
});

test('an issue that is touched while it is read late does not make the read skip what lies between', async () => {
  await start({ emulator: { searchPageCap: 2, searchLagMs: 60_000 } }, 8);
  const pages = hub.pages('issues');
  const first = await pages.next();
  await pages.return(undefined);
  // The index still holds them where they were; their `updated` already says now.
  for (const id of ['1003', '1004']) hub.emulator.updateIssue(id, { summary: 'Just now' });
  const second = hub.pages('issues', first.value?.cursor);
  const page = await second.next();
  await second.return(undefined);
  const rest = await hub.poll('issues', page.value?.cursor);
  expect(idsOf(rest.records)).toEqual(['1005', '1006', '1007', '1008']);
});

test.each(['earlier', 'later'] as const)(
  'no change is lost in the hour that happens twice, when Jira reads its minutes as the %s ones',
  async (ambiguousMinutes) => {
    // In Berlin, 02:00 to 03:00 of 25 October 2026 happens twice: from 00:00Z and from 01:00Z on.
    await start({ start: '2026-10-25T00:20:00Z', emulator: { ambiguousMinutes } }, 3);
    let { cursor } = await hub.poll('issues');
    const seen: string[] = [];
    for (let quarter = 0; quarter < 8; quarter += 1) {
      const { id } = hub.emulator.createIssue({ projectId: '1', typeId: '100', summary: `At ${quarter}` });
      const reading = await hub.poll('issues', cursor);
      cursor = reading.cursor;
      seen.push(...idsOf(reading.records));
      expect(seen).toContain(id);
      hub.clock.advance(15 * 60_000);
    }
    const after = await hub.poll('issues', cursor);
    expect([after.records, after.cursor]).toEqual([[], cursor]);
  },
);

test.each(['Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'UTC'])(
  'the cursor is written in the account’s zone: %s',
  async (timeZone) => {
    const { smallSite } = await import('./site.ts');
    await start({ emulator: { site: smallSite(timeZone) } });
    const { cursor } = await hub.poll('issues');
    hub.emulator.updateIssue('1004', { dueDate: '2026-05-01' });
    expect(idsOf((await hub.poll('issues', cursor)).records)).toEqual(['1004']);
  },
);

test.each(['Pacific/Kiritimati', 'Europe/Berlin', 'Pacific/Pago_Pago'])(
  'an account whose profile hides that it is in %s misses nothing',
  async (timeZone) => {
    const { smallSite } = await import('./site.ts');
    await start({ emulator: { site: smallSite(timeZone) } });
    const body = { accountId: 'acc-hub', displayName: 'Hub' };
    hub.emulator.faults.add({ kind: 'answer', path: '/myself$', status: 200, body });
    let { cursor } = await hub.poll('issues');
    for (const id of ['1004', '1005']) {
      hub.emulator.updateIssue(id, { dueDate: '2026-05-01' });
      const reading = await hub.poll('issues', cursor);
      expect(idsOf(reading.records)).toEqual([id]);
      cursor = reading.cursor;
      hub.clock.advance(60_000);
    }
    expect((await hub.connector.check(hub.context))[0]?.message).toContain('time zone is hidden');
  },
);

test('a deleted issue is missing from the census and confirmed as absent', async () => {
  await start();
  hub.emulator.deleteIssue('1005');
  const { census, confirm } = hub.stream('issues');
  const ids: Listed[] = [];
  for await (const page of census?.(hub.context) ?? []) ids.push(...page);
  expect(ids.sort()).toEqual(['1001', '1002', '1003', '1004', '1006', '1007']);
  expect(await confirm?.(hub.context, ['1005', '1006'])).toEqual([
    { id: '1005', state: 'ABSENT' },
    { id: '1006', state: 'PRESENT' },
  ]);
});

test('a census lists ids alone, and with their times those issues that changed since it was said to ask', async () => {
  await start({ emulator: { searchPageCap: 2 } }, 7);
  const since = hub.clock.now();
  hub.clock.advance(3_600_000);
  for (const id of ['1002', '1003', '1006']) hub.emulator.updateIssue(id, { summary: 'Changed' });
  const listed = async (from: Temporal.Instant | null): Promise<Listed[]> => {
    const all: Listed[] = [];
    for await (const page of hub.stream('issues').census?.({ ...hub.context, since: from }) ?? []) all.push(...page);
    return all;
  };
  const ids = count(1_001, 7);
  expect(await listed(null)).toEqual(ids);
  const changed = ['1002', '1003', '1006'].map((id) => ({ id, changedAt: '2026-03-01T13:00:00Z' }));
  expect(await listed(since)).toEqual([...ids, ...changed]);
  expect(await listed(hub.clock.now().add({ hours: 1 }))).toEqual(ids);
});

test('a project that is no longer in the list is hidden, a person who is not is deleted or hidden', async () => {
  await start();
  const stateOf = async (name: string) =>
    (await hub.stream(name).confirm?.(hub.context, ['no such id']))?.map(({ state }) => state);
  expect([await stateOf('projects'), await stateOf('users'), await stateOf('versions')]).toEqual([
    ['INVISIBLE'],
    ['ABSENT'],
    ['ABSENT'],
  ]);
});

test('only configured projects are read, in every stream', async () => {
  await start({ config: { projects: ['XYZ'] } });
  hub.emulator.load({
    issues: [issue(50, { id: '2001', key: 'XYZ-1', projectId: '2' })],
    worklogs: [worklog(50, { issueId: '2001' })],
  });
  expect(idsOf((await hub.poll('projects')).records)).toEqual(['2']);
  expect(idsOf((await hub.poll('versions')).records)).toEqual([]);
  expect(idsOf((await hub.poll('issues')).records)).toEqual(['2001']);
  expect(idsOf((await hub.poll('worklogs')).records)).toEqual(['5050']);
  expect(await hub.stream('issues').confirm?.(hub.context, ['1001', '2001'])).toEqual([
    { id: '1001', state: 'ABSENT' },
    { id: '2001', state: 'PRESENT' },
  ]);
});

test('a malformed issue is delivered as it came, and only its mapping throws, naming the field', async () => {
  await start();
  const { cursor } = await hub.poll('issues');
  hub.emulator.breakIssue('1002', { fields: { summary: 17, status: null } });
  hub.emulator.updateIssue('1003', { summary: 'Fine' });
  const { records } = await hub.poll('issues', cursor);
  expect(idsOf(records)).toEqual(['1002', '1003']);
  const payloads = new Map(records.map(({ id, payload }) => [id, payload]));
  expect(() => hub.stream('issues').map(payloads.get('1002'))).toThrow(/summary/);
  expect(hub.stream('issues').map(payloads.get('1003'))).toHaveLength(1);
  hub.emulator.repairIssue('1002');
  const repaired = await hub.poll('issues', cursor);
  expect(repaired.records.flatMap(({ payload }) => hub.stream('issues').map(payload))).toHaveLength(2);
});

test('a changelog longer than a page comes whole', async () => {
  await start();
  const history = Array.from({ length: 12_000 }, (_, index) =>
    statusChange(String(20_000 + index), '2026-01-06T08:00:00Z', ['1', 'To Do'], ['2', 'In Progress']),
  );
  hub.emulator.load({ issues: [issue(1, { history }), issue(2, { history: history.slice(0, 1) })] });
  const { records } = await hub.poll('issues');
  const lengths = records.map(({ payload }) => (payload as { changelog: unknown[] }).changelog.length);
  expect(lengths).toEqual([12_000, 1, 0, 0, 0, 0, 0]);
});

test('JQL tells a kind by asking Jira, page by page', async () => {
  const jql = 'labels = "change" AND issuetype = Task';
  await start({ config: { changeRequests: { jql } } });
  hub.emulator.load({ issues: [issue(2, { labels: ['change'] })] });
  const mapped: AnyRecord[] = await hub.records('issues');
  expect(mapped.filter(({ kind }) => kind === 'changeRequest').map(({ id }) => id)).toEqual(['1002']);
  expect(mapped.filter(({ kind }) => kind === 'workItem')).toHaveLength(7);
});

test('time stands in the zone it was logged in: half past midnight in Berlin is that day, not the day before', async () => {
  await start({}, 1, 0);
  hub.emulator.load({ worklogs: [worklog(1, { started: '2025-07-01T00:30:00.000+0200', comment: null })] });
  expect(await hub.records('worklogs')).toMatchObject([
    { fields: { startedAt: '2025-06-30T22:30:00Z', localDate: '2025-07-01', note: null } },
  ]);
  expect(at('2025-06-30T22:30:00Z')).toBe(Temporal.Instant.from('2025-07-01T00:30:00+02:00').epochMilliseconds);
});
