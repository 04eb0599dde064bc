import type { HubSpotHistoryEntry } from './seed.ts';

/** One state of a record. A change makes a new one, so that the search index may go on showing the old one. */
export interface ObjectVersion {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  /** Newest first. */
  readonly history?: Readonly<Record<string, readonly HubSpotHistoryEntry[]>>;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly updated: number;
  readonly archivedAt: number | null;
}

/** The records of one type: as they are, and as the search index shows them, which runs behind. */
export class ObjectTable {
  readonly #current = new Map<string, ObjectVersion>();
  readonly #indexed = new Map<string, ObjectVersion>();
  readonly #survivors = new Map<string, string>();
  #pending: { dueAt: number; id: string; version: ObjectVersion | null }[] = [];
  #byChange: readonly ObjectVersion[] | null = null;
  #byId: { active: readonly ObjectVersion[]; archived: readonly ObjectVersion[] } | null = null;

  get size(): number {
    return this.#current.size;
  }

  /** A record as it is now; the id of a merged one gives its survivor. */
  get(id: string): ObjectVersion | undefined {
    return this.#current.get(this.resolve(id));
  }

  resolve(id: string): string {
    let resolved = id;
    for (let next = this.#survivors.get(id); next !== undefined; next = this.#survivors.get(next)) resolved = next;
    return resolved;
  }

  has(id: string): boolean {
    return this.#current.has(id);
  }

  /** Takes a record that has been there for long: the index knows it. */
  load(version: ObjectVersion): void {
    this.#current.set(version.id, version);
    if (version.archivedAt === null) this.#indexed.set(version.id, version);
    this.#forgetOrder();
  }

  put(version: ObjectVersion, indexAt: number): void {
    this.#current.set(version.id, version);
    this.#pending.push({ dueAt: indexAt, id: version.id, version: version.archivedAt === null ? version : null });
    this.#byId = null;
  }

  replaceBySurvivor(id: string, survivor: string, indexAt: number): void {
    this.#current.delete(id);
    this.#survivors.set(id, survivor);
    this.#pending.push({ dueAt: indexAt, id, version: null });
    this.#byId = null;
  }

  purge(id: string, indexAt: number): void {
    this.#current.delete(id);
    this.#pending.push({ dueAt: indexAt, id, version: null });
    this.#byId = null;
  }

  /** What search sees at `now`, by last change. Equal instants come in no order anybody could rely on. */
  searchable(now: number): readonly ObjectVersion[] {
    const due = this.#pending.filter((change) => change.dueAt <= now);
    if (due.length > 0) {
      this.#pending = this.#pending.filter((change) => change.dueAt > now);
      for (const { id, version } of due) {
        if (version) this.#indexed.set(id, version);
        else this.#indexed.delete(id);
      }
      this.#byChange = null;
    }
    this.#byChange ??= [...this.#indexed.values()].sort((a, b) => a.updated - b.updated || scramble(a) - scramble(b));
    return this.#byChange;
  }

  /** In the order of their ids. */
  list(state: 'active' | 'archived'): readonly ObjectVersion[] {
    if (!this.#byId) {
      const all = [...this.#current.values()].sort((a, b) => Number(a.id) - Number(b.id));
      this.#byId = {
        active: all.filter((version) => version.archivedAt === null),
        archived: all.filter((version) => version.archivedAt !== null),
      };
    }
    return this.#byId[state];
  }

  #forgetOrder(): void {
    this.#byChange = null;
    this.#byId = null;
  }
}

function scramble(version: ObjectVersion): number {
  return (Number(version.id) * 2_654_435_761) % 4_294_967_291;
}

/** The first position of an ascending list at which `value` reaches `bound`. */
export function lowerBound<Item>(items: readonly Item[], bound: number, value: (item: Item) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value(items[middle] as Item) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
