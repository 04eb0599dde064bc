import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test('the names most like a mistyped one come first, and as many as are wanted', () => {
  const names = ['amount', 'closedate', 'createdate', 'hs_next_step', 'Hours / day', 'Note', 'x1', 'x2'];
  expect(nearest('close_date', names, 1)).toEqual(['closedate']);
  expect(nearest('next_step', names, 1)).toEqual(['hs_next_step']);
  expect(nearest('hours per day', names, 1)).toEqual(['Hours / day']);
  expect(nearest('close_date', names, 15, 0.5)).toEqual(['closedate', 'createdate']);
  expect(nearest('anything', names, 15)).toHaveLength(names.length);
});
