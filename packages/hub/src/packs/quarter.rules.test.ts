import { expect, test } from 'vitest';
import { quarterOf } from './quarter.rules.ts';

test('a quarter has its first and last day, and the part of it that is over', () => {
  expect(quarterOf('2026-01-01')).toEqual({ from: '2026-01-01', to: '2026-03-31', elapsed: '0.011111' });
  expect(quarterOf('2026-03-31')).toEqual({ from: '2026-01-01', to: '2026-03-31', elapsed: '1' });
  expect(quarterOf('2026-11-22')).toMatchObject({ from: '2026-10-01', to: '2026-12-31' });
  expect(quarterOf('2028-02-29')).toMatchObject({ from: '2028-01-01', elapsed: '0.659341' });
});
