import { expect, test } from 'vitest';
import { settleTerms, type ProposalTerms } from './proposal-terms.rules.ts';
import { checkClauses, complianceOf, firstStandard, type Clause } from './standard.rules.ts';

const { terms: nothing } = settleTerms([]);
const clause = (more: Partial<Clause>): Clause => ({
  id: 'a',
  wants: 'Something.',
  term: 'changeControl',
  atLeast: null,
  contains: [],
  severity: 'MUST',
  ...more,
});

function found(terms: Partial<ProposalTerms>, ...clauses: Clause[]): string[] {
  return complianceOf({ ...nothing, ...terms }, { version: 1, clauses }).missing.map((each) => each.found);
}

test('as long as nothing is published, a proposal wants cadence, reports, escalation and change control', () => {
  const terms = { ...nothing, cadenceDays: 7, escalationPath: ['COO'], changeControl: ' ' };
  const { standardVersion, ratio, missing } = complianceOf(terms, firstStandard);
  expect(standardVersion).toBe(0);
  expect(ratio.figure.value).toBe('0.5');
  expect(missing.map((each) => [each.clause.id, each.found])).toEqual([
    ['reporting', 'reportingCycleDays says nothing.'],
    ['change-control', 'changeControl says nothing.'],
  ]);
});

test('a clause wants a length, and words in whatever capitals', () => {
  expect(found({ changeControl: 'In writing.' }, clause({ atLeast: 11 }))).toEqual([]);
  expect(found({ changeControl: 'In writing.' }, clause({ atLeast: 12 }))).toEqual([
    'changeControl has 11 characters, and 12 are wanted.',
  ]);
  const path = clause({ term: 'escalationPath', atLeast: 2 });
  expect(found({ escalationPath: ['COO'] }, path)).toEqual(['escalationPath has 1 members, and 2 are wanted.']);
  const words = clause({ contains: ['Change Order', 'in "writing"'] });
  expect(found({ changeControl: 'By change order.' }, words)).toEqual(['changeControl does not say "in "writing"".']);
  expect(found({ changeControl: 'By CHANGE ORDER, in "writing".' }, words)).toEqual([]);
});

test('words are sought in what is said, not in the names of its parts', () => {
  const commitments = [{ key: 'C1', text: 'Two rounds of testing.', deliverable: null, due: '2026-05-01' }];
  const roles = [{ role: 'Developer', seconds: 60 }];
  expect(found({ commitments }, clause({ term: 'commitments', contains: ['testing', 'due'] }))).toEqual([
    'commitments does not say "due".',
  ]);
  expect(found({ roles }, clause({ term: 'roles', contains: ['DEVELOPER', 'role'] }))).toEqual([
    'roles does not say "role".',
  ]);
});

test('words are sought in what a term says, not in the names of its members', () => {
  const promise = { key: 'C1', text: 'Customers log in.', deliverable: null, due: '2026-05-29' };
  const commitments = (...contains: string[]) => clause({ term: 'commitments', contains });
  expect(found({ commitments: [promise] }, commitments('due', 'deliverable'))).toEqual([
    'commitments does not say "due", "deliverable".',
  ]);
  expect(found({ commitments: [promise] }, commitments('LOG IN'))).toEqual([]);
  const roles = [{ role: 'Developer', seconds: 3_600 }];
  expect(found({ roles }, clause({ term: 'roles', contains: ['role'] }))).toEqual(['roles does not say "role".']);
});

test('a standard that cannot be meant is refused', () => {
  expect(() => checkClauses([clause({})])).not.toThrow();
  expect(() => checkClauses([])).toThrow(/0 clauses/);
  expect(() => checkClauses([clause({}), clause({})])).toThrow(/stands twice/);
  expect(() => checkClauses([clause({ wants: ' ' })])).toThrow(/"a" does not say/);
  expect(() => checkClauses([clause({ atLeast: 0 })])).toThrow(/at least 0/);
  expect(() => checkClauses([clause({ contains: [' '] })])).toThrow(/blank/);
  expect(() => checkClauses([clause({ term: 'price', contains: ['amount'] })])).toThrow(/neither a text nor a list/);
  expect(() => checkClauses([clause({ term: 'cadenceDays', atLeast: 7 })])).toThrow(/"a" wants a length or words of/);
  expect(() => checkClauses([clause({ term: 'price' })])).not.toThrow();
  expect(() => checkClauses([clause({ term: 'price' })])).not.toThrow();
  expect(() => checkClauses([clause({ term: 'price', contains: ['amount'] })])).toThrow(/words of price/);
  expect(() => checkClauses([clause({ term: 'cadenceDays', atLeast: 7 })])).toThrow(/a length or words of cadenceDays/);
});
