import type { SecretKeySource, SecretStore } from '@plumbline/hub';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '../environment.ts';

/** What says where secrets are stored and where their key is. */
export interface SecretsPlace {
  /** The data folder as it was given. */
  data: string;
  /** The folder that relative paths start from. */
  folder: string;
  environment: Pick<Environment, 'PLUMBLINE_SECRET_KEY' | 'PLUMBLINE_SECRET_KEY_FILE' | 'XDG_CONFIG_HOME'>;
}

/** The secrets of this data folder, to be read. Their key is looked for when the first one is. */
export async function secretsOf(place: SecretsPlace): Promise<SecretStore> {
  const { openSecretStore, readSecretKey } = await import('@plumbline/hub');
  return openSecretStore({ file: fileOf(place), key: () => readSecretKey(keySource(place)) });
}

/** The secrets of this data folder, to be written as well: a key is made when there is none. */
export async function writableSecretsOf(place: SecretsPlace): Promise<SecretStore> {
  const { openSecretStore, settleSecretKey } = await import('@plumbline/hub');
  return openSecretStore({ file: fileOf(place), key: () => settleSecretKey(keySource(place)) });
}

function fileOf({ data, folder }: SecretsPlace): string {
  return join(resolve(folder, data), 'secrets.json');
}

/** Away from the data folder: who copies that one does not copy the key along. */
export function keySource({ environment, folder }: SecretsPlace): SecretKeySource {
  const { PLUMBLINE_SECRET_KEY, PLUMBLINE_SECRET_KEY_FILE, XDG_CONFIG_HOME } = environment;
  const usual = join(XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'plumbline/secret.key');
  return {
    text: PLUMBLINE_SECRET_KEY,
    file: PLUMBLINE_SECRET_KEY_FILE === undefined ? usual : resolve(folder, PLUMBLINE_SECRET_KEY_FILE),
  };
}
