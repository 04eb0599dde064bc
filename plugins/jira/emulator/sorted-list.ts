/** Items kept in an order: found by binary search, sorted again only after a bulk load. */
export interface SortedList<Item> {
  add(item: Item): void;
  /** For many at once; the sorting is put off until the order is asked for. */
  addAll(items: readonly Item[]): void;
  /** Removes this very item. */
  remove(item: Item): void;
  /** Puts another item in the place of this very one; moves it only when it sorts elsewhere. */
  replace(old: Item, item: Item): void;
  /** In order. Do not change it. */
  items(): readonly Item[];
  /** Position of the first item for which `reached` holds; it must hold for everything behind that one too. */
  position(reached: (item: Item) => boolean): number;
}

export function createSortedList<Item>(compare: (a: Item, b: Item) => number): SortedList<Item> {
  const sorted: Item[] = [];
  let dirty = false;
  const items = (): Item[] => {
    if (dirty) sorted.sort(compare);
    dirty = false;
    return sorted;
  };
  const position = (reached: (item: Item) => boolean): number => {
    const all = items();
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (reached(all[middle] as Item)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const add = (item: Item): void => {
    if (dirty) sorted.push(item);
    else sorted.splice(positionBehind(item), 0, item);
  };
  const positionBehind = (item: Item): number => position((other) => compare(other, item) > 0);
  const indexOf = (item: Item): number => {
    const all = items();
    let at = position((other) => compare(other, item) >= 0);
    while (at < all.length && all[at] !== item) at += 1;
    return at;
  };
  return {
    items,
    position,
    add,
    replace(old, item) {
      const at = indexOf(old);
      if (compare(old, item) === 0) sorted[at] = item;
      else {
        if (at < sorted.length) sorted.splice(at, 1);
        add(item);
      }
    },
    addAll(more) {
      for (const item of more) sorted.push(item);
      dirty = true;
    },
    remove(item) {
      const at = indexOf(item);
      if (at < sorted.length) sorted.splice(at, 1);
    },
  };
}
