import type { Clock } from '@plumbline/connector';
import { createDeliveries, type Deliveries } from '@plumbline/emulator';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { GoogleError, invalidArgument, notFound } from './google-error.ts';

const MOST_MS = 24 * 60 * 60_000;
const UNASKED_MS = 60 * 60_000;

export const channelSchema = z.object({
  id: z.string().min(1).max(64),
  type: z.enum(['web_hook', 'webhook']),
  address: z.url(),
  token: z.string().max(256).optional(),
  expiration: z.coerce.number().optional(),
});
export const stopSchema = z.object({ id: z.string(), resourceId: z.string() });

/** Where a file's changes are told, until it ends. */
export interface Channel extends z.output<typeof channelSchema> {
  fileId: string;
  resourceId: string;
  /** Epoch milliseconds. */
  expiration: number;
  /** Number of the latest message. */
  messages: number;
}

export interface ChannelMessage {
  channel: Channel;
  number: number;
  state: 'sync' | 'update';
}

export interface Channels {
  readonly deliveries: Deliveries<ChannelMessage>;
  /** Channels that have not ended. */
  open(): readonly Channel[];
  /** Opens a channel and sends its first message; throws what Google answers to a bad one. */
  watch(fileId: string, asked: z.output<typeof channelSchema>): Channel;
  stop(asked: z.output<typeof stopSchema>): void;
  changed(fileId: string): void;
}

export function createChannels(clock: Pick<Clock, 'now'>): Channels {
  let channels: Channel[] = [];
  const now = (): number => clock.now().epochMilliseconds;
  const open = (): Channel[] => (channels = channels.filter(({ expiration }) => expiration > now()));
  const deliveries = createDeliveries<ChannelMessage>(({ channel, number, state }, { forged }) => ({
    url: channel.address,
    body: '',
    headers: {
      'x-goog-channel-id': channel.id,
      'x-goog-message-number': String(number),
      'x-goog-resource-id': channel.resourceId,
      'x-goog-resource-uri': `https://www.googleapis.com/drive/v3/files/${channel.fileId}?alt=json`,
      'x-goog-resource-state': state,
      'x-goog-channel-expiration': new Date(channel.expiration).toUTCString(),
      ...(channel.token === undefined ? {} : { 'x-goog-channel-token': forged ? 'a guess' : channel.token }),
      ...(state === 'update' ? { 'x-goog-changed': 'content' } : {}),
    },
  }));
  const say = (channel: Channel, state: ChannelMessage['state']): void => {
    // Numbers grow, but not by one.
    channel.messages += state === 'sync' ? 1 : 1 + (channel.messages % 3);
    deliveries.announce({ channel, number: channel.messages, state });
  };
  return {
    deliveries,
    open,
    watch(fileId, asked) {
      const expiration = Math.min(asked.expiration ?? now() + UNASKED_MS, now() + MOST_MS);
      if (expiration <= now()) throw invalidArgument('Invalid channel expiration.');
      if (channels.some(({ id }) => id === asked.id)) throw notUnique();
      const resourceId = createHash('sha256').update(fileId).digest('base64url').slice(0, 27);
      const channel: Channel = { ...asked, fileId, resourceId, expiration, messages: 0 };
      channels.push(channel);
      say(channel, 'sync');
      return channel;
    },
    stop({ id, resourceId }) {
      const found = open().find((each) => each.id === id && each.resourceId === resourceId);
      if (!found) throw notFound(`Channel '${id}' not found for project`);
      channels = channels.filter((each) => each !== found);
    },
    changed(fileId) {
      for (const channel of open()) if (channel.fileId === fileId) say(channel, 'update');
    },
  };
}

function notUnique(): GoogleError {
  return new GoogleError({
    code: 400,
    status: 'INVALID_ARGUMENT',
    reason: 'channelIdNotUnique',
    message: 'Channel id not unique',
  });
}
