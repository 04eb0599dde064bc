import fc from 'fast-check';
import { expect, test } from 'vitest';
import { none } from '../kernel/figure.ts';
import type { PresentedMetric } from '../kernel/metric.graphql.ts';
import { readWarningLimits } from '../reports/early-warning.settings.ts';
import { judge, type Standards } from './judgement.rules.ts';

const limits = readWarningLimits({});
const standards: Standards = { limits, elapsed: '0.5', targets: new Map() };

function figure(name: string, value: string | null): PresentedMetric {
  return {
    definition: { name, description: '', unit: 'RATIO', formula: '', inputs: {} },
    inputs: {},
    figure: value === null ? none('The revenue is 0.') : { value, reason: null },
    currency: null,
  };
}

const statusOf = (name: string, value: string, by: Partial<Standards> = {}) =>
  judge(figure(name, value), { ...standards, ...by }).status;

test('a figure is good at its target, watched up to its threshold, bad beyond it', () => {
  expect(statusOf('costPerformanceIndex', '1')).toBe('GOOD');
  expect(statusOf('costPerformanceIndex', '0.999')).toBe('WATCH');
  expect(statusOf('costPerformanceIndex', '0.9')).toBe('WATCH');
  expect(statusOf('costPerformanceIndex', '0.8999')).toBe('BAD');
  expect(statusOf('burnGap', '0')).toBe('GOOD');
  expect(statusOf('burnGap', '0.1')).toBe('WATCH');
  expect(statusOf('burnGap', '0.11')).toBe('BAD');
});

test('what was to be won by now is the part of the quarter that is over', () => {
  expect(statusOf('quotaAttainment', '0.5')).toBe('GOOD');
  expect(statusOf('quotaAttainment', '0.375')).toBe('WATCH');
  expect(statusOf('quotaAttainment', '0.37')).toBe('BAD');
});

test('a target of the sheet comes first, and 5 points beneath it is bad', () => {
  const targets = new Map([
    ['margin', '0.40'],
    ['costPerformanceIndex', '0.95'],
  ]);
  expect(judge(figure('margin', '0.36'), { ...standards, targets })).toEqual({
    target: '0.40',
    threshold: '0.35',
    status: 'WATCH',
    reason: 'It is beneath its target.',
    suggestion: 'Ask the managers of the projects that cost most what brings the margin back.',
  });
  expect(statusOf('margin', '0.34', { targets })).toBe('BAD');
  expect(statusOf('costPerformanceIndex', '0.95', { targets })).toBe('GOOD');
});

test('without a figure or a target there is no status, and a sentence that says why', () => {
  expect(judge(figure('margin', null), { ...standards, targets: new Map([['margin', '0.4']]) })).toEqual({
    target: '0.4',
    threshold: '0.35',
    status: null,
    reason: 'The revenue is 0.',
    suggestion: null,
  });
  expect(judge(figure('margin', '0.4'), standards)).toMatchObject({
    status: null,
    reason: 'Nobody has set a target for it.',
  });
});

test('what is better never stands worse', () => {
  const order = ['BAD', 'WATCH', 'GOOD'];
  const values = fc.integer({ min: -300, max: 300 }).map((value) => String(value / 100));
  fc.assert(
    fc.property(
      fc.constantFrom('costPerformanceIndex', 'pipelineCoverage', 'burnGap', 'leakedTime'),
      values,
      values,
      (name, a, b) => {
        const isLess = name === 'burnGap' || name === 'leakedTime';
        const [worse, better] = Number(a) < Number(b) === isLess ? [b, a] : [a, b];
        expect(order.indexOf(statusOf(name, worse) ?? '')).toBeLessThanOrEqual(
          order.indexOf(statusOf(name, better) ?? ''),
        );
      },
    ),
  );
});
