import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';

test('the system’s clock is no finer than what a database keeps', () => {
  const parts = Array.from({ length: 100 }, () => systemClock.now().epochNanoseconds % 1_000n);
  expect(new Set(parts)).toEqual(new Set([0n]));
});
