import { defineKind } from '../kernel/kind.ts';

export const workItem = defineKind('workItem', {
  indexed: ['project', 'assignee', 'changeRequest', 'parent', 'key'],
  authority: ['jira', 'google-sheets'],
});
