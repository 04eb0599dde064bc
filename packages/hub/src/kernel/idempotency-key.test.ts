import { expect, test } from 'vitest';
import { readKey, withBoundKey } from './idempotency-key.ts';

const bound = (mutation: string, args: object): string =>
  String((withBoundKey(mutation, args) as { idempotencyKey?: unknown }).idempotencyKey);

test('a key is bound to the mutation and to what it is given, and is still read as it was', () => {
  const one = { idempotencyKey: 'k', title: 'Export', value: { amount: '5', currency: 'EUR' } };
  const first = bound('capture', one);
  expect(readKey(first)).toEqual({ key: 'k', asked: expect.stringMatching(/^[0-9a-f]{32}$/) });
  for (const [mutation, args] of [
    ['raise', one],
    ['capture', { ...one, title: 'Import' }],
    ['capture', { ...one, value: { amount: '6', currency: 'EUR' } }],
    ['capture', { ...one, said: 'Just…' }],
  ] as const)
    expect(bound(mutation, args)).not.toBe(first);
});

test('what is left out, null, in another order, or about the call alone is the same content', () => {
  const first = bound('capture', { idempotencyKey: 'k', title: 'Export', value: { amount: '5', currency: 'EUR' } });
  expect(
    bound('capture', {
      value: { currency: 'EUR', amount: '5', note: null },
      said: null,
      title: 'Export',
      expectedVersion: 7,
      idempotencyKey: 'k',
    }),
  ).toBe(first);
});

test('a call without a key stays as it is', () => {
  for (const args of [{ title: 'Export' }, { title: 'Export', idempotencyKey: null }])
    expect(withBoundKey('capture', args)).toBe(args);
});
