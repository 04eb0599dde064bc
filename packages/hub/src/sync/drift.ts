import { explain, type Inventory, type Item, type PollContext } from '@plumbline/connector';
import { compareMapping, unmappedItems, type DriftFinding } from '../sources/drift.rules.ts';
import { readDrift, writeDrift } from '../sources/drift.store.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import { openVendor, type Engine } from './engine.ts';

/** While nothing is wrong the account is looked at this often; what is wrong is looked at by every poll, until it is not. */
const LOOK_EVERY_MINUTES = 60;

/** How a source's mapping compares with what its account has now. */
export interface MappingReport {
  sourceId: string;
  drift: readonly DriftFinding[];
  /** What the account added and the mapping does not name. */
  unmapped: readonly { list: string; item: Item }[];
}

/** Where the mapping and the account have drifted apart, for the runs of this poll; asks the vendor when it is time to. */
export async function driftOf(
  engine: Engine,
  source: InstalledSource,
  signal: AbortSignal,
): Promise<readonly DriftFinding[]> {
  const { inventory } = source.connector;
  if (!inventory || inventory.named.length + inventory.mapped.length === 0) return [];
  const saved = await readDrift(engine.database.rows, source.id);
  const isFresh =
    saved !== null &&
    saved.mapping === source.mapping &&
    saved.findings.length === 0 &&
    engine.clock.now().since(Temporal.Instant.from(saved.lookedAt)).total('minutes') < LOOK_EVERY_MINUTES;
  if (isFresh) return [];
  try {
    const lists = await readLists(inventory, openVendor(engine, source, { signal, tries: 2 }), listsInUse(inventory));
    return await compareAndKeep(engine, source, { inventory, lists, accept: false });
  } catch (error) {
    // The poll will meet what is wrong itself, and tell it; only the comparison has to wait for the next one.
    if (!signal.aborted) {
      engine.logger.warn(
        { source: source.id, error: source.redact(explain(error)) },
        'The mapping could not be compared with what the account has.',
      );
    }
    return saved?.findings ?? [];
  }
}

/** Compares now, and looks for what nobody maps; `accept` takes what there is as what the mapping was made for. */
export async function reportMapping(
  engine: Engine,
  source: InstalledSource,
  how: { accept: boolean; signal: AbortSignal },
): Promise<MappingReport> {
  const { inventory } = source.connector;
  if (!inventory) return { sourceId: source.id, drift: [], unmapped: [] };
  const context = openVendor(engine, source, { signal: how.signal, tries: 2 });
  const used = listsInUse(inventory);
  const lists = await readLists(inventory, context, used);
  const drift = await compareAndKeep(engine, source, { inventory, lists, accept: how.accept });
  for (const list of inventory.lists.filter((each) => !used.includes(each))) {
    // What nobody uses may be hidden from the account: then there is nothing to offer.
    lists.set(list, await inventory.read(list, context).catch(() => []));
  }
  return { sourceId: source.id, drift, unmapped: unmappedItems(inventory, lists) };
}

async function compareAndKeep(
  engine: Engine,
  source: InstalledSource,
  found: { inventory: Inventory; lists: ReadonlyMap<string, readonly Item[]>; accept: boolean },
): Promise<readonly DriftFinding[]> {
  const { rows } = engine.database;
  const known = found.accept ? {} : ((await readDrift(rows, source.id))?.accepted ?? {});
  const { findings, accepted } = compareMapping(found.inventory, found.lists, known);
  const lookedAt = engine.clock.now().toString();
  await writeDrift(rows, source.id, { mapping: source.mapping, lookedAt, accepted, findings });
  return findings;
}

function listsInUse({ named, mapped }: Inventory): string[] {
  return [...new Set([...named, ...mapped].map(({ list }) => list))];
}

async function readLists(
  inventory: Inventory,
  context: PollContext,
  lists: readonly string[],
): Promise<Map<string, readonly Item[]>> {
  const read = await Promise.all(lists.map(async (list) => [list, await inventory.read(list, context)] as const));
  return new Map(read);
}
