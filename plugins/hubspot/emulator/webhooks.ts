import { createDeliveries, type Deliveries, type Delivery } from '@plumbline/emulator';
import { createHash, createHmac } from 'node:crypto';
import type { PortalState } from './portal-state.ts';
import type { HubSpotAssociation, HubSpotObjectType } from './seed.ts';

/** Where a portal sends its events. */
export interface WebhookTarget {
  url: string;
  /** The app's client secret. */
  secret: string;
  /** v3 when absent; private apps sign by v1. */
  signature?: 'v1' | 'v2' | 'v3';
}

/** What changed, as one event of HubSpot's; what every event has is added when it is sent. */
export interface PortalEvent {
  subscriptionType: string;
  occurredAt: number;
  objectId?: number;
  changeFlag?: 'CREATED' | 'DELETED';
  propertyName?: string;
  propertyValue?: string;
  primaryObjectId?: number;
  mergedObjectIds?: readonly number[];
  newObjectId?: number;
  associationType?: string;
  fromObjectId?: number;
  toObjectId?: number;
  associationRemoved?: boolean;
}

const singular: Record<HubSpotObjectType, string> = { deals: 'deal', companies: 'company', line_items: 'line_item' };

export function eventType(type: HubSpotObjectType, what: string): string {
  return `${singular[type]}.${what}`;
}

/** HubSpot sends an event for each side. */
export function associationEvents(
  { from, to }: Pick<HubSpotAssociation, 'from' | 'to'>,
  how: { occurredAt: number; associationRemoved: boolean },
): PortalEvent[] {
  const side = (one: HubSpotAssociation['from'], other: HubSpotAssociation['from']): PortalEvent => ({
    ...how,
    subscriptionType: eventType(one.type, 'associationChange'),
    associationType: `${singular[one.type]}_TO_${singular[other.type]}`.toUpperCase(),
    fromObjectId: Number(one.id),
    toObjectId: Number(other.id),
  });
  return [side(from, to), side(to, from)];
}

/** Tells the target of a portal what changed, one request for each change. */
export function createPortalDeliveries(state: PortalState): Deliveries<readonly PortalEvent[]> {
  return createDeliveries((events, { forged }) => {
    const { webhookTarget: target, clock } = state;
    if (!target) return null;
    const body = JSON.stringify(events.map((event) => ({ ...envelope(state, event), ...event })));
    const secret = forged ? `not ${target.secret}` : target.secret;
    return signed({ ...target, secret }, body, String(clock.now().epochMilliseconds));
  });
}

/** `eventId` repeats now and then, as HubSpot's does. */
function envelope({ portal }: PortalState, event: PortalEvent): Record<string, unknown> {
  const subscription = createHash('sha256')
    .update(`${event.subscriptionType} ${event.propertyName ?? ''}`)
    .digest();
  return {
    eventId: (event.objectId ?? event.fromObjectId ?? 0) % 1_000,
    subscriptionId: subscription.readUInt32BE() % 10_000_000,
    portalId: portal.portalId,
    appId: 1_234_567,
    changeSource: 'CRM_UI',
    attemptNumber: 0,
  };
}

function signed({ url, secret, signature = 'v3' }: WebhookTarget, body: string, timestamp: string): Delivery {
  const headers = { 'content-type': 'application/json' };
  if (signature === 'v3') {
    const hmac = createHmac('sha256', secret).update(`POST${url}${body}${timestamp}`).digest('base64');
    return {
      url,
      body,
      headers: { ...headers, 'x-hubspot-signature-v3': hmac, 'x-hubspot-request-timestamp': timestamp },
    };
  }
  const text = signature === 'v1' ? secret + body : `${secret}POST${url}${body}`;
  const hash = createHash('sha256').update(text).digest('hex');
  return {
    url,
    body,
    headers: { ...headers, 'x-hubspot-signature': hash, 'x-hubspot-signature-version': signature },
  };
}
