import { assert, bigInt, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { configSchema } from './config.ts';
import { stateOfStage } from './stage-state.ts';
import { customFieldsOf, decimalOf, localDateOf, moneyOf } from './values.ts';

const place = { what: 'deal', id: '1', property: 'amount' };
const currency = (code: string) => ({ code, place: { ...place, property: 'deal_currency_code' } });

test.each([
  ['6000.00000000000033306690738754696212708950042724609375000', 2, '6000'],
  ['0.40000000000000002220446049250313080847263336181640625', 6, '0.4'],
  ['1250.5', 2, '1250.5'],
  ['0.005', 2, '0.01'],
  ['-0.005', 2, '-0.01'],
  ['-0.004', 2, '0'],
  ['1.5E7', 2, '15000000'],
  ['12e-1', 0, '1'],
  ['.5', 1, '0.5'],
  ['007', 2, '7'],
])('%s with %i decimals is %s', (value, scale, expected) => {
  expect(decimalOf(place, value, scale)).toBe(expected);
});

test('rounding an exact decimal changes nothing, and dust below half a unit never shows', () => {
  assert(
    property(bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), integer({ min: 0, max: 4 }), (units, scale) => {
      const sign = units < 0n ? '-' : '';
      const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
      const text = `${sign}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
      const exact = decimalOf(place, text, scale);
      expect(decimalOf(place, `${text}${'0'.repeat(12)}49999`, scale)).toBe(exact);
      expect(decimalOf(place, exact, scale)).toBe(exact);
    }),
  );
});

test('amounts are rounded to the coins of their currency', () => {
  expect(moneyOf(place, '1234.5678', currency('EUR'))).toEqual({ amount: '1234.57', currency: 'EUR' });
  expect(moneyOf(place, '1234.5678', currency('JPY'))).toEqual({ amount: '1235', currency: 'JPY' });
  expect(moneyOf(place, '1234.5678', currency('KWD'))).toEqual({ amount: '1234.568', currency: 'KWD' });
  expect(() => moneyOf(place, '1', currency('euros'))).toThrow(
    'deal 1: property deal_currency_code wants an ISO 4217 code',
  );
});

test.each([
  ['2026-12-31', 'America/New_York', '2026-12-31'],
  ['2026-12-31T00:00:00Z', 'America/New_York', '2026-12-30'],
  ['2026-06-30T22:30:00.000Z', 'Europe/Berlin', '2026-07-01'],
  ['1767139200000', 'America/New_York', '2025-12-31'],
  ['1767139200001', 'America/New_York', '2025-12-30'],
])('%s in %s is the day %s', (value, zone, day) => {
  expect(localDateOf({ ...place, property: 'closedate' }, value, zone)).toBe(day);
});

test.each(['soon', '2026-02-30', '2026-13-01T00:00:00Z', ''])('"%s" is no day', (value) => {
  expect(() => localDateOf({ ...place, property: 'closedate' }, value, 'UTC')).toThrow(
    'property closedate wants a date',
  );
});

test('custom fields are read by their type; what was not sent is left out', () => {
  const { customFields } = configSchema.parse({
    deals: {
      customFields: {
        region: 'sales_region',
        seats: { property: 'seats', type: 'number' },
        renewal: { property: 'renewal', type: 'date' },
        strategic: { property: 'strategic', type: 'flag' },
        products: { property: 'products', type: 'list' },
        empty: 'nothing',
        absent: 'never_sent',
      },
    },
  }).deals;
  const properties = {
    sales_region: 'North',
    seats: '25.000000000000000355',
    renewal: '2027-01-31',
    strategic: 'true',
    products: 'a;b;',
    nothing: '',
  };
  expect(customFieldsOf('deal', { id: '1', properties }, { fields: customFields, timeZone: 'UTC' })).toEqual({
    region: 'North',
    seats: '25',
    renewal: '2027-01-31',
    strategic: true,
    products: ['a', 'b'],
    empty: null,
  });
});

test.each([
  [0, true, 'LOST'],
  [1, true, 'WON'],
  [0.5, true, 'LOST'],
  [0.1, false, 'QUALIFYING'],
  [0.3, false, 'SCOPING'],
  [0.5, false, 'PROPOSED'],
  [0.8, false, 'NEGOTIATING'],
  [null, false, undefined],
])('a stage of probability %s that is closed: %s means %s', (probability, isClosed, state) => {
  expect(stateOfStage({ id: 's', probability, isClosed }, {})).toBe(state);
});

test('what the configuration says of a stage goes before what its probability says', () => {
  expect(stateOfStage({ id: 's', probability: 0, isClosed: true }, { s: 'NO_DECISION' })).toBe('NO_DECISION');
});
