import type { Key } from '@plumbline/connector';

export const accountKey = (accountId: string): Key => `jira-account:${accountId}`;
export const issueKey = (id: string): Key => `jira-issue:${id}`;
export const projectKey = (id: string): Key => `jira-project:${id}`;
