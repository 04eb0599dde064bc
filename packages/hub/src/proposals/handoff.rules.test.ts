import { expect, test } from 'vitest';
import { handoffItems, handoffOf, type HandoffFacts } from './handoff.rules.ts';

const complete: HandoffFacts = {
  accepted: 1,
  ungoverned: [],
  commitments: 3,
  unplanned: 0,
  projects: 2,
  withoutBaseline: 0,
  withoutManager: 0,
  withoutTeam: 0,
  withoutMilestone: 0,
};

function missingOf(change: Partial<HandoffFacts>) {
  const { completeness, items } = handoffOf({ ...complete, ...change });
  const lacking = items.filter(({ there }) => !there);
  return { value: completeness.figure.value, missing: lacking.map(({ item, missing }) => [item, missing]) };
}

test('a deal with everything there is handed over', () => {
  expect(missingOf({})).toEqual({ value: '1', missing: [] });
});

test('what is missing is said, item by item', () => {
  expect(missingOf({ withoutManager: 1, unplanned: 2, ungoverned: ['escalation'] })).toEqual({
    value: '0.625',
    missing: [
      ['GOVERNANCE', 'The accepted proposal says nothing of escalation.'],
      ['MANAGER', '1 of 2 projects have no manager.'],
      ['COMMITMENTS_PLANNED', 'No work keeps 2 of 3 commitments.'],
    ],
  });
  expect(missingOf({ projects: 1, withoutBaseline: 1, withoutTeam: 1, withoutMilestone: 1 })).toEqual({
    value: '0.625',
    missing: [
      ['BASELINE', 'Its project has no baseline.'],
      ['TEAM', 'Its project has nobody booked for it.'],
      ['MILESTONE', 'Its project has no milestone with a day.'],
    ],
  });
});

test('of several accepted proposals each has to say how the work is governed', () => {
  expect(missingOf({ accepted: 2, ungoverned: ['reports'] }).missing).toEqual([
    ['GOVERNANCE', 'One of 2 accepted proposals says nothing of reports.'],
  ]);
});

test('what cannot be told is not there', () => {
  const { value, missing } = missingOf({ accepted: 0, projects: 0, commitments: 0 });
  expect(value).toBe('0');
  expect(missing.map(([item]) => item)).toEqual([...handoffItems]);
});
