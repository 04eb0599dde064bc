import { expect, test } from 'vitest';
import { findHeaders } from './headers.ts';

const table = { key: { column: 'No.', keys: [] }, columns: {}, customFields: {}, ignoreColumns: [] };
const place = { name: 'Tab "Changes"', row: (index: number) => `row ${index + 1}`, where: 'sheet' };
const under = (blanks: number) => [...Array.from({ length: blanks }, () => []), ['No.', 'Title'], ['1', 'Logo']];

test('a header within the first 20 rows is found, and one below them is told with its row', () => {
  expect(findHeaders(under(19), table, place).rowIndex).toBe(19);
  expect(() => findHeaders(under(20), table, place)).toThrow(
    expect.objectContaining({
      message: 'Tab "Changes" has the header "No." in row 21, below the first 20 rows.',
      remedy: 'Delete rows above it in the sheet, or say `headerRow: 21` in the configuration.',
    }),
  );
  expect(findHeaders(under(20), { ...table, headerRow: 21 }, place).rowIndex).toBe(20);
});
