import { expect, test } from 'vitest';
import { ageInDays, isOverdue, takeOpenPointStep } from './open-point.rules.ts';

const open = { status: 'OPEN', ownerId: null } as const;

test('an open point is resolved without a word, and accepted only with a reason and somebody who answers for it', () => {
  expect(takeOpenPointStep('RESOLVE', { subject: open, brought: {} })).toEqual({ to: 'RESOLVED' });
  expect(takeOpenPointStep('ACCEPT', { subject: open, brought: { ownerId: 'ada' } })).toMatchObject({
    guard: 'reason',
  });
  expect(takeOpenPointStep('ACCEPT', { subject: open, brought: { outcome: 'cheaper' } })).toMatchObject({
    guard: 'owner',
  });
  expect(takeOpenPointStep('ACCEPT', { subject: open, brought: { outcome: 'cheaper', ownerId: 'ada' } })).toEqual({
    to: 'ACCEPTED',
  });
  expect(takeOpenPointStep('ASSIGN', { subject: open, brought: {} })).toMatchObject({ guard: 'assignment' });
  expect(takeOpenPointStep('ASSIGN', { subject: open, brought: { due: '2026-04-01' } })).toEqual({ to: 'OPEN' });
});

test('what is settled stays settled', () => {
  for (const status of ['RESOLVED', 'ACCEPTED'] as const)
    for (const step of ['ASSIGN', 'RESOLVE', 'ACCEPT'] as const)
      expect(
        takeOpenPointStep(step, {
          subject: { status, ownerId: 'ada' },
          brought: { outcome: 'x', ownerId: 'ada', due: '2026-04-01' },
        }),
      ).toMatchObject({ guard: 'state' });
});

test('age is in whole days up to now, or to the end', () => {
  const raisedAt = '2026-03-01T10:00:00Z';
  expect(ageInDays({ raisedAt, closedAt: null }, '2026-03-08T09:59:59Z')).toBe(6);
  expect(ageInDays({ raisedAt, closedAt: null }, '2026-03-08T10:00:00Z')).toBe(7);
  expect(ageInDays({ raisedAt, closedAt: '2026-03-02T10:00:00Z' }, '2026-03-08T10:00:00Z')).toBe(1);
  expect(ageInDays({ raisedAt: null, closedAt: null }, '2026-03-08T10:00:00Z')).toBeNull();
});

test('a point is overdue from the day behind its own, as long as it is open', () => {
  expect(isOverdue({ status: 'OPEN', due: '2026-03-08' }, '2026-03-08')).toBe(false);
  expect(isOverdue({ status: null, due: '2026-03-08' }, '2026-03-09')).toBe(true);
  expect(isOverdue({ status: 'ACCEPTED', due: '2026-03-08' }, '2026-03-09')).toBe(false);
  expect(isOverdue({ status: 'OPEN', due: null }, '2026-03-09')).toBe(false);
});
