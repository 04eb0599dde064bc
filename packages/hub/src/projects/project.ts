import { defineKind } from '../kernel/kind.ts';

export const project = defineKind('project', {
  indexed: ['client', 'manager', 'status', 'name', 'code'],
  authority: ['google-sheets', 'jira', 'hubspot'],
  fieldAuthority: { name: ['jira', 'google-sheets'], code: ['jira', 'google-sheets'], url: ['jira', 'google-sheets'] },
});
