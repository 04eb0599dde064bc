import { afterEach, expect, test } from 'vitest';
import type { JiraBoard } from '../emulator/index.ts';
import { startHub, type Hub, type HubOptions } from './harness.ts';
import { projects, smallSite } from './site.ts';

let hub: Hub;
afterEach(() => hub.close());

const boards: readonly JiraBoard[] = [
  {
    id: 11,
    name: 'Alphabet delivery',
    type: 'scrum',
    projectId: '1',
    sprints: [
      { id: 40, name: 'Sprint 1', state: 'closed', startDate: '2026-02-01T08:00:00.000Z' },
      {
        id: 41,
        name: 'Sprint 2',
        state: 'active',
        startDate: '2026-02-16T09:00:00.000+01:00',
        endDate: '2026-03-02T09:00:00.000+01:00',
        goal: 'Checkout works',
      },
      { id: 42, name: 'Sprint 3', state: 'future' },
    ],
  },
  { id: 12, name: 'Alphabet support', type: 'kanban', projectId: '1' },
  { id: 13, name: 'Rest', type: 'simple', projectId: '2' },
  { id: 14, name: 'Ada’s own', type: 'scrum', projectId: null, sprints: [] },
];

async function shownAt(options: HubOptions): Promise<Record<string, unknown>> {
  hub = await startHub(options);
  hub.emulator.load({ projects });
  const stream = hub.stream('projects');
  const [view] = stream.views;
  const { records } = await hub.poll('projects');
  return Object.fromEntries(records.map(({ id, payload }) => [id, view?.read(payload)]));
}

test('a project shows its boards, and the sprints that run or are planned', async () => {
  const shown = await shownAt({ emulator: { site: { ...smallSite(), boards } } });
  expect(shown['1']).toMatchObject({
    key: 'ABC',
    boards: [
      { id: '11', name: 'Alphabet delivery', type: 'scrum' },
      { id: '12', name: 'Alphabet support', type: 'kanban' },
    ],
    sprints: [
      {
        id: '41',
        name: 'Sprint 2',
        state: 'active',
        start: '2026-02-16T08:00:00Z',
        end: '2026-03-02T08:00:00Z',
        goal: 'Checkout works',
        board: '11',
      },
      { id: '42', name: 'Sprint 3', state: 'future', start: null, end: null, goal: null, board: '11' },
    ],
  });
  // A team-managed board that has no sprints says so by refusing to list them.
  expect(shown['2']).toMatchObject({ boards: [{ id: '13', name: 'Rest', type: 'simple' }], sprints: [] });
});

test('boards are asked for once, and sprints only of boards that may have some', async () => {
  await shownAt({ emulator: { site: { ...smallSite(), boards } } });
  const agile = hub.emulator.requests.filter(({ path }) => path.includes('/agile/'));
  expect(agile.map(({ path }) => path)).toEqual([
    '/rest/agile/1.0/board',
    '/rest/agile/1.0/board/11/sprint',
    '/rest/agile/1.0/board/13/sprint',
  ]);
  hub.emulator.forgetRequests();
  for await (const _ of hub.stream('projects').census?.(hub.context) ?? []);
  expect(hub.emulator.requests.filter(({ path }) => path.includes('/agile/'))).toEqual([]);
});

test('more boards and sprints than fit a page are all there', async () => {
  const sprints = Array.from({ length: 60 }, (_, index) => ({
    id: 100 + index,
    name: `Sprint ${index}`,
    state: 'future' as const,
  }));
  const many = Array.from({ length: 120 }, (_, index): JiraBoard => ({
    id: index + 1,
    name: `Board ${index}`,
    type: index === 0 ? 'scrum' : 'kanban',
    projectId: '1',
    sprints,
  }));
  const shown = await shownAt({ emulator: { site: { ...smallSite(), boards: many } } });
  const { boards: all, sprints: planned } = shown['1'] as { boards: unknown[]; sprints: unknown[] };
  expect([all.length, planned.length]).toEqual([120, 60]);
});

test('without Jira Software, and where a scope for boards is missing, boards are not known and nothing fails', async () => {
  const unknown = { '1': { key: 'ABC', boards: null, sprints: null } };
  expect(await shownAt({ emulator: { site: { ...smallSite(), boards: null } } })).toMatchObject(unknown);
  await hub.close();
  hub = await startHub({ emulator: { site: { ...smallSite(), boards } } });
  hub.emulator.load({ projects });
  const body = { code: 401, message: 'Unauthorized; scope does not match' };
  hub.emulator.faults.add({ kind: 'answer', path: '/agile/', status: 401, body });
  const { records } = await hub.poll('projects');
  expect(records.map(({ payload }) => (payload as { boards: unknown }).boards)).toEqual([null, null]);
});

test('a vendor’s failure is a failure: boards that were known are not forgotten over it', async () => {
  hub = await startHub({ emulator: { site: { ...smallSite(), boards } } });
  hub.emulator.load({ projects });
  hub.emulator.faults.add({ kind: 'answer', path: '/agile/', status: 500 });
  await expect(hub.poll('projects')).rejects.toThrow('the vendor answered 500');
});

test.each([
  ['boards', '/agile/1.0/board?', { id: 11, name: 'Delivery', type: 'kanban' }],
  ['sprints', '/board/11/sprint?', { id: 41, name: 'Sprint 2', state: 'active' }],
])('a list of %s that repeats its page for ever is ended, and not taken for all there is', async (_, path, value) => {
  hub = await startHub({ emulator: { site: { ...smallSite(), boards } } });
  hub.emulator.load({ projects });
  const body = { startAt: 0, maxResults: 50, isLast: false, values: [value] };
  hub.emulator.faults.add({ kind: 'answer', path: path.replaceAll('?', '\\?'), status: 200, body });
  await expect(hub.poll('projects')).rejects.toThrow(/^Jira gives the same page of .* again and again/);
});

test('check says how many boards there are, or why there are none', async () => {
  const said = async (options: HubOptions): Promise<string | undefined> => {
    hub = await startHub(options);
    return (await hub.connector.check(hub.context)).find(({ subject }) => subject === 'boards')?.message;
  };
  expect(await said({ emulator: { site: { ...smallSite(), boards } } })).toBe(
    'boards: 4 boards of Jira Software are visible.',
  );
  await hub.close();
  expect(await said({ emulator: { site: { ...smallSite(), boards: null } } })).toMatch(
    /^boards: none can be seen, since/,
  );
  await hub.close();
  expect(await said({ config: { boards: false } })).toBeUndefined();
});

test('boards that nobody wants are not asked for', async () => {
  const shown = await shownAt({ config: { boards: false }, emulator: { site: { ...smallSite(), boards } } });
  expect(shown['1']).toMatchObject({ boards: null, sprints: null });
  expect(hub.emulator.requests.some(({ path }) => path.includes('/agile/'))).toBe(false);
});
