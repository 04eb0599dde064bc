import type { Evidence } from './control-inputs.graphql.ts';

/** Why a step is refused: the guard by name, what is so, and what to do about it. */
export interface Refusal {
  guard: string;
  message: string;
  remedy: string;
}

/** Passes where somebody can read later who decided at the client, and where. */
export function clientDecision(_: unknown, { evidence }: { evidence?: Evidence | null | undefined }): Refusal | null {
  if (evidence?.decidedBy.trim() && evidence.reference.trim()) return null;
  return {
    guard: 'clientDecision',
    message: 'There is no evidence of the client’s decision.',
    remedy: 'Give `evidence`: who decided at the client, and where that can be read.',
  };
}
