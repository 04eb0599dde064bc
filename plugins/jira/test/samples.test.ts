import { parseRecord, type AnyRecord } from '@plumbline/connector';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tidyHistory } from '../src/issue-raw.ts';
import { jira } from '../src/index.ts';

const folder = new URL('../../../../shared/contracts/samples/', import.meta.url);
const there = existsSync(folder);
if (!there) console.log(`skipped: recorded answers are not at ${folder.pathname}`);

const { streams } = jira.install({
  id: 'jira-samples',
  config: { site: 'https://acme.atlassian.net', email: 'hub@acme.example' },
  secrets: { apiToken: 'not used here' },
});

function body(file: string): Record<string, unknown> {
  const sample = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
    response: { body: Record<string, unknown> };
  };
  return sample.response.body;
}

function list(file: string, member: string): unknown[] {
  return body(file)[member] as unknown[];
}

function mapped(stream: string, payloads: readonly unknown[]): AnyRecord[] {
  const found = streams.find(({ name }) => name === stream);
  return payloads.flatMap((payload) => found?.map(payload) ?? []).map(parseRecord);
}

function asIssue(issue: unknown, changelog: readonly unknown[] = []): unknown {
  return { issue, changelog: changelog.map(tidyHistory), statusCategories: {}, matched: {} };
}

test.skipIf(!there)('recorded projects map', () => {
  const records = mapped('projects', list('jira-project-search.json', 'values'));
  expect(records.map(({ fields }) => fields)).toMatchObject([
    { code: 'KAN', name: 'My Kanban Project', manager: null },
  ]);
});

test.skipIf(!there)('recorded issues of a search map', () => {
  const records = mapped(
    'issues',
    list('jira-search-jql-get.json', 'issues').map((issue) => asIssue(issue)),
  );
  expect(records).toHaveLength(6);
  expect(records[0]).toMatchObject({
    keys: ['jira-issue:10006', 'jira-issue-key:KAN-5'],
    fields: {
      title: 'Test issue for add-watcher action',
      createdAt: '2026-04-28T13:33:15.438Z',
      statusCategory: 'TODO',
    },
  });
});

test.skipIf(!there)('recorded issues of a board map, Chinese statuses and all', () => {
  const records = mapped(
    'issues',
    list('jira-agile-board-issues-a.json', 'issues').map((issue) => asIssue(issue)),
  );
  expect(records.map(({ fields }) => (fields as { status?: string }).status)).toContain('已完成');
});

test.skipIf(!there).each(['jira-issue-changelog.json', 'jira-issue-changelogs-many-kinds.json'])(
  'every entry of the recorded changelog %s is read',
  (file) => {
    const histories = list(file, 'values');
    const [issue] = list('jira-search-jql-get.json', 'issues');
    const [record] = mapped('issues', [asIssue(issue, histories)]);
    expect(record?.history?.length).toBeGreaterThan(1);
    expect(histories.map(tidyHistory).every((entry) => !JSON.stringify(entry).includes('"toString"'))).toBe(true);
  },
);

test.skipIf(!there)('recorded worklogs keep the day they were logged on', () => {
  const records = mapped('worklogs', [
    ...list('jira-worklogs-timezones.json', 'worklogs'),
    body('jira-worklog-create.json'),
  ]);
  expect(records).toHaveLength(11);
  expect(records[0]?.fields).toMatchObject({
    startedAt: '2020-06-15T09:07:00Z',
    localDate: '2020-06-15',
    seconds: 3_600,
  });
  expect(records.at(-1)?.fields).toMatchObject({ note: 'Test worklog entry via Acme action' });
});

test.skipIf(!there)('the recorded account is a person', () => {
  const [person] = mapped('users', [body('jira-myself.json')]);
  expect(person?.fields).toMatchObject({ email: 'user1@example.com', zone: 'Europe/Warsaw', status: 'ACTIVE' });
});
