import { defineKind } from '../kernel/kind.ts';

export const changeRequest = defineKind('changeRequest', {
  indexed: ['project', 'requester', 'state', 'submittedAt', 'key'],
  born: 'submittedAt',
  derived: { stage: ['state'] },
  authority: ['jira', 'google-sheets', 'hubspot', 'plumbline'],
  // Once the hub decides on a request, its commercial side is the hub's to say; the work on it stays its source's.
  fieldAuthority: {
    state: ['plumbline', 'jira', 'google-sheets', 'hubspot'],
    priceDelta: ['plumbline', 'jira', 'google-sheets', 'hubspot'],
    listPrice: ['plumbline', 'jira', 'google-sheets', 'hubspot'],
    costDelta: ['plumbline', 'jira', 'google-sheets', 'hubspot'],
  },
});
