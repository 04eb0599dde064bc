import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literal } from './literal.ts';

function evaluated(text: string): unknown {
  return JSON.parse(JSON.stringify(new Function(`return ${text}`)())) as unknown;
}

test('what is written evaluates to what was given', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(evaluated(`(${literal(value)})`)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  for (const text of [`it's "so"`, 'a\\b', 'line\nend\u2028\u2029', '${x}`', '\\"', "\\'"]) {
    expect(evaluated(literal(text))).toBe(text);
  }
});

test('short things stand on one line, names in quotes only where they need them', () => {
  expect(literal({ deals: { pipelines: ['a'], 'no-name': null } })).toBe(
    `{ deals: { pipelines: ['a'], 'no-name': null } }`,
  );
  expect(literal({ long: 'x'.repeat(100), more: [1, 2] })).toBe(`{\n  long: '${'x'.repeat(100)}',\n  more: [1, 2],\n}`);
});
