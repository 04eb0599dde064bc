import { expect, test } from 'vitest';
import { caveatsOf, isMove, moveOf, pairsOf, type LateState } from './snapshot-comparison.rules.ts';
import type { KeptFigure } from './snapshot.rules.ts';

const definition = {
  description: 'What it says.',
  unit: 'RATIO',
  formula: 'a / b',
  inputs: { a: 'The part.', b: 'The whole.' },
} as const;

function figure(name: string, value: string | null, more: Partial<KeptFigure> = {}): KeptFigure {
  return {
    metric: {
      definition: { ...definition, name },
      inputs: {},
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

function redefined(of: KeptFigure, more: object): KeptFigure {
  return { ...of, metric: { ...of.metric, definition: { ...of.metric.definition, ...more } } };
}

const movesBetween = (before: readonly KeptFigure[], after: readonly KeptFigure[]) =>
  pairsOf(before, after).map(moveOf).filter(isMove);

test('what differs in value or status moved, also what came or went, and says why no change can be told', () => {
  const before = [
    figure('margin', '0.40', { status: 'GOOD' }),
    figure('winRate', '0.5'),
    figure('old', '1'),
    figure('same', '2'),
  ];
  const after = [
    figure('margin', '0.35', { status: 'WATCH' }),
    figure('winRate', null),
    figure('new', '3'),
    figure('same', '2'),
  ];
  const unrated = { statusBefore: null, statusAfter: null };
  expect(movesBetween(before, after).map(({ metric, ...move }) => [metric.definition.name, move])).toEqual([
    [
      'margin',
      { before: '0.40', after: '0.35', change: '-0.05', reason: null, statusBefore: 'GOOD', statusAfter: 'WATCH' },
    ],
    ['winRate', { before: '0.5', after: null, change: null, reason: 'In the second: The whole is 0.', ...unrated }],
    ['new', { before: null, after: '3', change: null, reason: 'Only the second has it.', ...unrated }],
    ['old', { before: '1', after: null, change: null, reason: 'Only the first has it.', ...unrated }],
  ]);
});

test('a figure that is defined otherwise has no change, and says what of its definition is another', () => {
  const one = figure('margin', '0.40');
  const other = figure('margin', '0.35');
  const reasonOf = (more: object) => moveOf({ metric: other.metric, before: one, after: redefined(other, more) });
  expect(reasonOf({ formula: '(a - b) / b' })).toMatchObject({
    before: '0.40',
    after: '0.35',
    change: null,
    reason: 'It is computed as (a - b) / b, and was as a / b.',
  });
  expect(reasonOf({ unit: 'COUNT' }).reason).toBe('It is counted in count, and was in ratio.');
  expect(reasonOf({ inputs: { a: 'The part.', b: 'Another whole.', plannedCost: 'New.' } }).reason).toBe(
    'What it is computed of has another meaning: b, planned cost.',
  );
  // A database gives members back in an order of its own.
  expect(reasonOf({ inputs: { b: 'The whole.', a: 'The part.' } })).toMatchObject({ change: '-0.05', reason: null });
});

test('a figure that neither has says why once', () => {
  const none = figure('margin', null);
  expect(moveOf({ metric: none.metric, before: none, after: none }).reason).toBe('The whole is 0.');
});

function state(more: Partial<LateState> = {}): LateState {
  return {
    asOf: '2026-10-26T08:00:00Z',
    metricVersion: 'one',
    inputsHash: 'one',
    watermarks: [{ source: 'jira', stream: 'issues', readAt: '2026-10-26T07:00:00Z' }],
    figures: [figure('margin', '0.4')],
    leftOut: [],
    late: [],
    ...more,
  };
}

test('nothing has to be known about two states of one quarter whose sources were there and fresh', () => {
  expect(caveatsOf('BOTH', state(), state({ asOf: '2026-12-31T23:59:00Z', inputsHash: 'other' }))).toEqual([]);
});

test('what makes a comparison doubtful is said: another quarter, the wrong order, sources that were late or not there', () => {
  const later = state({ asOf: '2027-01-04T08:00:00Z', inputsHash: 'other' });
  const quarter =
    'Sales figures are of another quarter: that until 2027-03-31, and they were of that until 2026-12-31.';
  expect(caveatsOf('SALES', state(), later)).toEqual([quarter]);
  expect(caveatsOf('DELIVERY', state(), later)).toEqual([]);
  expect(caveatsOf('DELIVERY', later, state())).toEqual(['The second is the earlier one of the two.']);
  expect(
    caveatsOf(
      'DELIVERY',
      state({ late: ['hubspot', 'jira'] }),
      state({ inputsHash: 'other', watermarks: [{ source: 'files', stream: 'rates', readAt: null }] }),
    ),
  ).toEqual([
    'On 2026-10-26 08:00 UTC, what had been read was not fresh: hubspot, jira.',
    'On 2026-10-26 08:00 UTC, there was no source files.',
    'On 2026-10-26 08:00 UTC, there was no source jira.',
  ]);
});

test('what moved although both are made of the same is computed otherwise', () => {
  const moved = state({ figures: [figure('margin', '0.5')] });
  const said = 'Both are made of the same: what moved is computed otherwise.';
  expect(caveatsOf('DELIVERY', state(), moved)).toEqual([said]);
  expect(caveatsOf('DELIVERY', state(), state())).toEqual([]);
  expect(caveatsOf('DELIVERY', state(), { ...moved, inputsHash: 'other' })).toEqual([]);
});
