import type { JsonValue } from '@plumbline/connector';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputsLike } from '../test/metric-inputs.ts';
import { metricRooms } from './metrics.ts';

const definitions = metricRooms.flatMap(({ metrics }) => metrics);
const named = definitions.map((definition) => [definition.name, definition] as const);
const sentence = /^[A-Z0].*\.$/;
const plainDecimal = /^-?\d+(\.\d+)?$/;
const formulaWords = ['sum', 'min', 'max', 'abs', 'median', 'count', 'i', 'first', 'last'];
/** What a formula speaks of: `work` for `work.seconds`. */
const wordsOf = (formula: string): string[] =>
  [...formula.matchAll(/(?<!\.)\b[a-zA-Z]+/g)].map(([word]) => word).filter((word) => !formulaWords.includes(word));

const examples = definitions.flatMap((definition) =>
  definition.oracles.map(({ inputs, value }) => ({ name: definition.name, definition, inputs, value })),
);

test.each(examples.filter(({ value }) => value !== null))(
  '$name of $inputs is $value',
  ({ definition, inputs, value: expected }) => {
    const { value, reason } = definition.compute(inputs);
    const places = expected?.split('.')[1]?.length ?? 0;
    expect(reason).toBe(null);
    expect(new Decimal(value ?? Number.NaN).toFixed(places)).toBe(expected);
  },
);

test.each(examples.filter(({ value }) => value === null))(
  '$name of $inputs has no figure',
  ({ definition, inputs }) => {
    expect(definition.compute(inputs)).toEqual({ value: null, reason: expect.stringMatching(sentence) });
  },
);

test('every name is used once, and every text is a sentence', () => {
  expect(new Set(definitions.map(({ name }) => name)).size).toBe(definitions.length);
  const texts = definitions.flatMap(({ description, edge, inputs }) => [description, edge, ...Object.values(inputs)]);
  expect(texts.filter((text) => !sentence.test(text))).toEqual([]);
});

describe.each(named)('%s', (_, definition) => {
  const names = Object.keys(definition.inputs);

  test('has an example with a figure and one without, each with every input', () => {
    const { oracles } = definition;
    expect(new Set(oracles.map(({ value }) => value === null))).toEqual(new Set([true, false]));
    expect(oracles.map(({ inputs }) => Object.keys(inputs).toSorted())).toEqual(oracles.map(() => names.toSorted()));
  });

  test('has a formula of its inputs alone, and says of those not in it what becomes of them', () => {
    const words = wordsOf(definition.formula);
    expect(words.filter((word) => !names.includes(word))).toEqual([]);
    const unsaid = names.filter((name) => !words.includes(name) && !definition.edge.includes(`\`${name}\``));
    expect(unsaid).toEqual([]);
  });

  test.each(names)('has no figure without %s, and says so', (name) => {
    const inputs: JsonValue = { ...definition.oracles[0]?.inputs, [name]: null };
    expect(definition.compute(inputs)).toEqual({ value: null, reason: expect.stringMatching(sentence) });
  });

  test('is plain decimal text or a reason, whatever it is given', () => {
    fc.assert(
      fc.property(inputsLike(definition), (inputs) => {
        const { value, reason } = definition.compute(inputs);
        expect(value ?? reason).toMatch(value === null ? sentence : plainDecimal);
      }),
    );
  });
});

const listed = named.filter(([, { formula, oracles }]) =>
  Object.values(oracles[0]?.inputs ?? {}).some((input) => Array.isArray(input) && !formula.includes('[')),
);

test.each(listed)('%s counts the rows of its lists in any order', (_, definition) => {
  fc.assert(
    fc.property(inputsLike(definition), (inputs) => {
      const turned = Object.entries(inputs).map(([name, input]) => [
        name,
        Array.isArray(input) ? input.toReversed() : input,
      ]);
      expect(definition.compute(Object.fromEntries(turned))).toEqual(definition.compute(inputs));
    }),
  );
});

const arithmetic = named.filter(([, { formula }]) => !/sum|median|count|\[/.test(formula));

test.each(arithmetic)('%s computes what its formula says', (_, { formula, inputs: meanings, compute }) => {
  const names = Object.keys(meanings);
  // oxlint-disable-next-line no-new-func -- the formula is ours, and arithmetic is what it says
  const evaluate = new Function(...names, 'min', 'max', 'abs', `return ${formula}`) as (...of: unknown[]) => number;
  const amounts = fc.array(fc.integer({ min: 1, max: 9_999 }), { minLength: names.length, maxLength: names.length });
  fc.assert(
    fc.property(amounts, (values) => {
      const { value } = compute(Object.fromEntries(names.map((name, index) => [name, values[index] ?? null])));
      const expected = evaluate(...values, Math.min, Math.max, Math.abs);
      return value === null || Math.abs(Number(value) - expected) <= Math.max(1, Math.abs(expected)) * 1e-9;
    }),
  );
  expect(arithmetic.length).toBeGreaterThan(20);
});
