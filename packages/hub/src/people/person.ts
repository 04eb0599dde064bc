import { defineKind } from '../kernel/kind.ts';

export const person = defineKind('person', {
  indexed: ['email', 'name'],
  authority: ['google-sheets', 'hubspot', 'jira'],
  fieldAuthority: {
    email: ['hubspot', 'jira', 'google-sheets'],
    name: ['hubspot', 'jira', 'google-sheets'],
    status: ['hubspot', 'jira', 'google-sheets'],
  },
});
