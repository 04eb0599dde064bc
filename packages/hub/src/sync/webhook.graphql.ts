import type { Subscription } from '@plumbline/connector';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import type { WebhookState } from './webhooks.ts';

/** The type that tells how webhooks of a source go. */
export function addWebhookHealth(graph: Graph) {
  const { builder } = graph;
  const subscription = builder.objectRef<Subscription>('WebhookSubscription').implement({
    description: 'Something the hub opened at a vendor so that it sends, and renews before it ends.',
    fields: (t) => ({
      subject: t.exposeString('subject', { nullable: false, description: 'What is watched.' }),
      expiresAt: t.field({
        type: 'Instant',
        description: 'When it ends unless it is renewed; null where the vendor sets no end.',
        resolve: (of) => of.expiresAt,
      }),
    }),
  });
  return builder.objectRef<WebhookState>('WebhookHealth').implement({
    description:
      'How a vendor’s own notifications of changes go. They only hasten what polling finds anyway: without any, nothing is missing, only later.',
    fields: (t) => ({
      address: t.string({
        description: 'Where the vendor is to send; null while `webhooks.address` is not configured.',
        resolve: (of, _, context: Context) => context.actions.webhooks.addressOf(of.sourceId),
      }),
      lastEventAt: t.field({
        type: 'Instant',
        description: 'When the latest request was taken; null before the first.',
        resolve: (of) => of.lastEventAt,
      }),
      accepted: t.exposeFloat('accepted', {
        nullable: false,
        description: 'Requests that were taken, since the source was installed.',
      }),
      repeated: t.exposeFloat('repeated', {
        nullable: false,
        description:
          'Requests that only said what was known: repetitions of the vendor’s, or of somebody who listened.',
      }),
      refused: t.exposeFloat('refused', {
        nullable: false,
        description: 'Requests that were refused: signed wrongly, too old, or not what the vendor sends.',
      }),
      lastRefusedAt: t.field({
        type: 'Instant',
        description: 'When the latest request was refused; null before the first.',
        resolve: (of) => of.lastRefusedAt,
      }),
      lastRefusal: t.string({
        description: 'Why the latest one was refused, in a sentence; null before the first.',
        resolve: (of) => of.lastRefusal,
      }),
      waiting: t.exposeInt('waiting', {
        nullable: false,
        description: 'Records and streams that were named and have not been looked at yet.',
      }),
      subscriptions: t.field({
        type: [subscription],
        nullable: false,
        description: 'What the hub has opened at the vendor, where that is needed.',
        resolve: (of) => [...of.subscriptions],
      }),
      problems: t.stringList({
        nullable: false,
        description:
          'What could not be opened or renewed lately, a sentence each; it is tried again every ten minutes.',
        resolve: (of) => [...of.problems],
      }),
    }),
  });
}

/** In the order asked for. */
export async function readWebhookStates(
  context: Context,
  sourceIds: readonly string[],
): Promise<(WebhookState | null)[]> {
  const states = await context.actions.webhooks.statesOf(sourceIds);
  return sourceIds.map((id) => states.get(id) ?? null);
}
