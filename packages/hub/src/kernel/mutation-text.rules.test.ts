import { expect, test } from 'vitest';
import { checkTexts } from './mutation-text.rules.ts';

test('a text may have so many characters as its argument says, wherever it stands', () => {
  expect(() =>
    checkTexts({ reason: 'x'.repeat(10_000), idempotencyKey: 'x'.repeat(200), first: 7, at: null }),
  ).not.toThrow();
  expect(() => checkTexts({ waiver: 'x'.repeat(10_001) })).toThrow('`waiver` has 10001 characters.');
  expect(() => checkTexts({ idempotencyKey: 'x'.repeat(201) })).toThrow('`idempotencyKey` has 201 characters.');
  expect(() => checkTexts({ terms: { name: 'x'.repeat(501) } })).toThrow('`terms.name` has 501 characters.');
  expect(() => checkTexts({ terms: { roles: [{ role: 'x' }, { role: 'x'.repeat(201) }] } })).toThrow(
    '`terms.roles.1.role`',
  );
  expect(() => checkTexts({ conditions: ['x', 'x'.repeat(10_001)] })).toThrow('`conditions.1` has 10001 characters.');
});

test('a character that no text has is refused by name', () => {
  expect(() => checkTexts({ text: 'Grüße 👋' })).not.toThrow();
  expect(() => checkTexts({ conditions: ['Access\u0000'] })).toThrow(
    '`conditions.0` holds a character that is no text.',
  );
  expect(() => checkTexts({ text: 'half \ud83d' })).toThrow('`text` holds a character that is no text.');
});
