import { expect, test } from 'vitest';
import type { MetricUnit } from '../kernel/metric.ts';
import { shown, shownChange } from './shown.ts';

const metric = (name: string, unit: MetricUnit, currency: string | null = null) => ({
  definition: { name, description: '', unit, formula: '', inputs: {} },
  currency,
});

test('a figure moves in its own unit, a share in points', () => {
  expect(shown('0.0345', metric('margin', 'RATIO'))).toBe('3.5 %');
  expect(shownChange('-0.0345', metric('margin', 'RATIO'))).toBe('-3.5 points');
  expect(shownChange('0.25', metric('pipelineCoverage', 'RATIO'))).toBe('+0.25');
  expect(shownChange('-36000', metric('leakedTime', 'SECONDS'))).toBe('-10 h');
  expect(shownChange('1234567.5', metric('openPipeline', 'MONEY', 'EUR'))).toBe('+EUR 1,234,567.50');
  expect(shownChange('-100', metric('openPipeline', 'MONEY', 'JPY'))).toBe('-JPY 100');
  expect(shownChange('2', metric('unquantifiedRisks', 'COUNT'))).toBe('+2');
});

test('what did not move is empty, and what moved by less than is shown is not rounded to nothing', () => {
  expect(shownChange('0.00', metric('margin', 'RATIO'))).toBe('');
  expect(shownChange(null, metric('margin', 'RATIO'))).toBe('');
  expect(shownChange('0.0000234', metric('margin', 'RATIO'))).toBe('+0.002 points');
  expect(shownChange('-60', metric('leakedTime', 'SECONDS'))).toBe('-0.02 h');
});
