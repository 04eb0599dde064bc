import { defineKind } from '../kernel/kind.ts';

export const timeEntry = defineKind('timeEntry', {
  indexed: ['person', 'workItem', 'localDate', 'project', 'changeRequest'],
  authority: ['jira', 'google-sheets'],
});
