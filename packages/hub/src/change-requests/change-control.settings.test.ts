import { expect, test } from 'vitest';
import { readPolicy } from './change-control.settings.ts';

test('a firm without a PMO begins with a lower floor and more time, and may set either', () => {
  expect(readPolicy({}).settings).toEqual({ marginFloor: '0.20', reviewSeconds: 16 * 3_600 });
  expect(readPolicy({ preset: 'light' }).settings).toEqual({ marginFloor: '0.10', reviewSeconds: 40 * 3_600 });
  expect(readPolicy({ preset: 'light', marginFloor: '0.15' }).settings).toEqual({
    marginFloor: '0.15',
    reviewSeconds: 40 * 3_600,
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
  expect(() => readPolicy({ escalation: { path: [''] } })).toThrow(/changeControl\.escalation\.path\.0/);
  expect(() => readPolicy({ smallChanges: { limit: '5,000' } })).toThrow(/changeControl\.smallChanges\.limit.*amount/);
  expect(() => readPolicy({ preset: 'heavy' as 'full' })).toThrow(/changeControl\.preset/);
  expect(() => readPolicy({ escalation: { everyHours: 0 } })).toThrow(/changeControl\.escalation\.everyHours/);
});
