import type { JsonValue } from '@plumbline/connector';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JudgedFigure, PackFigures } from './pack-figures.store.ts';
import { inputsHashOf, kept, metricVersionOf } from './snapshot.rules.ts';

function figure(
  name: string,
  value: string | null,
  more: Partial<JudgedFigure> = {},
  inputs: Record<string, JsonValue> = {},
): JudgedFigure {
  return {
    metric: {
      definition: {
        name,
        description: 'What it says.',
        unit: 'RATIO',
        formula: 'a / b',
        inputs: { a: 'The part.', b: 'The whole.' },
      },
      inputs,
      figure: value === null ? { value, reason: 'The whole is 0.' } : { value, reason: null },
      currency: null,
    },
    target: null,
    threshold: null,
    status: null,
    reason: 'Nobody has set a target for it.',
    suggestion: null,
    ...more,
  };
}

function pack(judged: readonly JudgedFigure[], currency = 'EUR'): PackFigures {
  const figures = judged.map((each) => ({ ...each, quality: async () => null }));
  return {
    question: { scope: { kind: 'PORTFOLIO', id: null, team: null }, lens: 'BOTH', currency, asOf: null },
    now: '2026-03-06T10:00:00Z',
    quarter: { from: '2026-01-01', to: '2026-03-31' },
    subjects: { opportunityIds: [], openDeals: 0, projectIds: [], allProjectIds: [] },
    figures,
    leftOut: [],
  };
}

test('the hash is of what counts: not of the order of rows, nor of zeros at the end of a decimal', () => {
  const work = fc.array(fc.record({ seconds: fc.nat(), rate: fc.constantFrom('90', '90.0', '95.50') }));
  const hash = (rows: JsonValue): string => inputsHashOf(pack([figure('margin', '0.4', {}, { work: rows })]));
  fc.assert(
    fc.property(work, (rows) => {
      expect(hash(rows.toReversed())).toBe(hash(rows));
      expect(hash(rows.map((row) => ({ ...row, rate: row.rate === '90.0' ? '90' : row.rate })))).toBe(hash(rows));
      expect(hash([...rows, { seconds: 1, rate: '1' }])).not.toBe(hash(rows));
    }),
  );
});

test('another input, target or currency gives another hash; another instant of the day does not', () => {
  const one = pack([figure('margin', '0.4', { target: '0.35' }, { a: '40', b: '100' })]);
  const hash = inputsHashOf(one);
  expect(inputsHashOf({ ...one, now: '2026-03-06T17:00:00Z' })).toBe(hash);
  expect(inputsHashOf(pack([figure('margin', '0.4', { target: '0.35' }, { a: '40.1', b: '100' })]))).not.toBe(hash);
  expect(inputsHashOf(pack([figure('margin', '0.4', { target: '0.36' }, { a: '40', b: '100' })]))).not.toBe(hash);
  expect(inputsHashOf({ ...one, question: { ...one.question, currency: 'USD' } })).not.toBe(hash);
});

test('the version is of the definitions and of nothing else', () => {
  const version = metricVersionOf([figure('margin', '0.4')]);
  expect(metricVersionOf([figure('margin', null, { target: '1' }, { a: '1' })])).toBe(version);
  expect(metricVersionOf([kept(figure('margin', '0.4', {}, { a: '1' }), null)])).toBe(version);
  const other = figure('margin', '0.4');
  const definition = { ...other.metric.definition, formula: '(a - b) / b' };
  expect(metricVersionOf([{ ...other, metric: { ...other.metric, definition } }])).not.toBe(version);
});
