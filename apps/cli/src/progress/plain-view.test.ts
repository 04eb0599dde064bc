import type { RunProgress } from '@plumbline/hub';
import { expect, test } from 'vitest';
import { createPlainView } from './plain-view.ts';

const none = {
  read: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  deleted: 0,
  vanished: 0,
  quarantined: 0,
  released: 0,
  skipped: 0,
  erased: 0,
  pages: 0,
  requests: 0,
  bytes: 0,
  throttledMs: 0,
};

function issues(
  status: RunProgress['status'],
  counts: Partial<RunProgress['counts']> = {},
  expected: number | null = null,
): RunProgress {
  return {
    runId: 'run',
    sourceId: 'jira',
    stream: 'issues',
    task: 'POLL',
    status,
    counts: { ...none, ...counts },
    expected,
  };
}

function watch(options: { newsOnly?: boolean } = {}) {
  const lines: string[] = [];
  const time = { now: 0 };
  const view = createPlainView({ console: { say: (line) => lines.push(line) }, now: () => time.now, ...options });
  return { lines, time, view };
}

test('a stream says when it starts, when it ends, and for long ones where it is', () => {
  const { lines, time, view } = watch();
  view.show(issues('RUNNING'));
  time.now = 1_000;
  view.show(issues('RUNNING', { read: 400 }, 3_000));
  time.now = 6_000;
  view.show(issues('RUNNING', { read: 2_400 }, 3_000));
  time.now = 8_000;
  view.show(issues('SUCCEEDED', { read: 3_000, created: 2_999, quarantined: 1 }));
  expect(lines).toEqual([
    'jira/issues started',
    'jira/issues: 2,400 of 3,000 read, 400/s',
    'jira/issues done: 3,000 read: 2,999 new, 1 in quarantine, 8.0 s, 375/s',
  ]);
});

test('where only news count, a poll that found nothing says nothing, and a failed one does', () => {
  const { lines, view } = watch({ newsOnly: true });
  for (const status of ['RUNNING', 'SUCCEEDED'] as const) view.show(issues(status, { read: 60, unchanged: 60 }));
  view.show(issues('RUNNING'));
  view.show(issues('SUCCEEDED', { read: 1, changed: 1 }));
  view.show(issues('RUNNING'));
  view.show(issues('FAILED'));
  expect(lines).toEqual(['jira/issues done: 1 read: 1 changed, 0.0 s', 'jira/issues failed: 0 read, 0.0 s']);
});
