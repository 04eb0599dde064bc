import { fieldsOf, type KindName } from '@plumbline/connector';
import { expect, test } from 'vitest';
import type { Cell } from './cell.ts';
import type { ColumnMapping } from './columns.ts';
import { readFieldValue } from './field-value.ts';

function read(
  path: `${KindName}.${string}`,
  cell: Exclude<Cell, null>,
  mapping: ColumnMapping = {},
  beside: { isPercent?: boolean; currencyCell?: Cell } = {},
): unknown {
  const [kind, name] = path.split('.') as [KindName, string];
  const field = fieldsOf(kind)[name];
  if (!field) throw new Error(`no field ${path}`);
  const { isPercent = false, currencyCell = null } = beside;
  return readFieldValue({
    cell,
    mapping,
    field,
    timeZone: 'Europe/Berlin',
    isPercent,
    currencyCell,
    rowScheme: 'sheet-row',
  });
}

test('a percentage is a ratio, whether the cell is formatted as one, holds 20, or the text "20 %"', () => {
  const percent = { percent: true };
  expect(read('risk.probability', 0.2, percent, { isPercent: true })).toBe('0.2');
  expect(read('risk.probability', 20, percent)).toBe('0.2');
  expect(read('risk.probability', '20 %', percent)).toBe('0.2');
  expect(read('risk.probability', '12.5%')).toBe('0.125');
  expect(read('risk.probability', '12,5 %', { percent: true, decimalSeparator: ',' })).toBe('0.125');
  expect(read('risk.probability', 0.35)).toBe('0.35');
  expect(read('risk.probability', 0.07 * 100, percent)).toBe('0.07');
});

test('money has the currency of the configuration or of its own column', () => {
  expect(read('rate.billRate', 120.1, { currency: 'EUR' })).toEqual({ amount: '120.1', currency: 'EUR' });
  expect(read('rate.billRate', -3, { currencyColumn: 'Cur' }, { currencyCell: ' usd ' })).toEqual({
    amount: '-3',
    currency: 'USD',
  });
  expect(read('rate.billRate', '€ 1.250,50', { currency: 'EUR', decimalSeparator: ',' })).toEqual({
    amount: '1250.5',
    currency: 'EUR',
  });
  expect(
    read('rate.billRate', '1,250.50 USD', { currencyColumn: 'Cur', decimalSeparator: '.' }, { currencyCell: 'USD' }),
  ).toEqual({ amount: '1250.5', currency: 'USD' });
  expect(() => read('rate.billRate', 5, { currencyColumn: 'Cur' })).toThrow('has an amount, but "Cur" is blank');
  expect(() => read('rate.billRate', 5, { currencyColumn: 'Cur' }, { currencyCell: '€' })).toThrow(
    'ISO 4217 code is wanted',
  );
  expect(() => read('rate.billRate', '1,250', { currency: 'EUR' })).toThrow('may need `decimalSeparator`');
  expect(() => read('rate.billRate', '5 USD', { currency: 'EUR', decimalSeparator: '.' })).toThrow('number is wanted');
});

test('seconds come from hours, days and durations, to the nearest second', () => {
  expect(read('changeRequest.effortDelta', 1.5, { unit: 'hours' })).toBe(5_400);
  expect(read('changeRequest.effortDelta', -0.333, { unit: 'hours' })).toBe(-1_199);
  expect(read('changeRequest.effortDelta', 90, { unit: 'minutes' })).toBe(5_400);
  expect(read('changeRequest.effortDelta', 3, { unit: 'days', hoursPerDay: 8 })).toBe(86_400);
  expect(read('changeRequest.effortDelta', 0.3125, { unit: 'days', hoursPerDay: 24 })).toBe(27_000);
});

test('whole numbers, instants, flags and choices say what they cannot read', () => {
  expect(() => read('changeRequest.scheduleDeltaDays', 2.5)).toThrow('holds 2.5, where a whole number is wanted');
  expect(read('changeRequest.submittedAt', '2026-03-29 02:30')).toBe('2026-03-29T01:30:00Z');
  expect(read('changeRequest.submittedAt', '2026-03-01T09:30:00+05:30')).toBe('2026-03-01T04:00:00Z');
  expect(() => read('quota.periodStart', 2026)).toThrow('holds the number 2026, which is no date');
  expect(() => read('quota.periodStart', '1/2/2026')).toThrow('other forms need `format`');
  expect(() => read('quota.periodStart', true)).toThrow('holds "TRUE", where a date is wanted');
  expect(read('timeEntry.billable', 'nein', { trueWords: ['ja'], falseWords: ['Nein'] })).toBe(false);
  expect(read('timeEntry.billable', 1, { trueWords: ['1'] })).toBe(true);
  expect(() => read('timeEntry.billable', 'maybe')).toThrow('where one of TRUE, FALSE is wanted');
  expect(read('project.status', 'on hold')).toBe('ON_HOLD');
  expect(read('project.status', 'läuft', { values: { Läuft: 'ACTIVE' } })).toBe('ACTIVE');
  expect(() => read('project.status', 'unknown')).toThrow('where one of PLANNED, ACTIVE');
  expect(() => read('risk.probability', true)).toThrow('holds TRUE, where a number is wanted');
});

test('references become keys, by scheme or by the row of another table', () => {
  expect(read('rate.person', ' Ada@Example.com ', { scheme: 'email' })).toBe('email:ada@example.com');
  expect(read('rate.person', 'Ada', { scheme: 'email', values: { ada: 'ada@example.com' } })).toBe(
    'email:ada@example.com',
  );
  expect(read('risk.project', 'Abc', { scheme: 'jira-project-key' })).toBe('jira-project-key:Abc');
  expect(read('risk.project', 1001, { table: 'projects' })).toBe('sheet-row:projects/1001');
  expect(read('project.opportunities', '9001;9002; 9001', { scheme: 'hubspot-deal', separator: ';' })).toEqual([
    'hubspot-deal:9001',
    'hubspot-deal:9002',
  ]);
});

test('texts are trimmed, and numbers and ticks in a text column are shown as Sheets shows them', () => {
  expect(read('person.role', '  Developer ')).toBe('Developer');
  expect(read('person.role', 42)).toBe('42');
  expect(read('person.role', true)).toBe('TRUE');
  expect(read('person.email', 'Ada@Example.com', { lowerCase: true })).toBe('ada@example.com');
});

test('a number whose last digits a double has lost is no reference, no text and no amount', () => {
  const lost = Number('1234567890123456789');
  const lostDigits = 'holds a number of more than 15 digits';
  expect(() => read('rate.person', lost, { scheme: 'hubspot-owner' })).toThrow(lostDigits);
  expect(() => read('rate.role', lost)).toThrow(lostDigits);
  expect(() => read('rate.billRate', -lost, { currency: 'EUR' })).toThrow(lostDigits);
  expect(read('rate.person', 999_999_999_999_999, { scheme: 'hubspot-owner' })).toBe('hubspot-owner:999999999999999');
});
