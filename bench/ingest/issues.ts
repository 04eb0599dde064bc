import { sequence } from '../figures.ts';

/** An issue as a tracker's search answers it, with the members nobody maps. */
export interface Issue {
  id: string;
  key: string;
  self: string;
  fields: Record<string, unknown>;
}

const words =
  'agree budget change client contract cutover data deploy design estimate export field forecast gateway import invoice ledger margin mapping migrate milestone order payment pipeline plan portal quota rate reconcile report review rollout scope session sheet ship sprint stage status sync tariff team test timeline token update vendor'.split(
    ' ',
  );
const statuses = [
  { name: 'Selected for Development', key: 'new' },
  { name: 'In Progress', key: 'indeterminate' },
  { name: 'Done', key: 'done' },
] as const;
const PROJECTS = 40;
const PEOPLE = 60;

/** Issues of about 3.5 kB of JSON each; another revision changes every one of them. */
export function makeIssues(count: number, revision: number): Issue[] {
  return Array.from({ length: count }, (_, index) => makeIssue(index, revision));
}

function makeIssue(index: number, revision: number): Issue {
  const random = sequence(index);
  const prose = (length: number): string =>
    Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ');
  const project = index % PROJECTS;
  const status = statuses[(index + revision) % statuses.length] ?? statuses[0];
  const site = 'https://kestrel.atlassian.example';
  const updated = Temporal.Instant.from('2026-03-01T08:00:00Z').add({ seconds: index, hours: revision * 24 });
  return {
    id: String(10_000 + index),
    key: `P${project}-${index}`,
    self: `${site}/rest/api/3/issue/${10_000 + index}`,
    fields: {
      summary: `${prose(9)} r${revision}`,
      description: document([prose(60), prose(60), prose(45)]),
      issuetype: {
        self: `${site}/rest/api/3/issuetype/10001`,
        id: '10001',
        name: 'Story',
        subtask: false,
        hierarchyLevel: 0,
      },
      project: {
        self: `${site}/rest/api/3/project/${project}`,
        id: String(project),
        key: `P${project}`,
        name: prose(3),
      },
      status: {
        self: `${site}/rest/api/3/status/${3 + revision}`,
        name: status.name,
        id: '3',
        statusCategory: { id: 4, key: status.key, colorName: 'yellow', name: status.name },
      },
      priority: {
        self: `${site}/rest/api/3/priority/3`,
        name: 'Medium',
        id: '3',
        iconUrl: `${site}/images/medium.svg`,
      },
      assignee: person(site, Math.floor(random() * PEOPLE)),
      reporter: person(site, Math.floor(random() * PEOPLE)),
      labels: [words[index % words.length], words[(index * 7) % words.length]],
      timetracking: { originalEstimateSeconds: 3_600 * (1 + (index % 30)), remainingEstimateSeconds: 1_800 * revision },
      duedate: Temporal.PlainDate.from('2026-04-01')
        .add({ days: index % 200 })
        .toString(),
      created: Temporal.Instant.from('2026-01-05T09:00:00Z').add({ minutes: index }).toString(),
      updated: updated.toString(),
      resolutiondate: status.key === 'done' ? updated.toString() : null,
      customfield_10016: (index % 13) + 0.5,
      customfield_10020: [{ id: 7, name: 'Sprint 7', state: 'active', boardId: 3, goal: prose(6) }],
      customfield_10031: { self: `${site}/rest/api/3/customFieldOption/1`, value: 'Fixed price', id: '1' },
      watches: { self: `${site}/rest/api/3/issue/${index}/watchers`, watchCount: index % 5, isWatching: false },
    },
  };
}

function document(paragraphs: readonly string[]): unknown {
  return {
    version: 1,
    type: 'doc',
    content: paragraphs.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })),
  };
}

function person(site: string, index: number): unknown {
  return {
    self: `${site}/rest/api/3/user?accountId=5b10a2844c20165700ede${index}`,
    accountId: `5b10a2844c20165700ede${index}`,
    emailAddress: `person${index}@kestrel.example`,
    displayName: `Person ${index}`,
    active: true,
    timeZone: 'Europe/Berlin',
    accountType: 'atlassian',
  };
}
