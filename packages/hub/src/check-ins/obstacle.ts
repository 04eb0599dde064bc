import { defineKind } from '../kernel/kind.ts';

export const obstacle = defineKind('obstacle', {
  indexed: ['opportunity', 'project', 'owner', 'due'],
  born: 'raisedAt',
  authority: ['plumbline', 'google-sheets', 'hubspot', 'jira'],
  derived: { ageDays: ['raisedAt', 'closedAt'], overdue: ['status', 'due'] },
});
