import {
  refused,
  type Notice,
  type Reception,
  type WebhookDefinition,
  type WebhookRequest,
} from '@plumbline/connector';
import { z } from 'zod';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';
import type { ObjectType } from './requests.ts';
import { TOLERANCE_MS, verifySignature } from './signature.ts';

/** HubSpot tries a delivery for 24 hours; an event that is older than that comes from somebody who kept it. */
const LONGEST_DELIVERY_MS = 25 * 60 * 60_000;

const id = z.number().int().positive();
const eventSchema = z.looseObject({
  portalId: id,
  subscriptionId: z.number().int(),
  occurredAt: z.number().int(),
  objectId: id.optional(),
  objectTypeId: z.string().optional(),
  /** Some of HubSpot's own examples call it `eventType`. */
  subscriptionType: z.string().optional(),
  eventType: z.string().optional(),
  propertyName: z.string().optional(),
  associationType: z.string().optional(),
  fromObjectId: id.optional(),
  toObjectId: id.optional(),
  primaryObjectId: id.optional(),
  mergedObjectIds: z.array(id).optional(),
  newObjectId: id.nullish(),
});
type Event = z.output<typeof eventSchema>;

const streams: Readonly<Record<string, ObjectType>> = {
  deal: 'deals',
  company: 'companies',
  line_item: 'line_items',
  '0-3': 'deals',
  '0-2': 'companies',
  '0-8': 'line_items',
};

/** The same names as the streams have. */
const streamNames: Readonly<Record<ObjectType, string>> = {
  deals: 'deals',
  companies: 'companies',
  line_items: 'line-items',
};

export const webhooks: WebhookDefinition<HubSpotConfig, HubSpotSecrets> = {
  isSetUp: (secrets) => signingSecret(secrets) !== undefined,
  receive(request, { config, secrets, now }) {
    const proof = verifySignature(request, { secret: signingSecret(secrets) ?? '', now });
    if ('outcome' in proof) return proof;
    const events = parseEvents(request);
    if (!events) return refused('MALFORMED', 'The body is no list of HubSpot’s events.');
    if (proof.version === 'v3') return accepted(events, { config, validUntil: proof.sentAt + TOLERANCE_MS });
    const newest = Math.max(...events.map(({ occurredAt }) => occurredAt));
    const age = now.epochMilliseconds - newest;
    if (age > LONGEST_DELIVERY_MS || age < -TOLERANCE_MS) {
      return refused('EXPIRED', 'Its events are more than a day old, or from the future.');
    }
    return accepted(events, { config, validUntil: newest + LONGEST_DELIVERY_MS });
  },
  instructions: ({ address, secrets }) =>
    secrets.clientSecret === undefined ? ofPrivateApp(address) : ofOAuthApp(address),
};

const subscriptions =
  'subscribe to creation, deletion, privacy deletion, merge, restore, association and property changes of deals, companies and line items';

function ofPrivateApp(address: string): string {
  return (
    `In HubSpot open the private app (Settings, Integrations, Private apps), tab Webhooks, set the target URL to ${address}, ` +
    `${subscriptions}, and give the app’s client secret as secrets.webhookSecret.`
  );
}

function ofOAuthApp(address: string): string {
  return `In HubSpot’s developer account open the app, tab Webhooks, set the target URL to ${address}, and ${subscriptions}.`;
}

/** HubSpot signs by the client secret of the app, whichever kind of app it is. */
function signingSecret({ webhookSecret, clientSecret }: HubSpotSecrets): string | undefined {
  return webhookSecret ?? clientSecret;
}

/** One of a form that nobody knows is passed over: the others must not be lost with it, as HubSpot sends them together. */
function parseEvents({ body }: WebhookRequest): Event[] | null {
  try {
    const list = z
      .array(z.unknown())
      .max(1_000)
      .parse(JSON.parse(new TextDecoder().decode(body)));
    const events = list.flatMap((each) => eventSchema.safeParse(each).data ?? []);
    return events.length === 0 ? null : events;
  } catch {
    return null;
  }
}

function accepted(
  events: readonly Event[],
  { config, validUntil }: { config: HubSpotConfig; validUntil: number },
): Reception {
  return {
    outcome: 'ACCEPTED',
    notices: events.map((event) => noticeOf(event, config)),
    validUntil: Temporal.Instant.fromEpochMilliseconds(validUntil),
  };
}

/** `eventId` is not unique, so what an event says tells it from others. */
function noticeOf(event: Event, { portalId }: HubSpotConfig): Notice {
  const type = event.subscriptionType ?? event.eventType ?? '';
  const parts = [
    event.portalId,
    event.subscriptionId,
    type,
    event.objectTypeId,
    event.objectId ?? event.fromObjectId ?? event.primaryObjectId,
    event.toObjectId,
    event.propertyName,
    event.occurredAt,
  ];
  // An app has one address for every portal that let it in, and ids of one portal mean other records in the next.
  const isOwn = portalId === undefined || event.portalId === portalId;
  const key = parts.map((part) => part ?? '').join(':');
  if (type.endsWith('.privacyDeletion')) return { key, looks: [], erasures: isOwn ? erasuresOf(event, type) : [] };
  return { key, looks: isOwn ? looksOf(event, type) : [] };
}

/** Somebody asked to be forgotten: no archived record tells of it later. Contacts are of no stream here. */
function erasuresOf({ objectId, objectTypeId }: Event, type: string): NonNullable<Notice['erasures']> {
  if (objectId === undefined) return [];
  const noun = objectTypeId ?? type.split('.')[0] ?? '';
  const subject = streams[noun];
  return [{ stream: subject === undefined ? noun : streamNames[subject], id: String(objectId) }];
}

/** Creation, change, deletion, merge and restore all mean: read these records again. */
function looksOf(event: Event, type: string): Notice['looks'] {
  const subject = streams[event.objectTypeId ?? type.split('.')[0] ?? ''];
  const own = [event.objectId, event.primaryObjectId, event.newObjectId, ...(event.mergedObjectIds ?? [])];
  const looks = own.map((each) => ({ type: subject, id: each }));
  // DEAL_TO_COMPANY: each end of an association is part of what is read of it.
  const [from, to] = (event.associationType ?? '').toLowerCase().split('_to_');
  looks.push({ type: streams[from ?? ''], id: event.fromObjectId }, { type: streams[to ?? ''], id: event.toObjectId });
  return looks.flatMap((look) =>
    look.type === undefined || look.id === undefined || look.id === null
      ? []
      : [{ stream: streamNames[look.type], id: String(look.id) }],
  );
}
