import { keepInMemory, type PollContext, type Subscription } from '@plumbline/connector';
import { startContractProxy, type ContractProxy } from '@plumbline/emulator/contract-proxy';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { pathOfSite, type JiraBoard } from '../emulator/index.ts';
import { startHub, type Hub } from './harness.ts';
import { oauthContract } from './oauth.contract.ts';
import { operations } from './operations.ts';
import { issue, projects, smallSite, statusChange, worklog } from './site.ts';

const contracts = new URL('../../../../shared/contracts/', import.meta.url);
const document = new URL('checker/jira.openapi.json', contracts).pathname;
const there = existsSync(document);
if (!there) console.log(`skipped: ${document} is not there to check against`);

/**
 * The document types the keys of project properties and the states of sprints as objects, though its own words call them
 * a list of keys, and states separated by commas.
 */
const documentsOwnMistakes = [
  'GET /rest/api/3/project/search asks: query/properties/0 must be object',
  'GET /rest/agile/1.0/board/11/sprint asks: query/state must be object',
];

const streams = ['users', 'projects', 'versions', 'issues', 'worklogs'] as const;

const boards: readonly JiraBoard[] = [
  {
    id: 11,
    name: 'Alphabet',
    type: 'scrum',
    projectId: '1',
    sprints: [{ id: 41, name: 'Sprint 1', state: 'active', startDate: '2026-02-16T09:00:00.000Z', goal: 'Done' }],
  },
  { id: 12, name: 'Support', type: 'kanban', projectId: '1' },
];

let hub: Hub | undefined;
let proxy: ContractProxy | undefined;
afterEach(async () => {
  await proxy?.close();
  await hub?.close();
  [hub, proxy] = [undefined, undefined];
});

async function startChecked(how: { app: boolean }): Promise<{ hub: Hub; proxy: ContractProxy }> {
  let started: ContractProxy | undefined;
  hub = await startHub({
    config: {
      projects: ['ABC', 'XYZ'],
      opportunities: { from: 'property', property: 'plumbline', path: ['deals'] },
      changeRequests: { issueTypes: ['Change Request'], linkTypes: ['implements'], jql: 'labels = change' },
    },
    emulator: { searchPageCap: 4, site: { ...smallSite(), boards } },
    ...(how.app ? { oauth: keepInMemory } : {}),
    through: async (target) => {
      started = await startContractProxy({ document, more: [oauthContract], target, pathOf: pathOfSite });
      return started.url;
    },
  });
  if (!started) throw new Error('nothing was asked to go through a proxy');
  proxy = started;
  hub.emulator.load({
    projects,
    issues: Array.from({ length: 9 }, (_, index) =>
      issue(index + 1, {
        ...(index > 0
          ? { parentId: '1001', links: [{ id: String(index), type: 'implements', outwardIssueId: '1001' }] }
          : {}),
        fixVersionIds: ['71'],
        history: [statusChange(String(index), '2026-01-06T08:00:00Z', ['1', 'To Do'], ['2', 'In Progress'])],
      }),
    ),
    worklogs: [worklog(1), worklog(2)],
  });
  return { hub, proxy };
}

/** Everything that the connector does with a site: reading, reading on, a census, a check, what a person chooses from. */
async function doEverything({ emulator, clock, poll, stream, connector, context }: Hub): Promise<void> {
  const cursors = new Map<string, unknown>();
  for (const name of streams) cursors.set(name, (await poll(name)).cursor);
  emulator.updateIssue('1002', { statusId: '3', assigneeAccountId: 'acc-gus', custom: { customfield_1: 3 } });
  emulator.logWork('1002', { authorAccountId: 'acc-ada', started: '2026-03-01T09:00:00.000+0100', seconds: 60 });
  emulator.deleteWorklog('5001');
  clock.advance(120_000);
  for (const name of streams) await poll(name, cursors.get(name));
  for (const name of streams) {
    for await (const _ of stream(name).census?.(context) ?? []);
  }
  await stream('issues').look?.(context, ['1002']);
  await stream('issues').confirm?.(context, ['1002', '99']);
  await stream('worklogs').look?.(context, ['5002']);
  await stream('worklogs').confirm?.(context, ['5002', '99']);
  for (const list of connector.inventory?.lists ?? []) await connector.inventory?.read(list, context);
  expect((await connector.check(context)).filter(({ ok }) => !ok)).toEqual([]);
}

async function subscribe({ connector }: Hub, context: PollContext): Promise<void> {
  const nowhere = 'http://127.0.0.1:9/webhooks';
  let standing: readonly Subscription[] = [];
  for (const address of [nowhere, `${nowhere}/elsewhere`]) {
    const kept = await connector.webhooks?.subscribe?.(context, { address, standing, afresh: true });
    expect(kept?.problems).toEqual([]);
    standing = kept?.subscriptions ?? [];
  }
}

test.skipIf(!there)('by an API token neither the connector nor the emulator breaks the vendor’s contract', async () => {
  const checked = await startChecked({ app: false });
  await doEverything(checked.hub);
  expect(checked.proxy.violations.filter((each) => !documentsOwnMistakes.includes(each))).toEqual([]);
});

test.skipIf(!there)(
  'nor as an OAuth app; and this run sees every operation that the connector ever calls',
  async () => {
    const checked = await startChecked({ app: true });
    await doEverything(checked.hub);
    await subscribe(checked.hub, checked.hub.context);
    expect(checked.proxy.violations.filter((each) => !documentsOwnMistakes.includes(each))).toEqual([]);
    expect([...checked.proxy.operations].toSorted()).toEqual(operations.toSorted());
  },
);

test.skipIf(!there)('a refused token keeps the contract, too', async () => {
  const checked = await startChecked({ app: true });
  checked.hub.emulator.oauth.revoke();
  await expect(checked.hub.poll('projects')).rejects.toThrow('no longer takes the refresh token');
  expect(checked.proxy.violations).toEqual([]);
  expect([...checked.proxy.operations]).toEqual(['POST /oauth/token']);
});

test.skipIf(!there)('a call that is not on the list of checked operations fails the test that made it', async () => {
  const other = await startHub();
  await fetch(`${other.emulator.url}/rest/api/3/priority`);
  await expect(other.close()).rejects.toThrow('called, but not checked against the contract: GET /rest/api/3/priority');
});

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, contracts), 'utf8'));
const deliverySchema = () =>
  z.fromJSONSchema(read('jira/webhook-delivery.derived.schema.json') as z.core.JSONSchema.BaseSchema);

test.skipIf(!there)('what the emulator tells of changes has the form of a delivery of Jira’s', async () => {
  hub = await startHub({ oauth: keepInMemory });
  const { emulator, connector, context } = hub;
  emulator.load({ projects, issues: [issue(1)] });
  emulator.sendWebhooks({ url: 'http://127.0.0.1:9/admin', secret: 'a-secret-of-this-test' });
  await connector.webhooks?.subscribe?.(context, { address: 'http://127.0.0.1:9/app', standing: [], afresh: true });
  const created = emulator.createIssue({ projectId: '1', typeId: '100', summary: 'New' });
  emulator.updateIssue('1001', { statusId: '3', description: 'Other\n\nwords' });
  const { id } = emulator.logWork('1001', {
    authorAccountId: 'acc-ada',
    started: '2026-03-01T09:00:00.000+0100',
    seconds: 60,
  });
  emulator.deleteWorklog(id);
  emulator.updateProject('1', { name: 'Alphabet 2' });
  emulator.deleteIssue(created.id);
  await emulator.deliveries.settled();
  const { sent } = emulator.deliveries;
  expect(sent.filter(({ url }) => url.endsWith('/admin'))).toHaveLength(6);
  expect(sent.filter(({ url }) => url.includes('/app/'))).toHaveLength(3);
  for (const { body } of sent) expect(deliverySchema().safeParse(JSON.parse(body)).error).toBeUndefined();
  expect(deliverySchema().safeParse({ webhookEvent: 'jira:issue_updated' }).success).toBe(false);
});

test.skipIf(!there).each([
  ['webhook-jira-issue-created-many-fields.json', 'issues'],
  ['webhook-jira-issue-updated-multiple-values.json', 'issues'],
  ['webhook-jira-issue-updated-sprint.json', 'issues'],
  ['webhook-jira-comment-created.json', 'issues'],
])('the recorded delivery %s has that form, and names the issue to read', async (name, stream) => {
  const { body } = read(`samples/${name}`) as { body: { timestamp: number; issue: { id: string } } };
  expect(deliverySchema().safeParse(body).error).toBeUndefined();
  hub = await startHub({ oauth: keepInMemory });
  const { connector, context, emulator } = hub;
  emulator.load({ projects });
  await connector.webhooks?.subscribe?.(context, { address: 'http://127.0.0.1:9/app', standing: [], afresh: true });
  emulator.createIssue({ projectId: '1', typeId: '100', summary: 'Anything' });
  await emulator.deliveries.settled();
  const url = emulator.deliveries.sent[0]?.url ?? '';
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const now = Temporal.Instant.fromEpochMilliseconds(body.timestamp + 1_000);
  expect(connector.webhooks?.receive({ method: 'POST', url, headers: new Headers(), body: bytes }, now)).toMatchObject({
    outcome: 'ACCEPTED',
    notices: [{ looks: [{ stream, id: String(body.issue.id) }] }],
  });
});
