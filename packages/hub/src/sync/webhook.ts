import { defineEntity, p } from '@mikro-orm/core';

/** An event that was taken, for as long as the same request would be taken again. */
export const WebhookEvent = defineEntity({
  name: 'WebhookEvent',
  tableName: 'webhook_event',
  properties: {
    source_id: p.text().primary(),
    key: p.text().primary(),
    keep_until: p.string().columnType('timestamptz'),
  },
  indexes: [{ name: 'webhook_event_keep_idx', properties: ['keep_until'] }],
});

/** A record, or a whole stream, that is to be looked at because its vendor said so. */
export const WebhookLook = defineEntity({
  name: 'WebhookLook',
  tableName: 'webhook_look',
  properties: {
    source_id: p.text().primary(),
    stream: p.text().primary(),
    /** Empty for the whole stream. */
    external_id: p.text().primary(),
    /** Another one with every further event, so that what is asked for during a look is looked at again. */
    mark: p.uuid(),
    wanted_at: p.string().columnType('timestamptz'),
    tries: p.integer(),
    /** Whether it is not to be read but erased; never given up, however often that fails. */
    erase: p.boolean().default(false),
    /** Whether its vendor said that it was deleted. */
    deleted: p.boolean().default(false),
  },
});

/** How a source's webhooks go. */
export const WebhookHealth = defineEntity({
  name: 'WebhookHealth',
  tableName: 'webhook_health',
  properties: {
    source_id: p.text().primary(),
    last_event_at: p.string().columnType('timestamptz').nullable(),
    accepted: p.bigint(),
    repeated: p.bigint(),
    refused: p.bigint(),
    last_refused_at: p.string().columnType('timestamptz').nullable(),
    last_refusal: p.text().nullable(),
    /** Sentences about subscriptions that could not be opened or renewed. */
    problems: p.json(),
  },
});

/** Something that makes a vendor send, until it ends. */
export const WebhookSubscription = defineEntity({
  name: 'WebhookSubscription',
  tableName: 'webhook_subscription',
  properties: {
    source_id: p.text().primary(),
    id: p.text().primary(),
    subject: p.text(),
    expires_at: p.string().columnType('timestamptz').nullable(),
    details: p.json(),
  },
});
