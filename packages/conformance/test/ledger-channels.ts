import {
  refused,
  sameSecret,
  type Reception,
  type StandingSubscriptions,
  type SubscribeInput,
  type Subscription,
  type WebhookRequest,
} from '@plumbline/connector';
import { createDeliveries, type Deliveries, type Delivery } from '@plumbline/emulator';
import { createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Counterfeit, Setting } from '../src/index.ts';
import type { Get } from './ledger-connector.ts';

const HOUR_MS = 3_600_000;
const LASTS_MS = 6 * HOUR_MS;

export const channelSchema = z.object({ id: z.string(), address: z.url(), token: z.string() });
type Channel = z.output<typeof channelSchema> & { endsAt: number; messages: number };

/** A message says that something changed, and nothing else. */
export interface LedgerMessage {
  channel: Channel;
  number: number;
}

export interface LedgerChannels {
  readonly deliveries: Deliveries<LedgerMessage>;
  /** Gives when it ends. */
  open(asked: z.output<typeof channelSchema>): { endsAt: number };
  changed(): void;
}

/** Tells whoever has opened a channel that something changed, with the token that was given along, until it ends. */
export function createLedgerChannels(clock: Setting['clock']): LedgerChannels {
  let channels: Channel[] = [];
  const now = (): number => clock.now().epochMilliseconds;
  const deliveries = createDeliveries<LedgerMessage>(({ channel, number }, { forged }) => ({
    url: channel.address,
    body: '',
    headers: {
      'x-ledger-channel': channel.id,
      'x-ledger-token': forged ? 'a guess' : channel.token,
      'x-ledger-message': String(number),
    },
  }));
  return {
    deliveries,
    open(asked) {
      const endsAt = now() + LASTS_MS;
      channels.push({ ...asked, endsAt, messages: 0 });
      return { endsAt };
    },
    changed() {
      channels = channels.filter(({ endsAt }) => endsAt > now());
      for (const channel of channels) deliveries.announce({ channel, number: (channel.messages += 1) });
    },
  };
}

/** A message with what it says, not verified yet. */
interface Told {
  channel: string;
  token: string;
  number: number;
  /** Until when the token says that it is good, in epoch milliseconds. */
  until: number;
}

/** What a listener with channels does, step by step. */
export interface ChannelHearing {
  isOurs(told: Told, secret: string): boolean;
  isOver(told: Told, now: Temporal.Instant): boolean;
  key(told: Told): string;
  looks(told: Told): readonly { stream: string; id: string | null }[];
  /** Whether a channel need not be followed by another yet. */
  lasts(subscription: Pick<Subscription, 'expiresAt'>, now: Temporal.Instant): boolean;
}

const signed = ({ channel, until }: Pick<Told, 'channel' | 'until'>, secret: string): string =>
  `${until}.${createHmac('sha256', secret).update(`${channel}.${until}`).digest('hex')}`;

const leftMs = ({ expiresAt }: Pick<Subscription, 'expiresAt'>, now: Temporal.Instant): number =>
  Temporal.Instant.from(expiresAt ?? '').epochMilliseconds - now.epochMilliseconds;

export const soundChannels: ChannelHearing = {
  isOurs: (told, secret) => sameSecret(told.token, signed(told, secret)),
  isOver: ({ until }, now) => now.epochMilliseconds > until,
  key: ({ channel, number }) => `${channel}:${number}`,
  looks: () => [{ stream: 'entries', id: null }],
  lasts: (channel, now) => leftMs(channel, now) > 2 * HOUR_MS,
};

export function hearMessage(
  hearing: ChannelHearing,
  { headers }: WebhookRequest,
  { secret, now }: { secret: string; now: Temporal.Instant },
): Reception {
  const token = headers.get('x-ledger-token') ?? '';
  const told: Told = {
    channel: headers.get('x-ledger-channel') ?? '',
    token,
    number: Number(headers.get('x-ledger-message')),
    until: Number(token.split('.')[0]),
  };
  if (!hearing.isOurs(told, secret)) return refused('FORGED', 'Its token was not given to this channel.');
  if (hearing.isOver(told, now)) return refused('EXPIRED', 'Its channel has ended.');
  const validUntil = Temporal.Instant.fromEpochMilliseconds(Number.isFinite(told.until) ? told.until : 0);
  return { outcome: 'ACCEPTED', notices: [{ key: hearing.key(told), looks: hearing.looks(told) }], validUntil };
}

/** Opens a channel where none lasts; old ones end by themselves. */
export async function keepChannels(
  hearing: ChannelHearing,
  get: Get,
  input: Pick<SubscribeInput, 'address' | 'standing'> & { secret: string; now: Temporal.Instant },
): Promise<StandingSubscriptions> {
  const { address, standing, secret, now } = input;
  if (standing.some((each) => hearing.lasts(each, now))) return { subscriptions: standing, problems: [] };
  const id = randomUUID();
  const token = signed({ channel: id, until: now.epochMilliseconds + LASTS_MS }, secret);
  const { endsAt } = (await (await get('/channels', { id, address, token })).json()) as { endsAt: number };
  const expiresAt = Temporal.Instant.fromEpochMilliseconds(endsAt).toString();
  return { subscriptions: [{ id, subject: 'The ledger', expiresAt, details: null }], problems: [] };
}

/** What may be sent by who has overheard a message, or has a token of another channel. */
export function ledgerCounterfeits(good: Delivery, secret: string): Counterfeit[] {
  const unlike = (what: string, headers: Record<string, string>): Counterfeit => ({
    what,
    request: { ...good, headers: { ...good.headers, 'x-ledger-message': '4711', ...headers } },
  });
  const until = Number((good.headers['x-ledger-token'] ?? '').split('.')[0]);
  return [
    unlike('A channel that nobody opened', { 'x-ledger-channel': 'made-up' }),
    unlike('The token of another channel', { 'x-ledger-token': signed({ channel: 'another', until }, secret) }),
  ];
}
