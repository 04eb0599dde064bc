import { expect, test } from 'vitest';
import { documentHtml } from '../kernel/document.html.ts';
import { documentMarkdown } from '../kernel/document.markdown.ts';
import type { FigureQuality } from '../sources/figure-quality.rules.ts';
import { composeReview, type ReviewWords } from './review.document.ts';

const nothing = { rows: [], more: 0 };

const words: ReviewWords = {
  of: 'Ada',
  lens: 'SALES',
  now: '2026-03-09T08:00:30Z',
  since: '2026-03-02T08:00:00Z',
  figures: [
    {
      metric: {
        definition: { name: 'leakedTime', description: '', unit: 'SECONDS', formula: '', inputs: {} },
        inputs: {},
        figure: { value: '146700', reason: null },
        currency: null,
      },
      target: '0',
      threshold: '0',
      status: 'BAD',
      reason: 'It is above its threshold.',
      suggestion: 'Have it linked.',
      stale: [],
      quality: null,
    },
    {
      metric: {
        definition: { name: 'openPipeline', description: '', unit: 'MONEY', formula: '', inputs: {} },
        inputs: {},
        figure: { value: null, reason: 'There is no rate.' },
        currency: 'EUR',
      },
      target: null,
      threshold: null,
      status: null,
      reason: 'There is no rate.',
      suggestion: null,
      stale: [],
      quality: null,
    },
  ],
  movements: { ...nothing, recordsLeftOut: 0 },
  questions: nothing,
  points: nothing,
  views: nothing,
  deals: nothing,
  projects: nothing,
  leftOut: nothing,
};

test('a review says how it stands, what each figure is measured by, and what it suggests; sections without rows are left out', () => {
  expect(documentMarkdown(composeReview(words))).toBe(`# Review of Ada: sales

As of 2026-03-09 08:00 UTC, movements since 2026-03-02 08:00 UTC. 0 of 2 figures are good, 0 to watch, 1 bad.

## Figures

| Figure        |  Value | Target | Threshold | Status | Why                        |
| ------------- | -----: | -----: | --------: | ------ | -------------------------- |
| Leaked time   | 40.8 h |    0 h |       0 h | bad    | It is above its threshold. |
| Open pipeline |        |        |           |        | There is no rate.          |

## Suggested decisions

- Leaked time: Have it linked.
`);
});

test('what is not shown is counted', () => {
  const deal = {
    name: 'Portal',
    client: 'Acme',
    owner: 'Ada',
    stage: 'Proposed',
    amount: null,
    closeDate: '2026-03-31',
  };
  const movement = {
    operation: 'DELETED',
    field: null,
    who: '',
    at: '2026-03-05T08:00:00Z',
    record: 'Archive',
    before: '',
    after: '',
  } as const;
  const text = documentMarkdown(
    composeReview({
      ...words,
      deals: { rows: [deal], more: 149 },
      movements: { rows: [movement], more: 0, recordsLeftOut: 1 },
    }),
  );
  expect(text).toContain('| Portal | Acme   | Ada    | Proposed |        | 2026-03-31 |\n\n149 more not shown.');
  expect(text).toContain('| 2026-03-05 08:00 UTC | Archive | deleted |  |  |  |\n\n1 more record moved before these.');
});

test('a source that is late is named at the top and beside what depends on it', () => {
  const [leaked, open] = words.figures;
  const text = documentMarkdown(
    composeReview({ ...words, figures: leaked && open ? [{ ...leaked, stale: ['jira', 'google-sheets'] }, open] : [] }),
  );
  expect(text).toContain('1 bad. Not fresh: google-sheets, jira; figures that depend on it say so.');
  expect(text).toContain('| bad | It is above its threshold. Not fresh: jira, google-sheets. |');
  expect(text).toContain('|  | There is no rate. |');
});

test('a figure of doubtful records is marked beside its name, and beneath the figures it says what lowers it', () => {
  const quality = (value: string, more: Partial<FigureQuality> = {}): FigureQuality => ({
    figure: {
      definition: { name: 'quality', description: '', unit: 'RATIO', formula: '', inputs: {} },
      inputs: { fresh: '1' },
      figure: { value, reason: null },
      currency: null,
    },
    kind: 'opportunity',
    records: 12,
    threshold: '0.9',
    shortfalls: [
      { field: 'nextStep', problem: 'It is missing.', count: 5 },
      { field: 'closeDate', problem: 'It has passed, and the deal is open.', count: 3 },
      { field: 'amount', problem: 'It is missing.', count: 2 },
      { field: 'stage', problem: 'It is missing.', count: 1 },
    ],
    ...more,
  });
  const [leaked, open] = words.figures;
  const written = (one: FigureQuality | null, other: FigureQuality | null) =>
    documentMarkdown(
      composeReview({
        ...words,
        figures:
          leaked && open
            ? [
                { ...leaked, quality: one },
                { ...open, quality: other },
              ]
            : [],
      }),
    );
  const low = quality('0.8999');
  const text = written(low, low);
  expect(text).toContain('| Leaked time †   | 40.8 h |');
  expect(text).toContain('| Open pipeline † |        |');
  expect(text).toContain(`† The quality of what it is computed of is beneath 90 %.

- Leaked time, Open pipeline: 89.9 %, of 12 deals. Next step (5): It is missing. Close date (3): It has passed, and the deal is open. Amount (2): It is missing. 1 more such field.
`);
  const late = quality('0.62', { kind: 'project', records: 1, shortfalls: [] });
  const project = { ...late, figure: { ...late.figure, inputs: { fresh: '0.5' } } };
  expect(written(project, quality('0.9'))).toContain('- Leaked time: 62 %, of 1 project. Its source is late.\n');
  expect(written(quality('0.9'), null)).not.toContain('†');
});

test('what is in the way says for how long it has been', () => {
  const point = { title: 'Legal', due: null, owner: 'Ada' };
  const rows = [
    { ...point, kind: 'obstacle', ageDays: 12 },
    { ...point, kind: 'closeNeed', ageDays: null },
  ] as const;
  const text = documentMarkdown(composeReview({ ...words, points: { rows, more: 0 } }));
  expect(text).toContain('| Legal | in the way | Ada | 12 days |  |\n| Legal | needed | Ada |  |  |');
});

test('what only some may read is marked where it stands, and beside a view stands what comes next and what would help', () => {
  const view = { record: 'Portal', perspective: 'SELLER', text: 'Too dear.', confidence: null } as const;
  const unsaid = { next_step: null, next_step_date: null, help_wanted: null };
  const text = documentMarkdown(
    composeReview({
      ...words,
      views: {
        rows: [
          { ...view, ...unsaid, audience: 'PRIVATE' },
          { ...view, next_step: 'Call', next_step_date: '2026-03-10', help_wanted: 'The CFO.', audience: 'TEAM' },
        ],
        more: 0,
      },
    }),
  );
  expect(text).toContain(
    '| Portal | seller |  | Too dear. (private) |  |  |\n| Portal | seller |  | Too dear. | Call (2026-03-10) | The CFO. |',
  );
});

test('parts of something are percent, and what is so many times something is a plain number', () => {
  const figure = (name: string, value: string): ReviewWords['figures'][number] => ({
    metric: {
      definition: { name, description: '', unit: 'RATIO', formula: '', inputs: {} },
      inputs: {},
      figure: { value, reason: null },
      currency: null,
    },
    target: '0.35',
    threshold: null,
    status: 'GOOD',
    reason: 'It reaches its target.',
    suggestion: null,
    stale: [],
    quality: null,
  });
  const text = documentMarkdown(
    composeReview({ ...words, figures: [figure('margin', '0.5685'), figure('costPerformanceIndex', '1.1813')] }),
  );
  expect(text).toContain('| Margin                 | 56.9 % |   35 % |           | good   |');
  expect(text).toContain('| Cost performance index |   1.18 |   0.35 |           | good   |');
});

test('figures stand by their status on the page, and a state is said in words', () => {
  const project = { name: 'Portal', client: 'Acme', manager: 'Ada', status: 'ON_HOLD', end: '2026-03-31' };
  const html = documentHtml(composeReview({ ...words, projects: { rows: [project], more: 0 } }));
  expect(html).toContain('<tr class="bad"><th scope="row">Leaked time</th>');
  expect(html).toContain('<tr><th scope="row">Open pipeline</th>');
  expect(html).toContain('<td data-label="Status">on hold</td>');
});
