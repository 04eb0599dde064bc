/** A seeded source of randomness; the same seed gives the same company. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, both bounds included. */
  integer(from: number, to: number): number;
  pick<Value>(values: readonly Value[]): Value;
  chance(probability: number): boolean;
  /** An independent source for a named purpose: adding a use of one does not change what another gives. */
  fork(name: string): Random;
}

export function createRandom(seed: string): Random {
  let state = hash(seed);
  const random: Random = {
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
    integer: (from, to) => from + Math.floor(random.next() * (to - from + 1)),
    pick(values) {
      const value = values[random.integer(0, values.length - 1)];
      if (value === undefined) throw new RangeError('pick wants a list with something in it');
      return value;
    },
    chance: (probability) => random.next() < probability,
    fork: (name) => createRandom(`${seed}/${name}`),
  };
  return random;
}

function hash(text: string): number {
  let value = 2_166_136_261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return value;
}
