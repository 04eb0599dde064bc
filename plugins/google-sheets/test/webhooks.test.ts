import type { Subscription } from '@plumbline/connector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDesk, type Desk } from './desk.ts';

const id = '1RatesOfAcme';
const address = 'https://hub.acme.example/webhooks/sheets-acme';

let desk: Desk;

beforeEach(async () => {
  const tab = (sheetId: number, title: string) => ({ sheetId, title, rows: [['E-mail', 'Name']] });
  desk = await openDesk({
    spreadsheets: [
      {
        spreadsheetId: id,
        title: 'Rates',
        locale: 'en_GB',
        timeZone: 'Europe/Berlin',
        tabs: [tab(1, 'A'), tab(2, 'B')],
      },
    ],
    config: {
      spreadsheets: [
        {
          id,
          tabs: ['A', 'B'].map((name) => ({
            name: name.toLowerCase(),
            tab: name,
            kind: 'person' as const,
            key: { column: 'E-mail', scheme: 'email' },
            columns: { name: 'Name' },
          })),
        },
      ],
    },
  });
});
afterEach(() => desk.close());

function webhooks() {
  const { webhooks: found } = desk.connector;
  if (!found?.subscribe) throw new Error('the connector has no webhooks');
  return { receive: found.receive, subscribe: found.subscribe };
}

const subscribe = (standing: readonly Subscription[] = [], more: { address?: string; afresh?: boolean } = {}) =>
  webhooks().subscribe(desk.context, { address, standing, afresh: false, ...more });

/** What Google would send on the channel, with members changed. */
function message(change: Record<string, string> = {}) {
  const [channel] = desk.emulator.channels();
  const headers = {
    'x-goog-channel-id': channel?.id ?? '',
    'x-goog-channel-token': channel?.token ?? '',
    'x-goog-message-number': '7',
    'x-goog-resource-state': 'update',
    ...change,
  };
  const request = { method: 'POST', url: address, headers: new Headers(headers), body: new Uint8Array() };
  return webhooks().receive(request, desk.clock.now());
}

test('a channel is opened for a spreadsheet, and its messages name all tabs that are read of it', async () => {
  const { subscriptions, problems } = await subscribe();
  expect(problems).toEqual([]);
  expect(subscriptions).toMatchObject([{ subject: `Spreadsheet ${id}`, expiresAt: '2026-03-03T09:00:00Z' }]);
  expect(desk.emulator.channels()).toMatchObject([{ fileId: id, address, id: subscriptions[0]?.id }]);
  const looks = [
    { stream: 'a', id: null },
    { stream: 'b', id: null },
  ];
  expect(message()).toMatchObject({ outcome: 'ACCEPTED', notices: [{ key: `${subscriptions[0]?.id}:7`, looks }] });
  expect(message({ 'x-goog-resource-state': 'sync' })).toMatchObject({ outcome: 'ACCEPTED', notices: [{ looks: [] }] });
});

test('only a token that this hub gave to this very channel is believed, and only for as long as it says', async () => {
  await subscribe();
  const token = desk.emulator.channels()[0]?.token ?? '';
  const [file, until, signature] = token.split('.');
  for (const wrong of [
    '',
    'a guess',
    token.slice(0, -1),
    `other.${until}.${signature}`,
    `${file}.9${until}.${signature}`,
  ])
    expect([wrong, message({ 'x-goog-channel-token': wrong })]).toMatchObject([wrong, { reason: 'FORGED' }]);
  expect(message({ 'x-goog-channel-id': 'another channel' })).toMatchObject({ reason: 'FORGED' });
  expect(message({ 'x-goog-message-number': 'first' })).toMatchObject({ reason: 'MALFORMED' });
  const headers = { 'x-goog-channel-id': desk.emulator.channels()[0]?.id ?? '', 'x-goog-channel-token': token };
  desk.clock.advance(26 * 60 * 60_000);
  expect(message(headers)).toMatchObject({ reason: 'EXPIRED' });
});

test('a channel is replaced in its last quarter, the new one before the old one is stopped', async () => {
  const first = await subscribe();
  desk.clock.advance(17 * 60 * 60_000);
  expect(await subscribe(first.subscriptions)).toEqual(first);
  desk.clock.advance(2 * 60 * 60_000);
  desk.emulator.forgetRequests();
  const second = await subscribe(first.subscriptions);
  expect(desk.paths()).toEqual([`POST /drive/v3/files/${id}/watch`, 'POST /drive/v3/channels/stop']);
  expect(second.subscriptions).toMatchObject([{ expiresAt: '2026-03-04T04:00:00Z' }]);
  expect(desk.emulator.channels()).toMatchObject([{ id: second.subscriptions[0]?.id }]);
});

test('a hub that has moved opens channels to where it is now', async () => {
  const first = await subscribe();
  const moved = 'https://elsewhere.acme.example/webhooks/sheets-acme';
  const second = await subscribe(first.subscriptions, { address: moved });
  expect(second.subscriptions).toHaveLength(1);
  expect(desk.emulator.channels()).toMatchObject([{ address: moved }]);
});

test('a hub that has just started opens channels anew, since the old ones may have gone meanwhile', async () => {
  const first = await subscribe();
  const second = await subscribe(first.subscriptions, { afresh: true });
  expect(desk.emulator.channels().map(({ id: channel }) => channel)).toEqual(
    second.subscriptions.map((each) => each.id),
  );
  expect(second.subscriptions[0]?.id).not.toBe(first.subscriptions[0]?.id);
});

test('a spreadsheet that cannot be watched is a problem with its name, and keeps the channel it still has', async () => {
  const first = await subscribe();
  desk.clock.advance(20 * 60 * 60_000);
  desk.emulator.unshare({ spreadsheetId: id, email: 'plumbline@acme.iam.gserviceaccount.com' });
  const second = await subscribe(first.subscriptions);
  expect(second.subscriptions).toEqual(first.subscriptions);
  expect(second.problems).toEqual([expect.stringContaining(`Spreadsheet ${id} cannot be watched`)]);
});

test('what is stored of a channel is no secret', async () => {
  const { subscriptions } = await subscribe();
  expect(JSON.stringify(subscriptions)).not.toContain(desk.emulator.channels()[0]?.token);
});
