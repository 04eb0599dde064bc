import { defineKind } from '../kernel/kind.ts';

export const changeRequest = defineKind('changeRequest', {
  indexed: ['project', 'requester', 'state', 'submittedAt', 'key'],
  authority: ['jira', 'google-sheets', 'hubspot'],
});
