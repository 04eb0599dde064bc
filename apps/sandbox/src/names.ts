import type { ChangeRequest, Client, Deal, Person, Project } from './plan.ts';
import type { Named } from './truth-types.ts';

/** Keys of entities, as the connectors make them. */
export function dealNamed({ id, name }: Pick<Deal, 'id' | 'name'>): Named {
  return { kind: 'opportunity', key: `hubspot-deal:${id}`, name };
}

export function projectNamed({ key, name }: Project): Named {
  return { kind: 'project', key: `jira-project-key:${key}`, name };
}

export function personNamed({ email, name }: Person): Named {
  return { kind: 'person', key: `email:${email}`, name };
}

export function clientNamed({ companyId, name }: Client): Named {
  return { kind: 'client', key: `hubspot-company:${companyId}`, name };
}

export function clientRowNamed({ number, listed, name }: Client): Named {
  return { kind: 'client', key: `sheet-row:clients/D${String(number).padStart(6, '0')}`, name: listed?.name ?? name };
}

export function changeRequestNamed({ issue, registerKey, title }: ChangeRequest): Named {
  return {
    kind: 'changeRequest',
    key: issue ? `jira-issue:${issue.id}` : `sheet-row:change-requests/${registerKey}`,
    name: title,
  };
}

export function issueNamed({ id, key }: { id: string; key: string }): Named {
  return { kind: 'workItem', key: `jira-issue:${id}`, name: key };
}
