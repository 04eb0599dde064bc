import { expect, test } from 'vitest';
import { figureQualityOf, isLow } from './figure-quality.rules.ts';
import type { FieldCheck } from './quality.rules.ts';

const good = (field: string): FieldCheck => ({ field, isGiven: true, problem: null });
const missing = (field: string): FieldCheck => ({ field, isGiven: false, problem: null });
const wrong = (field: string, problem: string): FieldCheck => ({ field, isGiven: true, problem });

test('the quality of a figure is that of all its records, and names what lowers it, the most frequent first', () => {
  const found = figureQualityOf(
    'opportunity',
    [
      [good('name'), missing('nextStep')],
      [good('name'), missing('nextStep')],
      [wrong('name', 'It is odd.'), good('nextStep')],
      [wrong('name', 'It is odder.'), good('nextStep')],
    ],
    { fresh: '0.5', threshold: '0.8' },
  );
  // 6 of 8 given, 4 of those valid: 0.3 + 0.2 + 0.15.
  expect(found?.figure.figure.value).toBe('0.65');
  expect(found).toMatchObject({ kind: 'opportunity', records: 4, threshold: '0.8' });
  expect(found?.shortfalls).toEqual([
    { field: 'nextStep', problem: 'It is missing.', count: 2 },
    { field: 'name', problem: 'It is odd.', count: 1 },
    { field: 'name', problem: 'It is odder.', count: 1 },
  ]);
});

test('only what is beneath the threshold is low: not what reaches it, nor what nobody knows', () => {
  const checks = [[good('name'), missing('nextStep')]];
  // 0.2 + 0.3 + 0.3.
  const at = (threshold: string, fresh: string | null = '1') => {
    const found = figureQualityOf('project', checks, { fresh, threshold });
    return found && isLow(found);
  };
  expect(at('0.80')).toBe(false);
  expect(at('0.81')).toBe(true);
  expect(at('0.81', null)).toBe(false);
  expect(figureQualityOf('project', [], { fresh: '1', threshold: '0.8' })).toBe(null);
});
