import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentHashOf, settleTerms, termsOfLines, type ProposalTerms } from './proposal-terms.rules.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const { terms: nothing } = settleTerms([]);

test('the first who says something is taken, and whose word that was is told', () => {
  const { terms, origins } = settleTerms([
    ['GIVEN', { price: eur('900'), deliverables: [] }],
    ['REVISED', { price: eur('1000'), cadenceDays: 7, deliverables: ['Design'] }],
    ['OPPORTUNITY', { name: 'Portal', price: eur('1100') }],
  ]);
  expect(terms).toEqual({ ...nothing, name: 'Portal', price: eur('900'), cadenceDays: 7, deliverables: [] });
  expect(origins).toEqual({
    name: 'OPPORTUNITY',
    price: 'GIVEN',
    cadenceDays: 'REVISED',
    deliverables: 'GIVEN',
  });
});

test('roles that are given make the planned work, whatever it was before', () => {
  const roles = [
    { role: 'Developer', seconds: 100 },
    { role: 'Designer', seconds: 20 },
  ];
  const revised = { plannedSeconds: 999, roles: [{ role: 'Developer', seconds: 999 }] };
  expect(
    settleTerms([
      ['GIVEN', { roles }],
      ['REVISED', revised],
    ]),
  ).toMatchObject({
    terms: { plannedSeconds: 120, roles },
    origins: { plannedSeconds: 'ROLES' },
  });
  expect(() =>
    settleTerms([
      ['GIVEN', { plannedSeconds: 1_000 }],
      ['REVISED', revised],
    ]),
  ).toThrow(/come to 999 seconds/);
  expect(
    settleTerms([
      ['GIVEN', { plannedSeconds: 1_000, roles: [] }],
      ['REVISED', revised],
    ]).terms.plannedSeconds,
  ).toBe(1_000);
});

test('lines of several currencies, or without an amount, make no price', () => {
  const line = (amount: string | null, currency: string | null) => ({ name: 'Line', quantity: '2', amount, currency });
  expect(termsOfLines([line('0.1', 'EUR'), line('0.2', 'EUR')])).toEqual({
    deliverables: ['2 × Line', '2 × Line'],
    price: eur('0.3'),
  });
  expect(termsOfLines([line('1', 'EUR'), line('1', 'USD')]).price).toBeNull();
  expect(termsOfLines([line('1', 'EUR'), line(null, null)]).price).toBeNull();
  expect(termsOfLines([])).toEqual({});
});

test('rows of a sheet that have a name twice make the same fingerprint in any order', () => {
  const roles = [
    { role: 'Developer', seconds: 100 },
    { role: 'Developer', seconds: 20 },
    { role: 'Analyst', seconds: 7 },
  ];
  const commitments = ['Log in.', 'Search.', 'Export.'].map((text) => ({
    key: null,
    text,
    deliverable: null,
    due: null,
  }));
  const turned = { ...nothing, roles: roles.toReversed(), commitments: commitments.toReversed() };
  expect(contentHashOf({ ...nothing, roles, commitments })).toBe(contentHashOf(turned));
});

const amounts = fc.integer({ min: 1, max: 1_000_000 }).map(String);
const offers: fc.Arbitrary<ProposalTerms> = fc
  .record({
    price: amounts.map(eur),
    cadenceDays: fc.constantFrom(null, 7, 14),
    deliverables: fc.constantFrom(null, ['Design'], ['Design', 'Build'], ['Build', 'Design']),
    roles: fc.uniqueArray(fc.record({ role: fc.constantFrom('A', 'B', 'C'), seconds: fc.nat(9) }), {
      selector: ({ role }) => role,
    }),
  })
  .map((offer) => ({ ...nothing, ...offer }));

test('equal terms have equal fingerprints however they are written, and other terms have others', () => {
  const written = (terms: ProposalTerms) => ({
    ...terms,
    name: 'Another name',
    price: terms.price && eur(`${terms.price.amount}.00`),
    roles: terms.roles?.toReversed() ?? null,
  });
  const said = ({ roles, ...terms }: ProposalTerms) =>
    JSON.stringify([terms, roles?.toSorted((a, b) => (a.role < b.role ? -1 : 1))]);
  fc.assert(
    fc.property(offers, offers, (one, other) => {
      expect(contentHashOf(written(one))).toBe(contentHashOf(one));
      expect(contentHashOf(one) === contentHashOf(other)).toBe(said(one) === said(other));
    }),
  );
});
