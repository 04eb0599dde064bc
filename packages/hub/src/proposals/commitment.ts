import { defineKind } from '../kernel/kind.ts';

export const commitment = defineKind('commitment', {
  indexed: ['proposal'],
  authority: ['plumbline', 'google-sheets', 'hubspot', 'jira'],
});
