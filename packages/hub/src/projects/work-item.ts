import { defineKind } from '../kernel/kind.ts';

export const workItem = defineKind('workItem', {
  indexed: ['project', 'assignee', 'changeRequest', 'parent', 'key'],
  born: 'createdAt',
  authority: ['jira', 'google-sheets'],
});
