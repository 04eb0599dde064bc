import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { readCheckInSettings } from '../../packages/hub/src/check-ins/check-ins.settings.ts';
import { changeControlOptions, readPolicy } from '../../packages/hub/src/change-requests/change-control.settings.ts';
import { proposalOptions, readProposalPolicy } from '../../packages/hub/src/reviews/proposal.settings.ts';
import { readReviewsSettings } from '../../packages/hub/src/packs/reviews.settings.ts';
import { readMeetingSettings } from '../../packages/hub/src/time/meeting.settings.ts';
import { readNatureSettings } from '../../packages/hub/src/time/nature.settings.ts';
import type { PlumblineConfig } from '../../packages/hub/src/index.ts';

const path = join(import.meta.dirname, '../../plumbline.config.example.ts');

async function example(): Promise<PlumblineConfig> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  vi.stubEnv('HUBSPOT_ACCESS_TOKEN', 'pat-of-this-test');
  vi.stubEnv('JIRA_API_TOKEN', 'token-of-this-test');
  vi.stubEnv(
    'GOOGLE_SERVICE_ACCOUNT',
    JSON.stringify({ client_email: 'plumbline@acme.iam.gserviceaccount.com', private_key: privateKey }),
  );
  return ((await import(path)) as { default: PlumblineConfig }).default;
}

test('the example is a valid configuration of every connector', async () => {
  const { sources } = await example();
  const installed = sources.map(
    ({ id, connector, config, secrets }) => connector.install({ id, config, secrets }).name,
  );
  expect(installed).toEqual(['hubspot', 'jira', 'google-sheets', 'files']);
});

test('the example shows every option that a connector has', async () => {
  const text = readFileSync(path, 'utf8');
  const { sources } = await example();
  const options = sources.flatMap(({ connector }) => [...membersOf(connector.configSchema as JsonSchema)]);
  expect(options.length).toBeGreaterThan(60);
  expect(options.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

test('the example shows every option of change control, with its default unless it says otherwise', async () => {
  const { changeControl = {} } = await example();
  const { escalation, calendar, settings, ...policy } = readPolicy(changeControl);
  const { escalation: usual, ...defaults } = readPolicy({});
  // Tiers and holidays are examples.
  expect({
    ...policy,
    settings: { ...settings, discounts: [] },
    calendar: { ...calendar, holidays: [] },
  }).toEqual(defaults);
  expect(settings.discounts.length).toBeGreaterThan(0);
  expect(escalation.everySeconds).toBe(usual.everySeconds);
  expect(Object.keys(changeControl).toSorted()).toEqual(Object.keys(changeControlOptions.shape).toSorted());
});

test('the example shows every option of proposals, with its default unless it says otherwise', async () => {
  const { proposals = {} } = await example();
  const commercial = { preset: undefined, marginFloor: '0.20', discounts: [] };
  const { gates: owned, ...policy } = readProposalPolicy(proposals, commercial);
  const { gates, ...defaults } = readProposalPolicy({}, commercial);
  expect(policy).toEqual(defaults);
  // Who owns a gate is an example.
  expect(owned.map(({ gate }) => gate)).toEqual(gates.map(({ gate }) => gate));
  expect(Object.keys(proposals).toSorted()).toEqual(Object.keys(proposalOptions.shape).toSorted());
});

test('the example shows what tells waiting and rework from progress, as it is by default', async () => {
  expect((await example()).nature).toEqual(readNatureSettings({}));
});

test('the example shows what tells status meetings from work, as it is by default', async () => {
  expect((await example()).statusMeetings).toEqual(readMeetingSettings({}));
});

test('the example shows every option of check-ins, with its default unless it says otherwise', async () => {
  const { checkIns } = await example();
  const { reminders, ...others } = checkIns ?? {};
  // Who leads, and where reminders go, is an example.
  expect({ ...others, leadership: [] }).toEqual(readCheckInSettings({}));
  expect({ ...reminders, send: undefined }).toEqual(readCheckInSettings({ reminders: {} }).reminders);
});

test('the example shows every option of reviews, with its default unless it says otherwise', async () => {
  const { reviews } = await example();
  const { portfolio, ...others } = readReviewsSettings(reviews ?? {});
  expect(others).toEqual(readReviewsSettings({}));
  expect(portfolio).toEqual(readReviewsSettings({ portfolio: { currency: 'EUR' } }).portfolio);
});

test('the example tells a chat whom it reminds of what, as text, and is called again when the chat refuses', async () => {
  const { checkIns } = await example();
  const heard: { key: string | undefined; text: string }[] = [];
  const answers = [200, 500];
  const chat = createServer(async (request, response) => {
    const { text } = JSON.parse(await textOf(request)) as { text: string };
    heard.push({ key: request.headers['idempotency-key'] as string | undefined, text });
    response.writeHead(answers[heard.length - 1] ?? 200).end();
  });
  await new Promise<void>((done) => chat.listen(0, '127.0.0.1', done));
  vi.stubEnv('CHAT_WEBHOOK_URL', `http://127.0.0.1:${(chat.address() as AddressInfo).port}/`);
  const view = { perspective: 'SELLER', lastAsOf: null, oldSince: '2026-03-13T10:00:00Z' } as const;
  const reminder = {
    id: '2026-03-16 UGVyc29uOjE',
    day: '2026-03-16',
    person: { id: 'UGVyc29uOjE', name: 'Ada', email: 'ada@x.com' },
    views: [
      { ...view, subject: { id: 'a', name: '<!channel> & Co' }, nth: 1 },
      { ...view, subject: { id: 'b', name: null }, nth: 3 },
    ],
    more: 7,
  };
  const send = async () => checkIns?.reminders?.send?.(reminder, { signal: AbortSignal.timeout(10_000) });
  await send();
  await expect(send()).rejects.toThrow('the chat answers 500');
  const text = 'Ada, how do you see these?\n• &lt;!channel&gt; &amp; Co\n• without a name (asked 3 times)\nand 7 more';
  expect(heard).toEqual([
    { key: reminder.id, text },
    { key: reminder.id, text },
  ]);
  chat.close();
});

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** Names of the members a JSON Schema knows, at any depth. */
function membersOf(schema: JsonSchema): Set<string> {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = schema;
  const within = [...Object.values(properties), ...anyOf, ...oneOf, ...(items ? [items] : [])];
  if (typeof additionalProperties === 'object') within.push(additionalProperties);
  return new Set([...Object.keys(properties), ...within.flatMap((each) => [...membersOf(each)])]);
}
