import type { JiraIssue, JiraWorklog } from '@plumbline/jira/emulator';
import { describe, expect, test } from 'vitest';
import { enteredOn, portalDay, readHoldings, sum } from './holdings.test-kit.ts';
import type { RuleId } from './truth-types.ts';
import { jiraFields } from './vocabulary.ts';
import { factsOf } from './worklogs.test-kit.ts';

describe.each(['acme', 'zenith', '東京'])('in the company of seed %s', (seed) => {
  const held = readHoldings(seed);
  const truth = held.company.truth();
  const { issueOf, projectKeyOf, changeOf, localDay, emailOf, rateOf } = factsOf(held);
  const hoursBy = (name: (worklog: JiraWorklog) => string | null): Record<string, number> => {
    const named = Map.groupBy(held.worklogs, name);
    return Object.fromEntries(
      [...named]
        .filter(([key]) => key !== null)
        .map(([key, logs]) => [key, sum(logs.map(({ seconds }) => seconds)) / 3_600]),
    );
  };
  const told = (rule: RuleId): Record<string, number> =>
    Object.fromEntries(
      truth.anomalies
        .filter((anomaly) => anomaly.rule === rule)
        .map(({ subject, figures }) => [subject.key, Number(figures.hours)]),
    );
  const onChange =
    (condition: (change: JiraIssue, day: string) => boolean) =>
    (worklog: JiraWorklog): string | null => {
      const change = changeOf(issueOf(worklog));
      return change && condition(change, localDay(worklog)) ? `jira-issue:${change.id}` : null;
    };

  test('R10 is time on changes that nobody had approved yet', () => {
    const unapproved = hoursBy(onChange((change, day) => day < (enteredOn(change, 'Approved') ?? '9999')));
    expect(told('R10')).toEqual(unapproved);
    expect(Object.keys(unapproved)).toHaveLength(7);
  });

  test('R14 is time on changes that were rejected', () => {
    const rejected = hoursBy(onChange((change, day) => day > (enteredOn(change, 'Rejected') ?? '9999')));
    expect(told('R14')).toEqual(rejected);
    expect(Object.keys(rejected)).toHaveLength(2);
  });

  test('R16 is time from before the change was asked for', () => {
    const retroactive = hoursBy(onChange((change, day) => day < portalDay(change.created)));
    expect(told('R16')).toEqual(retroactive);
    expect(Object.keys(retroactive)).toHaveLength(2);
  });

  test('R11 is time on what neither the contract nor a change asks for', () => {
    const internal = new Set(held.projects.filter(({ name }) => name.startsWith('Internal: ')).map(({ id }) => id));
    const stray = hoursBy((worklog) => {
      const issue = issueOf(worklog);
      const covered = changeOf(issue) || issue.custom[jiraFields.commitment] || internal.has(issue.projectId);
      return covered ? null : `jira-issue:${issue.id}`;
    });
    expect(told('R11')).toEqual(stray);
    expect(Object.keys(stray).length).toBeGreaterThanOrEqual(4);
  });

  test('R27 is time in projects that were closed', () => {
    const register = new Map(held.rows('Projects').map((row) => [row.Key, row]));
    const late = hoursBy((worklog) => {
      const key = projectKeyOf(worklog);
      const row = register.get(key);
      return row?.Status === 'closed' && localDay(worklog) > String(row.End) ? `jira-project-key:${key}` : null;
    });
    expect(told('R27')).toEqual(late);
    expect(Object.keys(late)).toHaveLength(2);
  });

  test('R28 is time that no rate in the sheet can price', () => {
    const unpriced = hoursBy((worklog) => {
      const { bill, cost } = rateOf(worklog);
      return bill && cost ? null : `email:${emailOf(worklog)}`;
    });
    expect(told('R28')).toEqual(unpriced);
    expect(Object.keys(unpriced)).toHaveLength(3);
  });
});
