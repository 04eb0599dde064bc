import fc from 'fast-check';
import { expect, test } from 'vitest';
import { essenceOf } from './latest-views.rules.ts';

test('the essence says how sure each side is, how far they are apart, and what happens next', () => {
  expect(
    essenceOf(
      { SELLER: { confidence: '0.8' }, CLIENT: { confidence: '0.3' }, OPERATIONS: { confidence: null } },
      { text: 'Send the\ncontract', date: '2026-03-10' },
    ),
  ).toBe(
    'Seller 80 %, client 30 %, operations gives no figure: 50 points apart. Next: Send the contract (2026-03-10).',
  );
  expect(
    essenceOf({ SELLER: { confidence: '0.5' }, OPERATIONS: { confidence: '0.50' } }, { text: 'Call!', date: null }),
  ).toBe('Seller 50 %, client not heard, operations 50 %: they agree. Next: Call!');
  expect(essenceOf({ CLIENT: { confidence: '0.125' } }, null)).toBe(
    'Seller not heard, client 13 %, operations not heard. No next step.',
  );
});

test('whatever people say, the essence is one line that ends', () => {
  const view = fc.option(fc.record({ confidence: fc.option(fc.constantFrom('0', '0.05', '0.333', '1')) }));
  fc.assert(
    fc.property(fc.record({ SELLER: view, CLIENT: view, OPERATIONS: view }), fc.string(), (views, text) => {
      const essence = essenceOf(views, { text, date: null });
      const isSilent = !views.SELLER && !views.CLIENT && !views.OPERATIONS;
      expect(essence === null).toBe(isSilent);
      expect(essence ?? 'silence.').toMatch(/^[^\n\r]*[.!?]$/);
    }),
  );
});

test('where nobody has said anything there is no essence', () => {
  expect(essenceOf({}, null)).toBeNull();
  expect(essenceOf({ SELLER: null }, null)).toBeNull();
});
