import { defineKind } from '../kernel/kind.ts';

export const closeNeed = defineKind('closeNeed', {
  indexed: ['opportunity', 'project', 'owner', 'due'],
  born: 'raisedAt',
  authority: ['plumbline', 'google-sheets', 'hubspot', 'jira'],
  derived: { ageDays: ['raisedAt', 'closedAt'], overdue: ['status', 'due'] },
});
