import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { jira } from '../src/index.ts';

const secret = "It's a Secret to Everybody";
const app = { clientId: 'app-of-acme', clientSecret: 'client-secret-of-it', refreshToken: 'refresh-1' };
const pathOf = (clientSecret: string): string =>
  createHmac('sha256', clientSecret).update('plumbline webhook path').digest('base64url');
const address = 'https://hub.acme.example/webhooks/jira-acme';
const now = Temporal.Instant.from('2026-06-15T12:00:00Z');
const updated = {
  timestamp: now.epochMilliseconds - 1_000,
  webhookEvent: 'jira:issue_updated',
  issue: { id: '10001' },
};

function receive(
  secrets: object,
  { url = address, headers = {}, body }: { url?: string; headers?: Record<string, string>; body: string },
) {
  const { webhooks } = jira.install({
    id: 'jira-acme',
    config: { site: 'https://acme.atlassian.net', email: 'hub@acme.example' },
    secrets: 'clientId' in secrets ? secrets : { apiToken: 'token-of-the-hub', ...secrets },
  });
  if (!webhooks) throw new Error('the connector has no webhooks');
  const bytes = new TextEncoder().encode(body);
  return webhooks.receive({ method: 'POST', url, headers: new Headers(headers), body: bytes }, now);
}

const sign = (body: string, { method = 'sha256', key = secret } = {}): Record<string, string> => ({
  'x-hub-signature': `${method}=${createHmac(method, key).update(body, 'utf8').digest('hex')}`,
});
const send = (event: unknown, headers?: Record<string, string>) => {
  const body = JSON.stringify(event);
  return receive({ webhookSecret: secret }, { body, headers: { ...sign(body), ...headers } });
};

test('the signature is the one that Atlassian documents', () => {
  const headers = { 'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9' };
  // Signed rightly, only no event; with another byte it is not signed rightly.
  expect(receive({ webhookSecret: secret }, { headers, body: 'Hello World!' })).toMatchObject({ reason: 'MALFORMED' });
  expect(receive({ webhookSecret: secret }, { headers, body: 'Hello World?' })).toMatchObject({ reason: 'FORGED' });
});

test('the method is read from the header, as far as it is a sound one', () => {
  const body = JSON.stringify(updated);
  const by = (method: string) => receive({ webhookSecret: secret }, { body, headers: sign(body, { method }) }).outcome;
  expect(['sha256', 'sha384', 'sha512', 'sha1', 'md5'].map(by)).toEqual([
    'ACCEPTED',
    'ACCEPTED',
    'ACCEPTED',
    'REFUSED',
    'REFUSED',
  ]);
});

test('webhooks of an app are not signed: they prove themselves by their path, which makes no bad signature good', () => {
  const body = JSON.stringify(updated);
  expect(receive(app, { body, url: `${address}/${pathOf(app.clientSecret)}` }).outcome).toBe('ACCEPTED');
  expect(receive(app, { body, url: `${address}/${pathOf('another-client-secret')}` })).toMatchObject({
    reason: 'FORGED',
  });
  expect(receive(app, { body, url: address })).toMatchObject({ reason: 'FORGED' });
  const forged = sign(body, { key: 'another' });
  expect(receive(app, { body, url: `${address}/${pathOf(app.clientSecret)}`, headers: forged })).toMatchObject({
    reason: 'FORGED',
  });
});

test('with an administrator’s webhook the app’s address is none any more', () => {
  const body = JSON.stringify(updated);
  const url = `${address}/${pathOf(app.clientSecret)}`;
  expect(receive({ ...app, webhookSecret: secret }, { body, url })).toMatchObject({ reason: 'FORGED' });
  expect(receive({ ...app, webhookSecret: secret }, { body, headers: sign(body) }).outcome).toBe('ACCEPTED');
});

test('an event is taken for a day, and never from the future', () => {
  const at = (offset: number) => {
    const reception = send({ ...updated, timestamp: now.epochMilliseconds + offset });
    return reception.outcome === 'REFUSED' ? reception.reason : reception.outcome;
  };
  const hours = 60 * 60_000;
  expect([-24 * hours, -26 * hours, hours / 60, hours].map(at)).toEqual(['ACCEPTED', 'EXPIRED', 'ACCEPTED', 'EXPIRED']);
});

test('a repetition with another identifier in its header is a repetition: the header is not signed', () => {
  const keyOf = (event: unknown, identifier: string) => {
    const reception = send(event, { 'x-atlassian-webhook-identifier': identifier });
    return reception.outcome === 'ACCEPTED' ? reception.notices[0]?.key : null;
  };
  expect(keyOf(updated, 'a')).toBe(keyOf(updated, 'b'));
  expect(keyOf(updated, 'a')).not.toBe(keyOf({ ...updated, timestamp: updated.timestamp + 1 }, 'a'));
});

test.each([
  [updated, [{ stream: 'issues', id: '10001' }]],
  [
    { ...updated, webhookEvent: 'jira:issue_deleted', issue: { id: 10001 } },
    [{ stream: 'issues', id: '10001', deleted: true }],
  ],
  [
    { ...updated, webhookEvent: 'worklog_deleted', issue: undefined, worklog: { id: '7', issueId: '10001' } },
    [
      { stream: 'issues', id: '10001' },
      { stream: 'worklogs', id: '7', deleted: true },
    ],
  ],
  [
    {
      ...updated,
      webhookEvent: 'issuelink_created',
      issue: undefined,
      issueLink: { sourceIssueId: 1, destinationIssueId: 2 },
    },
    [
      { stream: 'issues', id: '1' },
      { stream: 'issues', id: '2' },
    ],
  ],
  [{ ...updated, webhookEvent: 'project_updated', issue: undefined }, [{ stream: 'projects', id: null }]],
  [{ ...updated, webhookEvent: 'jira:version_released', issue: undefined }, [{ stream: 'versions', id: null }]],
  [{ ...updated, webhookEvent: 'sprint_started', issue: undefined }, [{ stream: 'projects', id: null }]],
  [{ ...updated, webhookEvent: 'option_timetracking_changed', issue: undefined }, []],
])('%j names what to read again', (event, looks) => {
  expect(send(event)).toMatchObject({ outcome: 'ACCEPTED', notices: [{ looks }] });
});

test.each(['null', '[]', '{"timestamp":"soon"}', '{"webhookEvent":"jira:issue_updated"}'])(
  'a signed body of %s is malformed',
  (body) =>
    expect(receive({ webhookSecret: secret }, { body, headers: sign(body) })).toMatchObject({ reason: 'MALFORMED' }),
);
