import type { AnyRecord } from '@plumbline/connector';
import { afterEach, expect, test } from 'vitest';
import { jira, type JiraConfigInput } from '../src/index.ts';
import { startHub, type Hub } from './harness.ts';
import type { JiraHistory } from '../emulator/index.ts';
import { at, issue, projects, smallSite, statusChange } from './site.ts';

let hub: Hub;
afterEach(() => hub.close());

const changeRequests: JiraConfigInput['changeRequests'] = {
  issueTypes: ['Change Request'],
  linkTypes: ['implements'],
  states: { 'To Do': 'CAPTURED', Quoted: 'QUOTED', '3': 'CLOSED' },
  priceDelta: { field: 'customfield_2', currency: { fixed: 'EUR' } },
  listPrice: { field: 'customfield_7', currency: { fixed: 'EUR' } },
  effortDelta: { field: 'customfield_4', unit: 'hours' },
  origin: 'customfield_6',
};

async function start(config: Partial<JiraConfigInput>): Promise<void> {
  hub = await startHub({ config });
  hub.emulator.load({ projects });
}

async function only(kind: AnyRecord['kind'], id: string): Promise<AnyRecord> {
  const found = (await hub.records('issues')).filter((each) => each.kind === kind && each.id === id);
  expect(found).toHaveLength(1);
  return found[0] as AnyRecord;
}

test('a change request has its figures, its state and their past', async () => {
  await start({ changeRequests });
  hub.emulator.load({
    issues: [
      issue(1, {
        typeId: '101',
        custom: {
          customfield_2: 1250.5,
          customfield_7: 1300,
          customfield_4: 12,
          customfield_6: { id: '9', value: 'Client' },
        },
      }),
    ],
  });
  hub.emulator.updateIssue('1001', { statusId: '4', custom: { customfield_2: 0 } });
  const request = await only('changeRequest', '1001');
  expect(request.fields).toMatchObject({
    state: 'QUOTED',
    engineeringStatus: 'Quoted',
    engineeringStatusCategory: 'DOING',
    priceDelta: { amount: '0', currency: 'EUR' },
    listPrice: { amount: '1300', currency: 'EUR' },
    effortDelta: 43_200,
    origin: 'Client',
    requester: 'jira-account:acc-ada',
    submittedAt: '2026-01-05T08:01:00Z',
  });
  const past = (field: string) => request.history?.filter((each) => each.field === field).map(({ value }) => value);
  expect(past('state')).toEqual(['CAPTURED', 'QUOTED']);
  expect(past('priceDelta')).toEqual([
    { amount: '1250.5', currency: 'EUR' },
    { amount: '0', currency: 'EUR' },
  ]);
  expect(past('effortDelta')).toEqual([43_200]);
  expect(request.fields).not.toHaveProperty('costDelta');
});

test('a change request is a work item of its own, unless told otherwise', async () => {
  await start({ changeRequests });
  hub.emulator.load({ issues: [issue(1, { typeId: '101' })] });
  expect((await only('workItem', '1001')).fields).toMatchObject({ changeRequest: 'jira-issue:1001' });
  await hub.close();
  await start({ changeRequests: { ...changeRequests, alsoWorkItem: false } });
  hub.emulator.load({ issues: [issue(1, { typeId: '101' })] });
  expect((await hub.records('issues')).map(({ kind }) => kind)).toEqual(['changeRequest']);
});

test('work belongs to the change request it is linked to, or is a child of; other links and parents say nothing', async () => {
  await start({ changeRequests });
  hub.emulator.load({
    issues: [
      issue(1, { typeId: '101' }),
      issue(2, { links: [{ id: '1', type: 'implements', outwardIssueId: '1001' }] }),
      issue(3, { parentId: '1001', typeId: '104' }),
      issue(4, { links: [{ id: '2', type: 'blocks', outwardIssueId: '1001' }] }),
      issue(5, { parentId: '1002', links: [{ id: '3', type: 'implements', outwardIssueId: '1002' }] }),
    ],
  });
  const records = await hub.records('issues');
  const items = records.filter((each) => each.kind === 'workItem');
  expect(Object.fromEntries(items.map(({ id, fields }) => [id, fields.changeRequest]))).toEqual({
    '1001': 'jira-issue:1001',
    '1002': 'jira-issue:1001',
    '1003': 'jira-issue:1001',
    '1004': null,
    '1005': null,
  });
  expect(records.find(({ kind }) => kind === 'changeRequest')?.fields).toMatchObject({
    workItems: ['jira-issue:1002'],
  });
});

test('what a field was is told from the day of creation on', async () => {
  await start({ workItems: { points: 'customfield_1' } });
  hub.emulator.load({
    issues: [
      issue(1, {
        statusId: '3',
        resolved: at('2026-01-20T08:00:00Z'),
        custom: { customfield_1: 5 },
        history: [
          statusChange('1', '2026-01-06T08:00:00.250Z', ['1', 'To Do'], ['2', 'In Progress']),
          statusChange('2', '2026-01-08T08:00:00Z', ['2', 'In Progress'], ['3', 'Done']),
        ],
      }),
    ],
  });
  hub.emulator.updateIssue('1001', {
    assigneeAccountId: 'acc-gus',
    dueDate: '2026-04-01',
    originalEstimateSeconds: 7_200,
  });
  hub.emulator.updateIssue('1001', { custom: { customfield_1: 8.5 }, dueDate: null });
  const item = await only('workItem', '1001');
  expect(item.fields).toMatchObject({ doneAt: '2026-01-08T08:00:00Z', points: '8.5', due: null, estimate: 7_200 });
  const past = (field: string) =>
    item.history?.filter((each) => each.field === field).map(({ at, value }) => [at, value]);
  const [created, now] = ['2026-01-05T08:01:00Z', '2026-03-01T12:00:00Z'];
  expect(past('statusCategory')).toEqual([
    [created, 'TODO'],
    ['2026-01-06T08:00:00.25Z', 'DOING'],
    ['2026-01-08T08:00:00Z', 'DONE'],
  ]);
  expect(past('status')?.map(([, value]) => value)).toEqual(['To Do', 'In Progress', 'Done']);
  expect(past('assignee')).toEqual([
    [created, null],
    [now, 'jira-account:acc-gus'],
  ]);
  expect(past('due')).toEqual([
    [created, null],
    [now, '2026-04-01'],
    [now, null],
  ]);
  expect(past('estimate')).toEqual([
    [created, null],
    [now, 7_200],
  ]);
  expect(past('points')).toEqual([
    [created, '5'],
    [now, '8.5'],
  ]);
});

test('beside each past value stands who set it, and beside the first who opened the issue; neither has to be told', async () => {
  await start({ changeRequests });
  const quoted = {
    ...statusChange('2', '2026-01-08T08:00:00Z', ['1', 'To Do'], ['4', 'Quoted']),
    authorAccountId: 'acc-gus',
  };
  hub.emulator.load({
    issues: [issue(1, { typeId: '101', statusId: '4', history: [quoted] }), issue(2, { typeId: '101' })],
  });
  hub.emulator.updateIssue('1001', { custom: { customfield_2: 7 } }, 'acc-ada');
  const by = async (id: string, field: string) =>
    (await only('changeRequest', id)).history?.filter((past) => past.field === field).map((past) => past.by ?? null);
  expect(await by('1001', 'state')).toEqual(['jira-account:acc-ada', 'jira-account:acc-gus']);
  expect(await by('1001', 'priceDelta')).toEqual(['jira-account:acc-ada', 'jira-account:acc-ada']);
  hub.emulator.breakIssue('1002', { fields: { creator: 'a name' } });
  expect(await by('1002', 'state')).toEqual([null]);
});

test('an old entry is read by the accounts of people, not the names they had before, and by a field’s name where it has no id', async () => {
  await start({});
  const assigned = { field: 'assignee', fieldId: 'assignee', from: null, fromString: null, toString: 'Gus' };
  const done = { field: 'Status', from: '1', fromString: 'To Do', to: '3', toString: 'Done' };
  const entry = (id: string, day: string, items: JiraHistory['items']): JiraHistory => ({
    id,
    at: at(`${day}T08:00:00Z`),
    authorAccountId: 'acc-ada',
    items,
  });
  hub.emulator.load({
    issues: [
      issue(1, {
        statusId: '3',
        assigneeAccountId: 'acc-gus',
        resolved: at('2026-02-01T08:00:00Z'),
        history: [
          entry('1', '2026-01-06', [{ ...assigned, to: 'g.user', tmpFromAccountId: null, tmpToAccountId: 'acc-gus' }]),
          entry('2', '2026-01-20', [done]),
        ],
      }),
    ],
  });
  const item = await only('workItem', '1001');
  expect(item.history?.filter(({ field }) => field === 'assignee').map(({ value }) => value)).toEqual([
    null,
    'jira-account:acc-gus',
  ]);
  expect(item.fields).toMatchObject({ doneAt: '2026-01-20T08:00:00Z' });
});

test('points are found in whichever field a project has for them, and so is their past', async () => {
  const site = smallSite();
  const own = { id: 'customfield_8', name: 'Story point estimate', type: 'number', projectId: '2' } as const;
  const custom = 'com.pyxis.greenhopper.jira:jsw-story-points';
  hub = await startHub({
    config: { workItems: { points: ['customfield_1', 'customfield_8'] } },
    emulator: { site: { ...site, fields: [...site.fields, { ...own, custom }] } },
  });
  hub.emulator.load({
    projects,
    issues: [
      issue(1, { custom: { customfield_1: 5 } }),
      issue(2, { projectId: '2', key: 'XYZ-1', custom: { customfield_8: 3 } }),
      issue(3),
    ],
  });
  hub.emulator.updateIssue('1002', { custom: { customfield_8: 8 } });
  const items = await hub.records('issues');
  expect(items.map(({ fields }) => (fields as { points: unknown }).points)).toEqual(['5', null, '8']);
  const past = items[2]?.history?.filter(({ field }) => field === 'points').map(({ value }) => value);
  expect(past).toEqual(['3', '8']);
  const setup = await jira.setup?.explore(hub.context, {});
  const question = setup?.questions({}).find(({ name }) => name === 'workItems.points');
  expect(question).toMatchObject({ kind: 'several', proposal: ['customfield_1', 'customfield_8'] });
  expect(question?.options?.map(({ hint }) => hint)).toContain('customfield_8, of the team-managed project 2 alone');
  expect(setup?.configure({ 'workItems.points': ['customfield_1', 'customfield_8'] })).toMatchObject({
    workItems: { points: ['customfield_1', 'customfield_8'] },
  });
});

test('an issue that was reopened is not done', async () => {
  await start({});
  hub.emulator.load({ issues: [issue(1)] });
  hub.emulator.updateIssue('1001', { statusId: '3' });
  expect((await only('workItem', '1001')).fields).toMatchObject({ doneAt: '2026-03-01T12:00:00Z' });
  hub.emulator.updateIssue('1001', { statusId: '2' });
  expect((await only('workItem', '1001')).fields).toMatchObject({ doneAt: null, statusCategory: 'DOING' });
});

test('risks and milestones come from issues, too', async () => {
  await start({
    risks: {
      labels: ['risk'],
      statuses: { Quoted: 'MITIGATING' },
      probability: { field: 'customfield_5', scale: 'percent' },
      impact: { field: 'customfield_2', currency: { field: 'customfield_3' } },
    },
    milestones: { issueTypes: ['103'], amount: { field: 'customfield_2', currency: { fixed: 'USD' } } },
    customFields: { team: 'customfield_6' },
  });
  hub.emulator.load({
    issues: [
      issue(1, {
        labels: ['risk'],
        statusId: '4',
        assigneeAccountId: 'acc-gus',
        custom: {
          customfield_5: 7.5,
          customfield_2: 80_000,
          customfield_3: { value: 'EUR' },
          customfield_6: { value: 'North' },
        },
      }),
      issue(2, { typeId: '103', dueDate: '2026-05-01', statusId: '3', resolved: at('2026-04-30T22:30:00Z') }),
      issue(3, { labels: ['risk'], custom: { customfield_2: 1 } }),
    ],
  });
  const risk = await only('risk', '1001');
  expect(risk.fields).toMatchObject({
    status: 'MITIGATING',
    probability: '0.075',
    impact: { amount: '80000', currency: 'EUR' },
    owner: 'jira-account:acc-gus',
  });
  expect(risk.customFields).toEqual({ team: 'North' });
  expect((await only('risk', '1003')).fields).toMatchObject({ status: 'OPEN', impact: null, probability: null });
  expect((await only('milestone', '1002')).fields).toMatchObject({
    status: 'ACHIEVED',
    due: '2026-05-01',
    achievedOn: '2026-05-01',
    amount: null,
  });
});

test('a value that cannot be read is an error that names its field', async () => {
  await start({ changeRequests });
  hub.emulator.load({ issues: [issue(1, { typeId: '101', custom: { customfield_2: 'a lot' } })] });
  await expect(hub.records('issues')).rejects.toThrow('customfield_2: wants a number, got "a lot".');
});

test('a project names its deals by property or by description', async () => {
  await start({ opportunities: { from: 'property', property: 'plumbline', path: ['deals'] } });
  expect((await hub.records('projects'))[0]?.fields).toMatchObject({
    opportunities: ['hubspot-deal:9001', 'hubspot-deal:9002'],
  });
  await hub.close();
  await start({ opportunities: { from: 'description', pattern: 'deal #(\\d+)', scheme: 'crm-deal' } });
  const mapped = await hub.records('projects');
  expect(mapped.map(({ fields }) => (fields as { opportunities?: unknown }).opportunities)).toEqual([
    ['crm-deal:9001'],
    [],
  ]);
});
