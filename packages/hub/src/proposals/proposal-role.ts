import { defineKind } from '../kernel/kind.ts';

export const proposalRole = defineKind('proposalRole', {
  indexed: ['proposal'],
  authority: ['plumbline', 'google-sheets', 'hubspot', 'jira'],
});
