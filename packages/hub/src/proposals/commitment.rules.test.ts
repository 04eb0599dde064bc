import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCommitments, withKeys, type CommitmentTerms } from './commitment.rules.ts';
import { contentHashOf, settleTerms } from './proposal-terms.rules.ts';

const promise = (text: string, more: Partial<CommitmentTerms> = {}): CommitmentTerms => ({
  key: null,
  text,
  deliverable: null,
  due: null,
  ...more,
});

test('who has no key gets the next one that is free', () => {
  const named = [promise('a'), promise('b', { key: 'C1' }), promise('c', { key: ' Go-live ' }), promise('d')];
  expect(withKeys(named).map(({ key }) => key)).toEqual(['C2', 'C1', 'Go-live', 'C3']);
});

test('keys are never given twice, and stay when the terms are taken over', () => {
  const keys = fc.option(fc.constantFrom('C1', 'C2', 'C3', 'Go-live'), { nil: null });
  const given = fc.uniqueArray(fc.record({ key: keys }), { selector: ({ key }) => key ?? Symbol('none') });
  fc.assert(
    fc.property(given, (some) => {
      const once = withKeys(some.map(({ key }) => promise('x', { key })));
      expect(new Set(once.map(({ key }) => key)).size).toBe(once.length);
      expect(withKeys(once)).toEqual(once);
    }),
  );
});

test('a commitment that cannot be meant is refused', () => {
  const check = (...commitments: CommitmentTerms[]) => checkCommitments({ commitments, deliverables: ['Design'] });
  expect(() => check(promise('Live', { deliverable: 'Design' }))).not.toThrow();
  expect(() => check(promise(' '))).toThrow(/blank/);
  expect(() => check(promise('a', { key: 'X' }), promise('b', { key: 'X' }))).toThrow(/"X" stands twice/);
  expect(() => check(promise('a', { deliverable: 'Build' }))).toThrow(/"Build" is not among the deliverables/);
  expect(() => check(...Array.from({ length: 201 }, () => promise('a')))).toThrow(/201; 200 are allowed/);
});

test('what is promised is part of the terms, in whatever order it stands; terms without any keep their fingerprint', () => {
  const { terms } = settleTerms([
    ['GIVEN', { commitments: [promise('Live', { key: 'A' }), promise('Fast', { key: 'B' })] }],
  ]);
  const hash = contentHashOf(terms);
  expect(contentHashOf({ ...terms, commitments: terms.commitments?.toReversed() ?? null })).toBe(hash);
  expect(contentHashOf({ ...terms, commitments: [promise('Live', { key: 'A' })] })).not.toBe(hash);
  const { terms: none } = settleTerms([]);
  // The fingerprint of empty terms, as it was before there were commitments and list prices.
  const before = '7f5d07d3fc95936eb9f1e4c89d196aae';
  expect(contentHashOf(none)).toBe(before);
  expect(contentHashOf({ ...none, commitments: [] })).toBe(before);
});
