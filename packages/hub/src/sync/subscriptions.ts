import { explain } from '@plumbline/connector';
import type { InstalledSource } from '../sources/installed-source.ts';
import { openVendor, type Engine } from './engine.ts';
import { readSubscriptions, storeSubscriptions } from './webhook-store.ts';

/** Opens, renews and writes down what makes the vendors send, for every source whose subscriptions end by themselves. */
export async function keepSubscriptions(
  engine: Engine,
  input: {
    sources: readonly InstalledSource[];
    addressOf(sourceId: string): string;
    afresh: boolean;
    signal: AbortSignal;
  },
): Promise<void> {
  const { sources, addressOf, afresh, signal } = input;
  for (const source of sources) {
    const { webhooks } = source.connector;
    if (!webhooks?.isSetUp || !webhooks.subscribe || signal.aborted) continue;
    const { rows } = engine.database;
    const standing = (await readSubscriptions(rows, [source.id])).get(source.id) ?? [];
    try {
      const kept = await webhooks.subscribe(openVendor(engine, source, { signal, tries: 2 }), {
        address: addressOf(source.id),
        standing,
        afresh,
      });
      const problems = kept.problems.map((problem) => source.redact(problem));
      for (const problem of problems) engine.logger.warn({ source: source.id }, problem);
      await engine.database.transaction((within) =>
        storeSubscriptions(within, { sourceId: source.id, subscriptions: kept.subscriptions, problems }),
      );
    } catch (error) {
      engine.logger.warn({ source: source.id }, source.redact(`Webhooks could not be renewed: ${explain(error)}`));
    }
  }
}

/** Where a source's vendor is to send. */
export function webhookAddress(address: string, sourceId: string): string {
  return `${address}/webhooks/${sourceId}`;
}
