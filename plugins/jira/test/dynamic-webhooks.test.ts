import { keepInMemory, type StandingSubscriptions } from '@plumbline/connector';
import { afterEach, expect, test } from 'vitest';
import { startHub, type Hub, type HubOptions } from './harness.ts';
import { issue, projects } from './site.ts';

let hub: Hub;
afterEach(() => hub.close());

// Nobody listens there: what was sent is what counts.
const address = 'http://127.0.0.1:9/webhooks/jira-acme';
const DAY = 24 * 60 * 60_000;
let edits = 0;
const nothing: StandingSubscriptions = { subscriptions: [], problems: [] };

async function startApp(options: HubOptions = {}): Promise<void> {
  hub = await startHub({ oauth: keepInMemory, ...options });
  hub.emulator.load({ projects, issues: [issue(1), issue(2)] });
}

/** One round, as the hub makes it every ten minutes. */
async function round(
  standing: StandingSubscriptions,
  how: { afresh?: boolean; address?: string } = {},
): Promise<StandingSubscriptions> {
  const { webhooks } = hub.connector;
  if (!webhooks?.subscribe) throw new Error('nothing can be subscribed');
  return webhooks.subscribe(hub.context, {
    address: how.address ?? address,
    // What the hub stores and reads back.
    standing: JSON.parse(JSON.stringify(standing.subscriptions)) as StandingSubscriptions['subscriptions'],
    afresh: how.afresh ?? false,
  });
}

const called = (): string[] =>
  hub.emulator.requests
    .filter(({ path }) => path.includes('/api/3/webhook'))
    .map(({ method, path }) => `${method} ${path.replace(/^.*\/api\/3/, '')}`);

/** Whether a change is told, and taken by the hub. */
async function isTold(): Promise<boolean> {
  const { deliveries } = hub.emulator;
  const before = deliveries.sent.length;
  hub.emulator.updateIssue('1001', { summary: `Work ${(edits += 1)}` });
  await deliveries.settled();
  const sent = deliveries.sent.at(-1);
  if (deliveries.sent.length === before || !sent) return false;
  const { url, headers, body } = sent;
  const request = { method: 'POST', url, headers: new Headers(headers), body: new TextEncoder().encode(body) };
  const reception = hub.connector.webhooks?.receive(request, hub.clock.now());
  expect(reception).toMatchObject({ outcome: 'ACCEPTED', notices: [{ looks: [{ stream: 'issues', id: '1001' }] }] });
  return true;
}

test('the hub registers one webhook for the projects it reads, and nothing secret is in what it stores of it', async () => {
  await startApp({ config: { projects: ['XYZ', 'ABC'] } });
  expect(await isTold()).toBe(false);
  const kept = await round(nothing, { afresh: true });
  expect(kept).toEqual({
    subscriptions: [
      {
        id: '1',
        subject: 'Issues where project in ("ABC", "XYZ")',
        expiresAt: '2026-03-31T12:00:00Z',
        details: { address, jqlFilter: 'project in ("ABC", "XYZ")', lookedAt: '2026-03-01T12:00:00Z' },
      },
    ],
    problems: [],
  });
  expect(called()).toEqual(['GET /webhook', 'POST /webhook', 'PUT /webhook/refresh']);
  expect(await isTold()).toBe(true);
  const [sent] = hub.emulator.deliveries.sent;
  expect(sent?.url).toMatch(/^http:\/\/127\.0\.0\.1:9\/webhooks\/jira-acme\/[\w-]{43}$/);
  expect(hub.redact(sent?.url ?? '')).toBe(`${address}/•••`);
});

test('it is refreshed long before its 30 days are over, and told all the time', async () => {
  await startApp();
  let kept = await round(nothing, { afresh: true });
  for (let day = 0; day < 100; day += 1) {
    for (let quarter = 0; quarter < 4; quarter += 1) {
      hub.clock.advance(DAY / 4);
      kept = await round(kept);
      expect(kept.problems).toEqual([]);
    }
    expect(await isTold()).toBe(true);
  }
  expect(called().filter((call) => call === 'POST /webhook')).toHaveLength(1);
  expect(called().filter((call) => call === 'PUT /webhook/refresh')).toHaveLength(1 + Math.floor(100 / 15));
  // One look a day, however often the hub comes round.
  expect(called().filter((call) => call === 'GET /webhook')).toHaveLength(1 + 100);
});

test('a hub that stood still for two months registers anew; one that was started again finds what stands', async () => {
  await startApp();
  let kept = await round(nothing, { afresh: true });
  kept = await round(kept, { afresh: true });
  expect(kept.subscriptions[0]?.id).toBe('1');
  hub.clock.advance(60 * DAY);
  expect(await isTold()).toBe(false);
  kept = await round(kept, { afresh: true });
  expect(kept.subscriptions[0]?.id).toBe('2');
  expect(await isTold()).toBe(true);
});

test('one that ended while the hub could not refresh it is registered anew', async () => {
  await startApp();
  const kept = await round(nothing, { afresh: true });
  hub.clock.advance(31 * DAY);
  expect((await round(kept)).subscriptions[0]?.id).toBe('2');
  expect(await isTold()).toBe(true);
});

test('a list that leaves addresses and numbers out, as Jira’s own example does, is understood', async () => {
  await startApp();
  const kept = await round(nothing, { afresh: true });
  const webhook = {
    id: 1,
    events: ['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted'],
    expirationDate: '2026-03-29T12:42:30.000+0000',
    jqlFilter: 'project in ("ABC", "XYZ")',
  };
  const foreign = { ...webhook, id: 10_000, events: ['jira:issue_created'] };
  hub.emulator.faults.add({
    kind: 'answer',
    path: '/webhook\\?',
    times: 1,
    status: 200,
    body: { isLast: true, maxResults: 100, startAt: 0, total: 2, values: [foreign, webhook] },
  });
  hub.emulator.forgetRequests();
  const found = await round(kept, { afresh: true });
  expect(found.subscriptions).toMatchObject([{ id: '1', expiresAt: '2026-03-29T12:42:30Z' }]);
  expect(called()).toEqual(['GET /webhook']);
});

test('another address and other projects take the place of the old ones', async () => {
  await startApp();
  let kept = await round(nothing, { afresh: true });
  const elsewhere = 'http://127.0.0.1:9/plumbline/webhooks/jira-acme';
  kept = await round(kept, { address: elsewhere });
  expect(called().slice(-3)).toEqual(['DELETE /webhook', 'POST /webhook', 'PUT /webhook/refresh']);
  expect(await isTold()).toBe(true);
  expect(hub.emulator.deliveries.sent.map(({ url }) => url.startsWith(elsewhere))).toEqual([true]);
  hub.emulator.load({
    projects: [{ id: '3', key: 'NEW', name: 'New', description: '', leadAccountId: 'acc-ada' }],
  });
  hub.clock.advance(DAY);
  kept = await round(kept, { address: elsewhere });
  expect(kept.subscriptions).toMatchObject([{ id: '3', subject: 'Issues where project in ("ABC", "NEW", "XYZ")' }]);
});

test('what Jira refuses is a sentence, and the next round tries again', async () => {
  await startApp();
  hub.emulator.faults.add({
    kind: 'answer',
    method: 'POST',
    path: '/webhook$',
    times: 1,
    status: 200,
    body: { webhookRegistrationResult: [{ errors: ['The maximum number of webhooks is 5.'] }] },
  });
  const refused = await round(nothing, { afresh: true });
  expect(refused).toEqual({
    subscriptions: [],
    problems: [
      "Jira's webhooks cannot be registered or refreshed: Jira registers none: The maximum number of webhooks is 5. " +
        'The source is polled meanwhile, and the next round tries again.',
    ],
  });
  expect((await round(refused)).subscriptions).toHaveLength(1);
});

test('a failure to look keeps what stands until it ends', async () => {
  await startApp();
  const kept = await round(nothing, { afresh: true });
  hub.clock.advance(DAY);
  hub.emulator.faults.add({
    kind: 'answer',
    path: '/webhook\\?',
    times: 1,
    status: 403,
    body: { errorMessages: ['No.'] },
  });
  const after = await round(kept);
  expect(after.subscriptions).toEqual(kept.subscriptions);
  expect(after.problems[0]).toMatch(/^Jira's webhooks cannot be registered or refreshed: .*\(403\)/);
});

test('a list that repeats its page for ever is ended, and what stands is kept', async () => {
  await startApp();
  const kept = await round(nothing, { afresh: true });
  hub.clock.advance(DAY);
  const webhook = { id: 1, events: ['jira:issue_created'], jqlFilter: 'project in ("ABC", "XYZ")' };
  hub.emulator.faults.add({
    kind: 'answer',
    path: '/webhook\\?',
    status: 200,
    body: { isLast: false, maxResults: 100, startAt: 0, values: [webhook] },
  });
  const after = await round(kept);
  expect(after.subscriptions).toEqual(kept.subscriptions);
  expect(after.problems[0]).toMatch(
    /Jira gives the same page of webhook again and again, and says that there is more\./,
  );
});

test('with an API token, and beside an administrator’s webhook, none is registered', async () => {
  hub = await startHub();
  expect(await round(nothing, { afresh: true })).toEqual(nothing);
  expect(hub.emulator.requests).toEqual([]);
});

test('Jira’s emulator lets no API token register any, and takes only the conditions that Jira takes', async () => {
  await startApp();
  const { url, oauth } = hub.emulator;
  const body = (jqlFilter: string) => ({
    method: 'POST',
    body: JSON.stringify({ url: `${address}/x`, webhooks: [{ events: ['jira:issue_updated'], jqlFilter }] }),
  });
  const basic = `Basic ${Buffer.from('hub@acme.example:token-of-the-hub').toString('base64')}`;
  const byToken = await fetch(`${url}/rest/api/3/webhook`, {
    ...body('project = ABC'),
    headers: { authorization: basic },
  });
  expect(byToken.status).toBe(403);
  await hub.poll('projects');
  const [resources] = hub.emulator.requests.filter(({ path }) => path.startsWith('/ex/jira/'));
  const site = `${url}${resources?.path.split('/rest/')[0] ?? ''}/rest/api/3/webhook`;
  const bearer = { authorization: `Bearer ${oauth.latest.access_token}` };
  const register = async (jqlFilter: string): Promise<unknown> =>
    (
      (await (await fetch(site, { ...body(jqlFilter), headers: bearer })).json()) as {
        webhookRegistrationResult: unknown[];
      }
    ).webhookRegistrationResult[0];
  expect(await register('labels = urgent')).toEqual({
    errors: ["Field 'labels' is not supported in the JQL of a webhook."],
  });
  expect(await register('project is not EMPTY')).toEqual({
    errors: ["Operator 'is not' is not supported in the JQL of a webhook."],
  });
  for (let id = 1; id <= 5; id += 1) expect(await register('project = ABC')).toEqual({ createdWebhookId: id });
  expect(await register('project = ABC')).toEqual({
    errors: ['The maximum number of webhooks for the app and user is 5.'],
  });
});
