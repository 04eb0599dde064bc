import type { JsonValue } from './fields.ts';
import type { PollContext } from './connector.ts';

/** One thing of an account that a configuration can name: a property, a field, a status, a tab, a header. */
export interface Item {
  /** What a configuration writes for it. */
  id: string;
  /** What people see. */
  name: string;
  /** The vendor's own word for its type, such as `number`; null where things of its list have none, or it is not known. */
  type: string | null;
  /** True for what the account added to what the vendor brings. */
  custom: boolean;
  /** Other ways in which a configuration may write it; letter case does not count. */
  spellings?: readonly string[];
}

/** A place in the configuration that names something of the account. */
export interface NamedItem {
  /** Path within the configuration: `changeRequests.priceDelta.field`. */
  path: string;
  /** The list it is in, such as `field`. */
  list: string;
  /** As it is written there. */
  id: string;
  /** The stream that goes without it when it is gone. */
  stream: string;
  /** What the configuration makes of it; when that changes, a person has looked at it again. */
  means: JsonValue;
}

/** A list that the configuration maps item by item, so that a new item has no meaning until a person gives it one. */
export interface MappedList {
  path: string;
  list: string;
  /** The items that have a meaning, as they are written. */
  ids: readonly string[];
  stream: string;
  /** What becomes of an item that is not among them, as the end of a sentence. */
  otherwise: string;
}

/** What an account has, list by list, and what of it one configuration names. Lists are named in the singular. */
export interface InventoryDefinition<Config, Secrets> {
  lists: Readonly<Record<string, (context: PollContext<Config, Secrets>) => Promise<readonly Item[]>>>;
  named(config: Config): readonly NamedItem[];
  mapped?(config: Config): readonly MappedList[];
}

/** An inventory bound to one source's configuration. */
export interface Inventory {
  readonly named: readonly NamedItem[];
  readonly mapped: readonly MappedList[];
  /** Names of the lists there are. */
  readonly lists: readonly string[];
  /** Asks the vendor for one list. */
  read(list: string, context: PollContext): Promise<readonly Item[]>;
}

/** Whether a configuration means this item by what it writes. */
export function isWrittenAs(item: Pick<Item, 'id' | 'spellings'>, written: string): boolean {
  return [item.id, ...(item.spellings ?? [])].some((spelling) => folded(spelling) === folded(written));
}

function folded(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Binds an inventory to a configuration. */
export function bindInventory<Config, Secrets>(
  definition: InventoryDefinition<Config, Secrets>,
  config: Config,
): Inventory {
  return {
    named: definition.named(config),
    mapped: definition.mapped?.(config) ?? [],
    lists: Object.keys(definition.lists),
    read: async (list, context) => {
      const read = definition.lists[list];
      return read ? read(context as PollContext<Config, Secrets>) : [];
    },
  };
}
