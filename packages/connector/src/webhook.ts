import { createHash, timingSafeEqual } from 'node:crypto';
import type { PollContext } from './connector.ts';
import type { JsonValue } from './fields.ts';

/** A request as it arrived, before anybody made anything of it. */
export interface WebhookRequest {
  method: string;
  /** As the vendor called it: the configured public address, then path and query as they were sent. */
  url: string;
  headers: Headers;
  /** The very bytes that were signed; JSON that was parsed and written again is another text. */
  body: Uint8Array;
}

/** One event of a request: what to look at because of it. Its own values are never stored, only the vendor is believed. */
export interface Notice {
  /**
   * The same for every repetition of the event, another for every other event of the source. It is kept for a while:
   * nothing of what the event says.
   */
  key: string;
  /**
   * A null id is the whole stream. `deleted` where the event says so of the record: once it is not there under its id any
   * more, it was deleted and not merely hidden.
   */
  looks: readonly { stream: string; id: string | null; deleted?: boolean }[];
  /**
   * Records that the vendor was asked to forget, and wants forgotten here: every copy of them goes, and they are never
   * taken again. Of a stream that the connector has not, nothing is kept; that it was asked for is put on record.
   */
  erasures?: readonly { stream: string; id: string }[];
}

/**
 * FORGED: not signed by who knows the secret. EXPIRED: signed, but too old or from the future. MALFORMED: signed, but
 * not what the vendor sends.
 */
export type Refusal = 'FORGED' | 'EXPIRED' | 'MALFORMED';

/** A request that nothing is done about. `message` is for the log and never repeats what was sent. */
export interface Refused {
  outcome: 'REFUSED';
  reason: Refusal;
  message: string;
}

export interface Accepted {
  outcome: 'ACCEPTED';
  notices: readonly Notice[];
  /** From when on the same request would be refused as EXPIRED: its keys are remembered until then. */
  validUntil: Temporal.Instant;
}

/** What became of a request. */
export type Reception = Accepted | Refused;

/** Something that makes the vendor send and that ends by itself, such as a channel of Google Drive. */
export interface Subscription {
  id: string;
  /** What it watches, for people. */
  subject: string;
  /** Null where the vendor sets no end. */
  expiresAt: string | null;
  /** What the connector needs to renew or stop it. No secrets: it is stored as it is. */
  details: JsonValue;
}

export interface StandingSubscriptions {
  subscriptions: readonly Subscription[];
  /** Sentences about what could not be opened or renewed; the next round tries again. */
  problems: readonly string[];
}

export interface WebhookDefinition<Config, Secrets> {
  /** Whether the secrets hold what requests are verified with; otherwise every request is refused unread. */
  isSetUp(secrets: Secrets): boolean;
  /** Pure and quick: verifies a request against secrets and time, and says what to look at. Never throws. */
  receive(request: WebhookRequest, context: { config: Config; secrets: Secrets; now: Temporal.Instant }): Reception;
  /** How a person sets them up at the vendor, in a few sentences. `address` is where the vendor is to send. */
  instructions(input: { config: Config; secrets: Secrets; address: string }): string;
  /** For vendors whose subscriptions end: opens what is missing, renews what ends soon, gives what stands now. */
  subscribe?(context: PollContext<Config, Secrets>, input: SubscribeInput): Promise<StandingSubscriptions>;
}

export interface SubscribeInput {
  address: string;
  /** What stood after the last round. */
  standing: readonly Subscription[];
  /** On the first round after a start: nobody has seen meanwhile whether what stood still does. */
  afresh: boolean;
}

/** Webhooks as the hub sees them, bound to one source's configuration and secrets. */
export interface Webhooks {
  readonly isSetUp: boolean;
  receive(request: WebhookRequest, now: Temporal.Instant): Reception;
  instructions(address: string): string;
  subscribe: ((context: PollContext, input: SubscribeInput) => Promise<StandingSubscriptions>) | null;
}

export function bindWebhooks<Config, Secrets>(
  webhooks: WebhookDefinition<Config, Secrets>,
  bound: { config: Config; secrets: Secrets },
): Webhooks {
  const { subscribe } = webhooks;
  return {
    isSetUp: webhooks.isSetUp(bound.secrets),
    receive: (request, now) => webhooks.receive(request, { ...bound, now }),
    instructions: (address) => webhooks.instructions({ ...bound, address }),
    subscribe: subscribe ? (context, input) => subscribe({ ...context, ...bound }, input) : null,
  };
}

/** Whether two texts are equal, in a time that tells nothing about where they differ or how long they are. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

export function refused(reason: Refusal, message: string): Refused {
  return { outcome: 'REFUSED', reason, message };
}
