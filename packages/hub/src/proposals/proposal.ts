import { defineKind } from '../kernel/kind.ts';

export const proposal = defineKind('proposal', {
  indexed: ['opportunity', 'project', 'state'],
  authority: ['plumbline', 'google-sheets', 'hubspot', 'jira'],
});
