import { expect, test } from 'vitest';
import { readProposalPolicy } from './proposal.settings.ts';

const commercial = { preset: undefined, marginFloor: '0.20', discounts: [] };

test('a review is required unless a firm says otherwise, or has no PMO', () => {
  expect(readProposalPolicy({}, commercial)).toEqual({
    review: 'REQUIRED',
    reviewDays: 30,
    gates: [
      { gate: 'BID', owners: [] },
      { gate: 'SOLUTION', owners: [] },
      { gate: 'COMMERCIAL', owners: [] },
    ],
    marginFloor: '0.20',
    discounts: [],
  });
  expect(readProposalPolicy({}, { ...commercial, preset: 'light' }).review).toBe('ADVISED');
  expect(readProposalPolicy({ review: 'REQUIRED' }, { ...commercial, preset: 'light' }).review).toBe('REQUIRED');
  expect(readProposalPolicy({ review: 'ADVISED', gates: [] }, commercial)).toMatchObject({
    review: 'ADVISED',
    gates: [],
  });
});

test('a wrong setting is named', () => {
  expect(() => readProposalPolicy({ review: 'LATER' as 'ADVISED' }, commercial)).toThrow(/proposals\.review.*REQUIRED/);
  expect(() => readProposalPolicy({ reviewDays: 0 }, commercial)).toThrow(/proposals\.reviewDays/);
  expect(() => readProposalPolicy({ gates: [{ gate: 'BID', owners: [' '] }] }, commercial)).toThrow(
    /proposals\.gates\.0\.owners\.0/,
  );
  expect(() => readProposalPolicy({ gates: [{ gate: 'BID' }, { gate: 'BID' }] }, commercial)).toThrow(
    /names a gate twice/,
  );
});
