import { expect, test } from 'vitest';
import { applyFieldMask, masks, parseFieldMask } from './field-mask.ts';

const answer = {
  id: 'a',
  properties: { title: 'T', zone: 'Z' },
  sheets: [{ id: 1, data: [{ x: 1, y: 2 }] }, { id: 2 }],
};

test.each([
  ['id', { id: 'a' }],
  ['*', answer],
  ['properties(title)', { properties: { title: 'T' } }],
  ['id,properties/zone', { id: 'a', properties: { zone: 'Z' } }],
  ['sheets.data(x),sheets.id', { sheets: [{ id: 1, data: [{ x: 1 }] }, { id: 2 }] }],
  ['sheets(id,data.y)', { sheets: [{ id: 1, data: [{ y: 2 }] }, { id: 2 }] }],
  ['nothing', {}],
])('the mask %s leaves what it names', (mask, left) => {
  expect(applyFieldMask(parseFieldMask(mask), answer)).toEqual(left);
});

test.each(['', 'a(', 'a)', 'a,,b', 'a(b', 'a.'])('the mask "%s" is refused', (mask) => {
  expect(() => parseFieldMask(mask)).toThrow('Invalid field selection');
});

test('a mask knows whether it asks for a member', () => {
  const mask = parseFieldMask('sheets(properties,data.rowData)');
  expect([masks(mask, 'sheets', 'data'), masks(mask, 'sheets', 'properties', 'title'), masks(mask, 'id')]).toEqual([
    true,
    true,
    false,
  ]);
});
