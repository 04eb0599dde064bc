import { defineKind } from '../kernel/kind.ts';

export const risk = defineKind('risk', {
  indexed: ['project', 'owner', 'status', 'due'],
  authority: ['jira', 'google-sheets'],
});
