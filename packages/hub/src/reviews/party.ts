import type { Approver } from '../money/discount.rules.ts';

/** Who acts: a person where one is named or the key speaks for one, otherwise the key. */
export interface Party extends Approver {
  /** The key. */
  actor: string;
  personId: string | null;
}

/** Equal for who is the same person, however they act, and for a key that speaks for nobody. */
export function identityOf({ actor, personId }: Pick<Party, 'actor' | 'personId'>): string {
  return personId ?? `key ${actor}`;
}
