import { explain } from '@plumbline/connector';
import type { InstalledSource } from '../sources/installed-source.ts';
import { openVendor, type Engine } from './engine.ts';
import { readSubscriptions, storeSubscriptions } from './webhook-store.ts';

/** Opens, renews and writes down what makes a source's vendor send, where that ends by itself. */
export async function keepSubscriptions(
  engine: Engine,
  input: { source: InstalledSource; address: string; afresh: boolean; signal: AbortSignal },
): Promise<void> {
  const { source, address, afresh, signal } = input;
  const { webhooks } = source.connector;
  if (!webhooks?.isSetUp || !webhooks.subscribe) return;
  const { rows } = engine.database;
  const standing = (await readSubscriptions(rows, [source.id])).get(source.id) ?? [];
  try {
    const vendor = openVendor(engine, source, { signal, tries: 2 });
    const kept = await webhooks.subscribe(vendor, { address, standing, afresh });
    const problems = kept.problems.map((problem) => source.redact(problem));
    for (const problem of problems) engine.logger.warn({ source: source.id }, problem);
    await engine.database.transaction((within) =>
      storeSubscriptions(within, { sourceId: source.id, subscriptions: kept.subscriptions, problems }),
    );
  } catch (error) {
    engine.logger.warn({ source: source.id }, source.redact(`Webhooks could not be renewed: ${explain(error)}`));
  }
}

/** Where a source's vendor is to send. */
export function webhookAddress(address: string, sourceId: string): string {
  return `${address}/webhooks/${sourceId}`;
}
