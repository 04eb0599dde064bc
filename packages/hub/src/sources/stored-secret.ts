import type { SecretKeeper } from '@plumbline/connector';
import type { SecretStore } from './secret-store.ts';

/** Stands in a configuration for a secret of the store. */
export interface StoredSecret {
  readonly storedSecret: string;
}

/** A secret of the store, by its name such as `jira.apiToken`: `plumbline connect` and `plumbline secrets set` put it there. */
export function stored(name: string): StoredSecret {
  return { storedSecret: name };
}

/** Puts the secrets themselves where a source's configuration names them. Throws HubError when one cannot be had. */
export function withSecrets(secrets: unknown, store: Pick<SecretStore, 'get'>): unknown {
  if (typeof secrets !== 'object' || secrets === null) return secrets;
  if (isStored(secrets)) return store.get(secrets.storedSecret);
  if (Array.isArray(secrets)) return secrets.map((each) => withSecrets(each, store));
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, withSecrets(value, store)]));
}

/** Where a member of a source's secrets is kept, if it is one of the store. */
export function keepersOf(
  secrets: unknown,
  store: Pick<SecretStore, 'keeper'>,
): (member: string) => SecretKeeper | null {
  return (member) => {
    if (typeof secrets !== 'object' || secrets === null) return null;
    const value = (secrets as Readonly<Record<string, unknown>>)[member];
    return typeof value === 'object' && value !== null && isStored(value) ? store.keeper(value.storedSecret) : null;
  };
}

function isStored(value: object): value is StoredSecret {
  return 'storedSecret' in value && typeof value.storedSecret === 'string';
}
