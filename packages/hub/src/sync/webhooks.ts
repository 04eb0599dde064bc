import { HubError, type Check, type Subscription } from '@plumbline/connector';
import type { Rows } from '../kernel/database.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import type { Engine } from './engine.ts';
import { keepSubscriptions, webhookAddress } from './subscriptions.ts';
import { createWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';
import { forgetOldEvents, readHealth, readSubscriptions, type Health } from './webhook-store.ts';

export interface WebhookOptions {
  /** Scheme, host and perhaps a path, such as `https://hub.acme.example`: the reverse proxy's, not this process's. */
  address: string;
}

/** How a source's webhooks go, with what this process has counted and not written yet. */
export interface WebhookState extends Health {
  subscriptions: readonly Subscription[];
}

/** What vendors say by themselves: taking it, and keeping them saying it. */
export interface HubWebhooks {
  receive: WebhookReceiver['receive'];
  /** Opens and renews subscriptions, of all sources or of this one, and writes down what was counted. */
  renew(signal: AbortSignal, sourceId?: string): Promise<void>;
  /** Where vendors reach this hub from now on; for who listens on an address that no configuration could know. */
  callAt(address: string): void;
  /** Where a source's vendor is to send; null while nobody has said where this hub is reached. */
  addressOf(sourceId: string): string | null;
  statesOf(sourceIds: readonly string[]): Promise<Map<string, WebhookState>>;
  /** How webhooks of a source are set up, or how they could be; null when its vendor has none. */
  checkOf(source: InstalledSource): Check | null;
  flush(): Promise<void>;
}

export function createWebhooks(
  engine: Engine,
  input: {
    sources: readonly InstalledSource[];
    address: string | null;
    wake(rows: Rows, sourceId: string): Promise<void>;
  },
): HubWebhooks {
  const { sources } = input;
  const { database, clock, logger } = engine;
  let { address } = input;
  const renewed = new Set<string>();
  const receiver = createWebhookReceiver({
    database,
    sources,
    clock,
    logger,
    address: () => address,
    wake: input.wake,
  });
  const addressOf = (sourceId: string): string | null => address && webhookAddress(address, sourceId);
  return {
    receive: receiver.receive,
    flush: receiver.flush,
    addressOf,
    callAt(given) {
      address = readWebhookAddress(given);
    },
    async renew(signal, sourceId) {
      await receiver.flush();
      await forgetOldEvents(database.rows, clock.now().toString());
      if (address === null) return;
      const known = address;
      for (const source of sources.filter(({ id }) => sourceId === undefined || id === sourceId)) {
        if (signal.aborted) return;
        const afresh = !renewed.has(source.id);
        await keepSubscriptions(engine, { source, address: webhookAddress(known, source.id), afresh, signal });
        renewed.add(source.id);
      }
    },
    async statesOf(sourceIds) {
      const [health, subscriptions] = await Promise.all([
        readHealth(database.rows, sourceIds),
        readSubscriptions(database.rows, sourceIds),
      ]);
      return new Map(
        [...health].map(([id, written]) => {
          const tally = receiver.tallyOf(id);
          const state: WebhookState = {
            ...written,
            repeated: written.repeated + tally.repeated,
            refused: written.refused + tally.refused,
            lastRefusedAt: tally.lastRefusedAt ?? written.lastRefusedAt,
            lastRefusal: tally.lastRefusal ?? written.lastRefusal,
            subscriptions: subscriptions.get(id) ?? [],
          };
          return [id, state];
        }),
      );
    },
    checkOf: (source) => checkOf(source, addressOf(source.id)),
  };
}

/** Without a trailing slash. What vendors send has secrets in it, so it comes by https, unless it stays on this machine. */
export function readWebhookAddress(given: string): string {
  const url = URL.parse(given);
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  const reachable = url?.protocol === 'https:' || (url?.protocol === 'http:' && local);
  if (url && reachable && url.search === '' && url.hash === '') return given.replace(/\/+$/, '');
  throw new HubError({
    code: 'BAD_CONFIG',
    message: `webhooks.address is "${given}", where no vendor can reach this hub.`,
    remedy: 'Give https, the public name and perhaps a path, such as https://hub.acme.example.',
  });
}

/** Never a failure: without webhooks a source is polled, which is all it needs. */
function checkOf({ connector, everyMinutes }: InstalledSource, address: string | null): Check | null {
  const { webhooks } = connector;
  if (!webhooks) return null;
  if (webhooks.isSetUp && address !== null) {
    const message = `expected at ${address}. ${webhooks.instructions(address)}`;
    return { subject: 'webhooks', ok: true, message, remedy: '' };
  }
  const first = address === null ? 'Set webhooks.address in plumbline.config.ts to where vendors reach this hub. ' : '';
  const shown = address ?? 'that address, then /webhooks/ and the name of this source';
  const message = `off; it is polled every ${everyMinutes} minutes. To be told of changes at once: ${first}${webhooks.instructions(shown)}`;
  return { subject: 'webhooks', ok: true, message, remedy: '' };
}
