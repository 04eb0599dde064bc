import { sameSecret, type WebhookRequest } from '@plumbline/connector';
import { createHmac } from 'node:crypto';
import type { GoogleSheetsSecrets } from './secrets.ts';

/**
 * Google signs nothing: what it sends proves itself by the token that we gave with the channel. Ours names the file and
 * its own end, and is signed by a key of ours, so that any process of the hub can verify it, also of a channel that
 * another one opened a moment ago.
 */
export interface ChannelToken {
  channelId: string;
  fileId: string;
  /** Epoch milliseconds. */
  validUntil: number;
}

export function writeToken({ channelId, fileId, validUntil }: ChannelToken, secrets: GoogleSheetsSecrets): string {
  const text = `${fileId}.${validUntil}`;
  const key = createHmac('sha256', secrets.privateKey).update('plumbline channel token').digest();
  return `${text}.${createHmac('sha256', key).update(`${channelId}.${text}`).digest('base64url')}`;
}

/** The token a request carries; null when it is none that this hub gave to the request's channel. */
export function readToken({ headers }: WebhookRequest, secrets: GoogleSheetsSecrets): ChannelToken | null {
  const channelId = headers.get('x-goog-channel-id') ?? '';
  const given = headers.get('x-goog-channel-token') ?? '';
  const [fileId = '', end = ''] = given.split('.');
  if (!/^\d{1,15}$/.test(end)) return null;
  const token = { channelId, fileId, validUntil: Number(end) };
  return sameSecret(given, writeToken(token, secrets)) ? token : null;
}
