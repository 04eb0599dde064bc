/** What a connector does that the hub cannot live with, in a sentence. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function demand(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Violation(sentence);
}
