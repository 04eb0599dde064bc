import type { JiraIssue } from './seed.ts';
import type { JiraStore } from './store.ts';

/** The fields of time tracking, of which only the estimates are kept: what was spent is the sum of the worklogs. */
export function timeReaders({ worklogs }: JiraStore): Record<string, (issue: JiraIssue) => unknown> {
  const spent = (issue: JiraIssue): number | null => worklogs.secondsOf(issue.id) || null;
  return {
    timeoriginalestimate: (issue) => issue.originalEstimateSeconds,
    timeestimate: (issue) => issue.remainingEstimateSeconds,
    timespent: spent,
    timetracking: (issue) =>
      Object.fromEntries(
        [
          ['originalEstimate', issue.originalEstimateSeconds],
          ['remainingEstimate', issue.remainingEstimateSeconds],
          ['timeSpent', spent(issue)],
        ].flatMap(([name, seconds]) =>
          typeof seconds === 'number'
            ? [
                [name, duration(seconds)],
                [`${String(name)}Seconds`, seconds],
              ]
            : [],
        ),
      ),
  };
}

/** Seconds as Jira writes them, in its default calendar of 8-hour days and 5-day weeks. */
export function duration(seconds: number): string {
  let minutes = Math.round(seconds / 60);
  const parts: string[] = [];
  for (const [unit, size] of [
    ['w', 2_400],
    ['d', 480],
    ['h', 60],
    ['m', 1],
  ] as const) {
    const count = Math.floor(minutes / size);
    minutes -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(' ') || '0m';
}
