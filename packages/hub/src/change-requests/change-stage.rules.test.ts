import { changeRequestStates } from '@plumbline/connector';
import { expect, test } from 'vitest';
import { stageOf } from './change-stage.rules.ts';

test('every state has the stage that the documentation gives it', () => {
  const byStage = Object.groupBy(changeRequestStates, stageOf);
  expect(byStage).toEqual({
    OPEN: ['CAPTURED', 'TRIAGED', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW', 'QUOTED', 'DEFERRED'],
    DECIDED: ['APPROVED', 'IMPLEMENTING', 'IMPLEMENTED'],
    DONE: ['CLOSED', 'REJECTED', 'WITHDRAWN', 'ABSORBED'],
  });
});
