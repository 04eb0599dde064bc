import { isWrittenAs, nearest, type Inventory, type Item, type MappedList, type NamedItem } from '@plumbline/connector';
import { fingerprint } from '../kernel/fingerprint.ts';

export const driftProblems = ['GONE', 'TYPE', 'NEW'] as const;
type DriftProblem = (typeof driftProblems)[number];

/** One place where a mapping no longer fits what the account has. */
export interface DriftFinding {
  /** Path within the source's configuration. */
  path: string;
  /** The stream that is concerned. */
  stream: string;
  problem: DriftProblem;
  message: string;
  remedy: string;
}

/** By place: the type that something had, or every spelling of the items that a list had, when the mapping was made for it. */
export type Accepted = Readonly<Record<string, string | readonly string[]>>;

/** So many things that nobody maps are offered for one that is gone: it may have been renamed. */
const MOST_LIKE = 3;
const LIKE_ENOUGH = 0.4;

interface Compared {
  findings: readonly DriftFinding[];
  accepted: Accepted;
}

/**
 * Holds a mapping against what the account has now. A place that is new is accepted as it is found; one that was accepted
 * before stays so, however the account changes, until a person changes the mapping there.
 */
export function compareMapping(
  inventory: Pick<Inventory, 'named' | 'mapped'>,
  lists: ReadonlyMap<string, readonly Item[]>,
  known: Accepted,
): Compared {
  const parts = [
    ...inventory.named.map((named) => compareNamed(named, { inventory, items: lists.get(named.list) ?? [], known })),
    ...inventory.mapped.map((mapped) => compareList(mapped, lists.get(mapped.list) ?? [], known)),
  ];
  return {
    findings: parts.flatMap(({ findings }) => findings),
    accepted: Object.assign({}, ...parts.map(({ accepted }) => accepted)) as Accepted,
  };
}

/** Whether a mapping named this place, as it names it now, when the account still had it. */
export function wasThere(inventory: Pick<Inventory, 'named'>, path: string, accepted: Accepted): boolean {
  return inventory.named.some((named) => named.path === path && Object.hasOwn(accepted, placeOf(named)));
}

/** Things an account added that its mapping does not name, by the list they are in. */
export function unmappedItems(
  { named }: Pick<Inventory, 'named'>,
  lists: ReadonlyMap<string, readonly Item[]>,
): { list: string; item: Item }[] {
  return [...lists].flatMap(([list, items]) =>
    items.filter((item) => item.custom && !isNamed(item, list, named)).map((item) => ({ list, item })),
  );
}

function isNamed(item: Item, list: string, named: readonly NamedItem[]): boolean {
  return named.some((each) => each.list === list && isWrittenAs(item, each.id));
}

function compareNamed(
  named: NamedItem,
  { inventory, items, known }: { inventory: Pick<Inventory, 'named'>; items: readonly Item[]; known: Accepted },
): Compared {
  const { path, list, id, stream } = named;
  const place = placeOf(named);
  const before = known[place];
  const item = items.find((each) => isWrittenAs(each, id));
  if (!item) {
    const has = before === undefined ? 'does not have' : 'no longer has';
    const message = `${path} names the ${list} "${id}", which the account ${has}: what is read now comes without it.`;
    const free = items.filter((each) => !isNamed(each, list, inventory.named)).map((each) => each.id);
    const like = nearest(id, free, MOST_LIKE, LIKE_ENOUGH).map((each) => `"${each}"`);
    const other = like.length === 0 ? 'another one' : `another one (like it: ${like.join(', ')})`;
    const remedy = `Map ${other}, or bring it back; \`plumbline doctor\` lists what there is.`;
    return {
      findings: [{ path, stream, problem: 'GONE', message, remedy }],
      // What was never there has not been accepted: it may come with any type.
      accepted: before === undefined ? {} : { [place]: before },
    };
  }
  // The first type that was known stands; until then there is nothing to compare with.
  const type = before || (item.type ?? '');
  const accepted = { [place]: type };
  if (item.type === null || type === item.type) return { findings: [], accepted };
  const message = `${path} names the ${list} "${id}", whose type was ${String(type)} and is now ${item.type}.`;
  const remedy = `Check that its values are still read as they are meant, then ${acceptance}`;
  return { findings: [{ path, stream, problem: 'TYPE', message, remedy }], accepted };
}

const acceptance = 'accept it by `plumbline doctor --accept`.';

function compareList(mapped: MappedList, items: readonly Item[], known: Accepted): Compared {
  const { path, list, stream } = mapped;
  const place = `${path} ${list}`;
  const kept = known[place] ?? items.flatMap(({ id, spellings = [] }) => [id, ...spellings]);
  const meant = [...mapped.ids, ...kept];
  const findings = items
    .filter((item) => !meant.some((written) => isWrittenAs(item, written)))
    .map(({ id, name }) => ({
      path,
      stream,
      problem: 'NEW' as const,
      message: `${path} says nothing of the ${list} "${name}" (${id}), which is new: ${mapped.otherwise}.`,
      remedy: `Add it there, or ${acceptance}`,
    }));
  return { findings, accepted: { [place]: kept } };
}

/** Another meaning of the same name is another place: a person has looked at it. */
function placeOf({ path, list, id, means }: NamedItem): string {
  return `${path} ${list} ${id} ${fingerprint(means)}`;
}
