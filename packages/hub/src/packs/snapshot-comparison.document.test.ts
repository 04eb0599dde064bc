import { expect, test } from 'vitest';
import { documentHtml } from '../kernel/document.html.ts';
import { documentMarkdown } from '../kernel/document.markdown.ts';
import type { MetricUnit } from '../kernel/metric.ts';
import { composeComparison, type ComparisonWords } from './snapshot-comparison.document.ts';
import type { KeptFigure } from './snapshot.rules.ts';

function figure(
  [name, unit, currency = null]: readonly [string, MetricUnit, (string | null)?],
  value: string | null,
  more: Partial<KeptFigure> = {},
): KeptFigure {
  return {
    metric: {
      definition: { name, description: '', unit, formula: 'a / b', inputs: {} },
      inputs: {},
      figure: value === null ? { value, reason: 'The whole is 0.' } : { value, reason: null },
      currency,
    },
    target: null,
    threshold: null,
    status: null,
    reason: '',
    suggestion: null,
    ...more,
  };
}

const low: KeptFigure['quality'] = {
  figure: figure(['quality', 'RATIO'], '0.8').metric,
  kind: 'project',
  records: 3,
  threshold: '0.9',
  shortfalls: [{ field: 'end', problem: 'It is missing.', count: 2 }],
};
const winRate = ['winRate', 'RATIO'] as const;
const leaked = ['leakedTime', 'SECONDS'] as const;
const atRisk = ['revenueAtRisk', 'MONEY', 'EUR'] as const;
const measured = { target: '0', threshold: '36000', status: 'WATCH' } as const;
const same = { metricVersion: 'one', watermarks: [], leftOut: [], late: [] };

const words: ComparisonWords = {
  of: 'the whole portfolio',
  lens: 'DELIVERY',
  currency: 'EUR',
  isKept: true,
  before: {
    ...same,
    asOf: '2026-10-26T08:00:00Z',
    inputsHash: 'one',
    late: ['jira'],
    figures: [figure(leaked, '28800', measured), figure(atRisk, '6000', { quality: low }), figure(winRate, '0.5')],
  },
  after: {
    ...same,
    asOf: '2026-11-23T08:00:00Z',
    inputsHash: 'other',
    figures: [
      figure(leaked, '43200', { ...measured, status: 'BAD', threshold: '32400', suggestion: 'Have it linked.' }),
      figure(atRisk, '7500.5', { quality: null }),
      figure(winRate, null),
    ],
  },
  leftOut: { rows: [{ record: 'Portal', at: '2026-11-23T08:00:00Z', reason: 'No rate to EUR.' }], more: 0 },
};

test('a comparison says what each figure was and is, by how much it moved, how it stands and what cannot be told', () => {
  expect(documentMarkdown(composeComparison(words))).toBe(`# What moved in the review of the whole portfolio: delivery

From 2026-10-26 08:00 UTC to 2026-11-23 08:00 UTC, in EUR. 3 of 3 figures moved; 0 stand better, 1 worse.

## Before you compare

- On 2026-10-26 08:00 UTC, what had been read was not fresh: jira.

## Figures

| Figure          |     2026-10-26 |   2026-11-23 |        Change |
| --------------- | -------------: | -----------: | ------------: |
| Leaked time     |            8 h |         12 h |          +4 h |
| Revenue at risk | EUR 6,000.00 † | EUR 7,500.50 | +EUR 1,500.50 |
| Win rate        |           50 % |              |               |

† On 2026-10-26, the quality of what it is computed of was beneath 90 %.

- Revenue at risk: 80 %, of 3 projects. End (2): It is missing. Its source is late.

## How they stand

| Figure      | Target |     Threshold | 2026-10-26 | 2026-11-23 |
| ----------- | -----: | ------------: | ---------- | ---------- |
| Leaked time |    0 h | 9 h, was 10 h | watch      | bad        |

## No change can be told

- Win rate: In the second: The whole is 0.

## Suggested decisions

- Leaked time: Have it linked.

## Left out of the figures of one

| Project | On | Why |
| --- | --- | --- |
| Portal | 2026-11-23 08:00 UTC | No rate to EUR. |
`);
});

test('how things stand now is said to be now, and two states of one day have their minutes', () => {
  const text = documentMarkdown(
    composeComparison({ ...words, isKept: false, after: { ...words.after, asOf: '2026-10-26T17:30:00Z' } }),
  );
  expect(text).toContain('From 2026-10-26 08:00 UTC to 2026-10-26 17:30 UTC, which is now, in EUR.');
  expect(text).toContain('| Figure          | 2026-10-26 08:00 UTC | 2026-10-26 17:30 UTC |        Change |');
});

test('on the page a figure is coloured by how it stands in the end', () => {
  const html = documentHtml(composeComparison(words));
  expect(html).toContain('<h1>What moved in the review of the whole portfolio: delivery</h1>');
  expect(html).toContain('<tr class="bad"><th scope="row">Leaked time</th>');
});

test('a target that was set meanwhile was none before, which is not 0', () => {
  const set = figure(winRate, '0.5', { target: '0.6', status: 'WATCH' });
  const text = documentMarkdown(
    composeComparison({
      ...words,
      before: { ...words.before, figures: [figure(winRate, '0.5')] },
      after: { ...words.after, figures: [set] },
    }),
  );
  expect(text).toContain('| Win rate | 60 %, was none |');
});
