import { stepsFrom, type ChangeRequestState } from './change-control.rules.ts';

export const changeStages = ['OPEN', 'DECIDED', 'DONE'] as const;
export type ChangeStage = (typeof changeStages)[number];

const decided: readonly ChangeRequestState[] = ['APPROVED', 'IMPLEMENTING', 'IMPLEMENTED'];

/** A change request's state in three words: undecided, agreed and being worked on, or nothing left to do. Pure. */
export function stageOf(state: ChangeRequestState): ChangeStage {
  if (stepsFrom(state).length === 0) return 'DONE';
  return decided.includes(state) ? 'DECIDED' : 'OPEN';
}
