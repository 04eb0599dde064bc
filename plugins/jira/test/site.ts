import type { JiraHistory, JiraIssue, JiraProject, JiraSite, JiraUser, JiraWorklog } from '../emulator/index.ts';

/** A small site: enough users, types, statuses and fields for every kind. Its caller lives in Berlin. */
export function smallSite(timeZone = 'Europe/Berlin'): JiraSite {
  return {
    host: 'acme.atlassian.net',
    caller: { accountId: 'acc-hub', email: 'hub@acme.example', apiToken: 'token-of-the-hub', timeZone },
    users: [
      user('acc-hub', 'Hub', 'hub@acme.example'),
      user('acc-ada', 'Ada Lovelace', 'Ada@acme.example'),
      user('acc-gus', 'Gus Gorman', null),
      { ...user('acc-old', 'Old Timer', null), active: false, timeZone: null },
    ],
    statuses: [
      { id: '1', name: 'To Do', category: 'new' },
      { id: '2', name: 'In Progress', category: 'indeterminate' },
      { id: '3', name: 'Done', category: 'done' },
      { id: '4', name: 'Quoted', category: 'indeterminate' },
    ],
    issueTypes: [
      { id: '100', name: 'Task' },
      { id: '101', name: 'Change Request' },
      { id: '102', name: 'Risk' },
      { id: '103', name: 'Gate' },
      { id: '104', name: 'Sub-task', subtask: true },
    ],
    fields: [
      { id: 'customfield_1', name: 'Story Points', type: 'number', custom: 'com.atlassian.jira:float' },
      { id: 'customfield_2', name: 'Price delta', type: 'number', custom: 'com.atlassian.jira:float' },
      { id: 'customfield_3', name: 'Currency', type: 'option', custom: 'com.atlassian.jira:select' },
      { id: 'customfield_4', name: 'Effort delta', type: 'number', custom: 'com.atlassian.jira:float' },
      { id: 'customfield_5', name: 'Probability', type: 'number', custom: 'com.atlassian.jira:float' },
      { id: 'customfield_6', name: 'Team', type: 'option', custom: 'com.atlassian.jira:select' },
      { id: 'customfield_7', name: 'List price', type: 'number', custom: 'com.atlassian.jira:float' },
    ],
  };
}

function user(accountId: string, displayName: string, email: string | null): JiraUser {
  return { accountId, displayName, email, timeZone: 'Europe/Berlin', active: true };
}

export const projects: readonly JiraProject[] = [
  {
    id: '1',
    key: 'ABC',
    name: 'Alphabet',
    description: 'Sold as deal #9001.',
    leadAccountId: 'acc-ada',
    properties: { plumbline: { deals: ['9001', '9002'] } },
    versions: [
      { id: '71', name: '1.0', releaseDate: '2026-02-01', released: true, archived: false },
      { id: '72', name: '2.0', releaseDate: '2026-09-01', released: false, archived: false },
    ],
  },
  { id: '2', key: 'XYZ', name: 'Rest', description: '', leadAccountId: 'acc-gus' },
];

export const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;

export function issue(number: number, more: Partial<JiraIssue> = {}): JiraIssue {
  const created = at('2026-01-05T08:00:00Z') + number * 60_000;
  return {
    id: String(1_000 + number),
    key: `ABC-${number}`,
    projectId: '1',
    typeId: '100',
    statusId: '1',
    summary: `Work ${number}`,
    description: 'First.\n\nSecond\nline.',
    reporterAccountId: 'acc-ada',
    assigneeAccountId: null,
    labels: [],
    fixVersionIds: [],
    dueDate: null,
    originalEstimateSeconds: null,
    remainingEstimateSeconds: null,
    custom: {},
    created,
    updated: created,
    resolved: null,
    history: [],
    ...more,
  };
}

export function worklog(number: number, more: Partial<JiraWorklog> = {}): JiraWorklog {
  const updated = at('2026-01-10T08:00:00Z') + number * 1_000;
  return {
    id: String(5_000 + number),
    issueId: '1001',
    authorAccountId: 'acc-ada',
    started: '2026-01-10T09:00:00.000+0100',
    seconds: 3_600,
    comment: 'Worked.',
    created: updated,
    updated,
    ...more,
  };
}

export function statusChange(id: string, when: string, from: [string, string], to: [string, string]): JiraHistory {
  return {
    id,
    at: at(when),
    authorAccountId: 'acc-ada',
    items: [
      {
        field: 'status',
        fieldId: 'status',
        fieldtype: 'jira',
        from: from[0],
        fromString: from[1],
        to: to[0],
        toString: to[1],
      },
    ],
  };
}
