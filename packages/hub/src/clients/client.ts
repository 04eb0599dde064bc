import { defineKind } from '../kernel/kind.ts';

export const client = defineKind('client', {
  indexed: ['name', 'owner'],
  authority: ['hubspot', 'google-sheets', 'jira'],
});
