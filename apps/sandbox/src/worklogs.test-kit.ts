import type { JiraIssue, JiraWorklog } from '@plumbline/jira/emulator';
import type { Holdings } from './holdings.test-kit.ts';
import { issueTypes } from './vocabulary.ts';

/** What the vendors' data says about a worklog, over Jira's links and the sheets. */
export interface WorklogFacts {
  issueOf(worklog: JiraWorklog): JiraIssue;
  projectKeyOf(worklog: JiraWorklog): string;
  /** The change request that time on an issue counts for: itself, or what it implements. */
  changeOf(issue: JiraIssue): JiraIssue | undefined;
  /** The author's calendar date. */
  localDay(worklog: JiraWorklog): string;
  /** As the staff list or Jira has it; blank when neither does. */
  emailOf(worklog: JiraWorklog): string;
  /** Of one hour on the worklog's day; null where the sheet has none. */
  rateOf(worklog: JiraWorklog): { bill: number | null; cost: number | null; currency: string };
}

export function factsOf(held: Holdings): WorklogFacts {
  const rates = Map.groupBy(held.rows('Rates'), (row) => String(row['E-mail']));
  const listed = new Map(
    held.rows('People').map((row) => [row['Jira account'], String(row['E-Mail']).trim().toLowerCase()]),
  );
  const keys = new Map(held.projects.map(({ id, key }) => [id, key]));
  const facts: WorklogFacts = {
    issueOf(worklog) {
      const issue = held.issues.get(worklog.issueId);
      if (!issue) throw new RangeError(`worklog ${worklog.id} is on no issue`);
      return issue;
    },
    projectKeyOf: (worklog) => keys.get(facts.issueOf(worklog).projectId) ?? '',
    changeOf: (issue) =>
      issue.typeId === issueTypes.changeRequest.id ? issue : held.issues.get(issue.links?.[0]?.outwardIssueId ?? ''),
    localDay: ({ started }) => started.slice(0, 10),
    emailOf: ({ authorAccountId }) => held.users.get(authorAccountId)?.email ?? listed.get(authorAccountId) ?? '',
    rateOf(worklog) {
      const day = facts.localDay(worklog);
      const valid = rates
        .get(facts.emailOf(worklog))
        ?.find(
          (row) => String(row['Valid from']) <= day && (row['Valid to'] === null || day <= String(row['Valid to'])),
        );
      const rate = (cell: unknown): number | null => (typeof cell === 'number' ? cell : null);
      return { bill: rate(valid?.['Bill rate']), cost: rate(valid?.['Cost rate']), currency: String(valid?.Currency) };
    },
  };
  return facts;
}
