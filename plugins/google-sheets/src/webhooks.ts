import { refused, type WebhookDefinition } from '@plumbline/connector';
import { readToken } from './channel-token.ts';
import { openChannels } from './channels.ts';
import type { GoogleSheetsConfig } from './config.ts';
import type { GoogleSheetsSecrets } from './secrets.ts';

export const webhooks: WebhookDefinition<GoogleSheetsConfig, GoogleSheetsSecrets> = {
  // The service account's key is secret enough to make tokens of; nothing else has to be kept.
  isSetUp: () => true,
  receive(request, { config, secrets, now }) {
    const token = readToken(request, secrets);
    if (!token) return refused('FORGED', 'Its token is none that this hub gave to a channel.');
    if (now.epochMilliseconds > token.validUntil) return refused('EXPIRED', 'Its channel has ended.');
    const number = request.headers.get('x-goog-message-number') ?? '';
    if (!/^\d{1,19}$/.test(number)) return refused('MALFORMED', 'It has no message number.');
    const spreadsheet = config.spreadsheets.find(({ id }) => id === token.fileId);
    // The first message of a channel only says that it is open.
    const tabs = request.headers.get('x-goog-resource-state') === 'sync' ? [] : (spreadsheet?.tabs ?? []);
    return {
      outcome: 'ACCEPTED',
      notices: [{ key: `${token.channelId}:${number}`, looks: tabs.map(({ name }) => ({ stream: name, id: null })) }],
      validUntil: Temporal.Instant.fromEpochMilliseconds(token.validUntil),
    };
  },
  instructions: ({ address }) =>
    `Nothing to set up: the hub opens a channel for each spreadsheet and renews it. Google must reach ${address} by https ` +
    'with a certificate that browsers trust.',
  subscribe: openChannels,
};
