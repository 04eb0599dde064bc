import { expect, test } from 'vitest';
import { readPolicy } from './change-control.settings.ts';

test('a firm without a PMO begins with a lower floor and more time, and may set either', () => {
  expect(readPolicy({}).settings).toEqual({ marginFloor: '0.20', reviewSeconds: 16 * 3_600, discounts: [] });
  expect(readPolicy({ preset: 'light' }).settings).toEqual({
    marginFloor: '0.10',
    reviewSeconds: 40 * 3_600,
    discounts: [],
  });
  expect(readPolicy({ preset: 'light', marginFloor: '0.15' }).settings).toEqual({
    marginFloor: '0.15',
    reviewSeconds: 40 * 3_600,
    discounts: [],
  });
});

test('what is not said has a default', () => {
  expect(readPolicy({})).toMatchObject({
    escalation: { path: [], everySeconds: 8 * 3_600 },
    quoteValidDays: 30,
    smallChanges: { threshold: '2500', limit: '5000', days: 60 },
  });
});

test('a wrong setting is named', () => {
  const tier = (upTo: string, ...approvers: string[]) => ({ upTo, approvers });
  expect(readPolicy({ discounts: [tier('0.05', 'Lead'), tier('1', 'Director')] }).settings.discounts).toHaveLength(2);
  expect(() => readPolicy({ discounts: [tier('5 %', 'Lead')] })).toThrow(/changeControl\.discounts\.0\.upTo.*ratio/);
  expect(() => readPolicy({ discounts: [tier('0.05')] })).toThrow(/changeControl\.discounts\.0\.approvers/);
  expect(() => readPolicy({ discounts: [tier('0.1', 'A'), tier('0.10', 'B')] })).toThrow(
    /changeControl\.discounts.*above/,
  );
  expect(() => readPolicy({ escalation: { path: [''] } })).toThrow(/changeControl\.escalation\.path\.0/);
  expect(() => readPolicy({ smallChanges: { limit: '5,000' } })).toThrow(/changeControl\.smallChanges\.limit.*amount/);
  expect(() => readPolicy({ preset: 'heavy' as 'full' })).toThrow(/changeControl\.preset/);
  expect(() => readPolicy({ escalation: { everyHours: 0 } })).toThrow(/changeControl\.escalation\.everyHours/);
});
