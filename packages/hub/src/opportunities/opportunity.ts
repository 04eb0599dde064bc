import { defineKind } from '../kernel/kind.ts';

export const opportunity = defineKind('opportunity', {
  indexed: ['client', 'owner', 'state', 'closeDate', 'name', 'createdAt'],
  born: 'createdAt',
  authority: ['hubspot', 'google-sheets', 'jira'],
});
