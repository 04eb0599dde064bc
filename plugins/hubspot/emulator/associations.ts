import type { HubSpotAssociation, HubSpotObjectType } from './seed.ts';

export interface Association {
  id: string;
  typeIds: readonly number[];
}

/** The same relation seen from the other side, by HubSpot's numbers. */
const inverse: Readonly<Record<number, number>> = { 5: 6, 6: 5, 341: 342, 342: 341, 20: 19, 19: 20 };
/** A primary company is also an ordinary one. */
const implied: Readonly<Record<number, number>> = { 5: 341, 6: 342 };

type End = HubSpotAssociation['from'];

/** Who hangs on whom, kept from both sides. */
export class Associations {
  /** How many of one record an answer holds. */
  readonly pageSize: number;
  readonly #sides = new Map<string, Map<string, readonly Association[]>>();

  constructor(pageSize: number) {
    this.pageSize = pageSize;
  }

  add({ from, to, typeId }: HubSpotAssociation): void {
    this.#put(from, to, typeId);
    this.#put(to, from, inverse[typeId] ?? typeId);
  }

  remove({ from, to }: Pick<HubSpotAssociation, 'from' | 'to'>): void {
    this.#drop(from, to);
    this.#drop(to, from);
  }

  of(from: End, to: HubSpotObjectType): readonly Association[] {
    return this.#sides.get(`${from.type}>${to}`)?.get(from.id) ?? [];
  }

  /** Gives everything that hangs on one record to another, as a merge does. */
  move(type: HubSpotObjectType, fromId: string, toId: string): void {
    const [from, to] = [
      { type, id: fromId },
      { type, id: toId },
    ];
    for (const [name, side] of this.#sides) {
      const [fromType, otherType] = name.split('>') as [HubSpotObjectType, HubSpotObjectType];
      if (fromType !== type) continue;
      for (const { id, typeIds } of side.get(fromId) ?? []) {
        const other = { type: otherType, id };
        this.remove({ from, to: other });
        for (const typeId of typeIds) this.add({ from: to, to: other, typeId });
      }
    }
  }

  #put(from: End, to: End, typeId: number): void {
    const side = this.#side(from, to);
    const known = side.get(from.id) ?? [];
    const typeIds = typeId in implied ? [typeId, implied[typeId] as number] : [typeId];
    const present = known.find(({ id }) => id === to.id);
    const merged = { id: to.id, typeIds: [...new Set([...typeIds, ...(present?.typeIds ?? [])])] };
    // There is one primary company: a new one takes the place of the old.
    const others = known
      .filter((other) => other !== present)
      .map((other) => (typeId === 5 ? { ...other, typeIds: other.typeIds.filter((each) => each !== 5) } : other));
    side.set(from.id, [...others, merged]);
  }

  #drop(from: End, to: End): void {
    const side = this.#side(from, to);
    side.set(
      from.id,
      (side.get(from.id) ?? []).filter(({ id }) => id !== to.id),
    );
  }

  #side(from: End, to: End): Map<string, readonly Association[]> {
    const name = `${from.type}>${to.type}`;
    const side = this.#sides.get(name) ?? new Map<string, readonly Association[]>();
    this.#sides.set(name, side);
    return side;
  }
}
