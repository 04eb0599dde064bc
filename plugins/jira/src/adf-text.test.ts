import { expect, test } from 'vitest';
import { adf } from '../emulator/adf.ts';
import { adfText } from './adf-text.ts';

const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const text = (value: string) => ({ type: 'text', text: value, marks: [{ type: 'strong' }] });
const item = (...content: unknown[]) => ({ type: 'listItem', content });
const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content });

test('paragraphs and line breaks of plain text come back as they were', () => {
  const plain = 'First.\n\nSecond\nline.';
  expect(adfText(adf(plain))).toBe(plain);
});

test('lists are marked, numbered from where they start, and indented inside each other', () => {
  const inner = { type: 'bulletList', content: [item(paragraph(text('b')))] };
  const ordered = {
    type: 'orderedList',
    attrs: { order: 3 },
    content: [item(paragraph(text('a')), inner), item(paragraph(text('c')))],
  };
  expect(adfText(doc(ordered))).toBe('3. a\n  - b\n4. c');
});

test('mentions, cards, dates, states and emoji give what people see of them', () => {
  const nodes = [
    { type: 'mention', attrs: { id: '1', text: '@Ada' } },
    text(' '),
    { type: 'inlineCard', attrs: { url: 'https://acme.example/x' } },
    text(' '),
    { type: 'date', attrs: { timestamp: '1767225600000' } },
    text(' '),
    { type: 'status', attrs: { text: 'LATE' } },
    { type: 'emoji', attrs: { shortName: ':grin:' } },
  ];
  expect(adfText(doc(paragraph(...nodes)))).toBe('@Ada https://acme.example/x 2026-01-01 LATE:grin:');
});

test('a table is a line for each row', () => {
  const cell = (type: string, value: string) => ({ type, content: [paragraph(text(value))] });
  const table = {
    type: 'table',
    content: [
      { type: 'tableRow', content: [cell('tableHeader', 'What'), cell('tableHeader', 'Price')] },
      { type: 'tableRow', content: [cell('tableCell', 'Door'), cell('tableCell', '12')] },
    ],
  };
  expect(adfText(doc(table))).toBe('What | Price\nDoor | 12');
});

test('unknown nodes give the text inside them, strings pass, and what is no document is null', () => {
  expect(adfText(doc({ type: 'futurePanel', content: [paragraph(text('Still here'))] }))).toBe('Still here');
  expect(adfText('single line')).toBe('single line');
  expect([adfText(null), adfText(undefined), adfText(7), adfText([])]).toEqual([null, null, null, null]);
  expect(adfText({ type: 'doc', content: 'broken' })).toBe('');
});
