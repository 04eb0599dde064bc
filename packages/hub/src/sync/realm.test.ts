import { expect, test } from 'vitest';
import { withRealm } from './realm.ts';

test('a realm is written into every key of the connector’s own schemes: its own, references, past ones, and of who it was', () => {
  const at = '2026-01-01T00:00:00Z';
  const unified = {
    kind: 'opportunity' as const,
    id: '1',
    keys: ['crm-deal:1', 'domain:x.com'] as const,
    fields: {
      name: 'crm-deal:1',
      owner: 'crm-user:7' as const,
      projects: ['crm-project:3', 'jira-project:3'] as const,
    },
    history: [
      { field: 'owner', at, value: 'crm-user:7', by: 'crm-user:8' as const },
      { field: 'name', at, value: 'crm-deal:1', by: 'email:ada@x.com' as const },
      { field: 'owner', at, value: null },
    ],
  };
  const keySchemes = ['crm-deal', 'crm-user', 'crm-project'];
  expect(withRealm(unified, { keySchemes, realm: null })).toBe(unified);
  expect(withRealm(unified, { keySchemes, realm: 'emea' })).toEqual({
    kind: 'opportunity',
    id: '1',
    keys: ['crm-deal@emea:1', 'domain:x.com'],
    fields: { name: 'crm-deal:1', owner: 'crm-user@emea:7', projects: ['crm-project@emea:3', 'jira-project:3'] },
    history: [
      { field: 'owner', at, value: 'crm-user@emea:7', by: 'crm-user@emea:8' },
      { field: 'name', at, value: 'crm-deal:1', by: 'email:ada@x.com' },
      { field: 'owner', at, value: null },
    ],
  });
});
