import { expect, test } from 'vitest';
import { columnIndex, columnLetters, formatA1, parseA1 } from './a1.ts';

const isTitle = (title: string): boolean => ['Rates', 'A1'].includes(title);

test.each([
  ["'It''s mine'!B2:C3", { title: "It's mine", cells: { startRow: 1, endRow: 3, startColumn: 1, endColumn: 3 } }],
  ["'It''s mine'", { title: "It's mine", cells: {} }],
  ['Rates', { title: 'Rates', cells: {} }],
  ['A1', { title: 'A1', cells: {} }],
  ['Rates!AA', { title: 'Rates', cells: { startColumn: 26, endColumn: 27 } }],
  ['B:C', { title: null, cells: { startColumn: 1, endColumn: 3 } }],
  ['3:4', { title: null, cells: { startRow: 2, endRow: 4 } }],
  ['Rates!A5:C', { title: 'Rates', cells: { startRow: 4, startColumn: 0, endColumn: 3 } }],
  ['Rates!', null],
  ['Gone', null],
  ['Rates!A0', null],
] as const)('%s is read', (text, parsed) => expect(parseA1(text, isTitle)).toEqual(parsed));

test('letters and numbers of columns agree far out', () => {
  for (const index of [0, 25, 26, 51, 701, 702, 18_277]) expect(columnIndex(columnLetters(index))).toBe(index);
  expect(columnLetters(702)).toBe('AAA');
});

test('titles are quoted when they are more than a word', () => {
  const cells = { startRow: 0, endRow: 1, startColumn: 0, endColumn: 1 };
  expect([formatA1('Rates', cells), formatA1("It's", { ...cells, endRow: 9 })]).toEqual(['Rates!A1', "'It''s'!A1:A9"]);
});
