import { HubError } from '@plumbline/connector';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const sealedSchema = z.strictObject({
  /** Which key it was sealed with: enough of its hash to tell a wrong key from a changed text. */
  key: z.string(),
  nonce: z.base64(),
  /** The ciphertext and behind it GCM's tag. */
  sealed: z.base64(),
});
const fileSchema = z.strictObject({ version: z.literal(1), secrets: z.record(z.string(), sealedSchema) });
type Sealed = z.output<typeof sealedSchema>;
type Secrets = Readonly<Record<string, Sealed>>;

/** Secrets by name, such as `jira.apiToken`, encrypted in a file of the data folder. */
export interface SecretStore {
  /** Needs no key. */
  names(): string[];
  /** Throws HubError BAD_CONFIG when there is none of that name, or when it cannot be decrypted. */
  get(name: string): string;
  set(secrets: Readonly<Record<string, string>>): void;
  /** Whether there was one. Needs no key. */
  remove(name: string): boolean;
}

const namePattern = /^[a-z][a-z0-9-]{0,62}\.[A-Za-z][A-Za-z0-9]{0,62}$/;

/** What a secret may be called: the source, a dot, and the secret's name within it. Throws HubError BAD_INPUT. */
export function checkSecretName(name: string): void {
  if (namePattern.test(name)) return;
  throw new HubError({
    code: 'BAD_INPUT',
    message: `"${name}" is no name of a secret.`,
    remedy: 'Write the source, a dot, and the name of the secret, such as "jira.apiToken".',
  });
}

/**
 * Opens the store of a file, which need not exist. A secret is sealed by AES-256-GCM with its name as associated data, so
 * that one cannot be put in another's place. `key` is asked only when something is sealed or opened.
 */
export function openSecretStore(options: { file: string; key(): Buffer }): SecretStore {
  const { file, key } = options;
  return {
    names: () => Object.keys(readSecrets(file)).toSorted(),
    get(name) {
      const sealed = readSecrets(file)[name];
      if (!sealed) throw absent(name, file);
      return unseal(name, sealed, key());
    },
    set(secrets) {
      const added = Object.entries(secrets).map(([name, text]) => {
        checkSecretName(name);
        return [name, seal(name, text, key())] as const;
      });
      writeSecrets(file, { ...readSecrets(file), ...Object.fromEntries(added) });
    },
    remove(name) {
      const { [name]: removed, ...rest } = readSecrets(file);
      if (removed) writeSecrets(file, rest);
      return removed !== undefined;
    },
  };
}

function seal(name: string, text: string, key: Buffer): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { key: keyName(key), nonce: nonce.toString('base64'), sealed: sealed.toString('base64') };
}

function unseal(name: string, { key: sealedWith, nonce, sealed }: Sealed, key: Buffer): string {
  if (sealedWith !== keyName(key)) {
    throw new HubError({
      code: 'BAD_CONFIG',
      message: `The stored secret ${name} was encrypted with another key (${sealedWith}) than the one given (${keyName(key)}).`,
      remedy: `Give the key it was stored with, or store it anew by \`plumbline secrets set ${name}\`.`,
    });
  }
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, 'base64'), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(name))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new HubError(
      {
        code: 'BAD_CONFIG',
        message: `The stored secret ${name} was altered since it was stored, so it is not used.`,
        remedy: `Find out who wrote to the file of secrets, then store it anew by \`plumbline secrets set ${name}\`.`,
      },
      { cause: error },
    );
  }
}

/** A key's name says nothing of the key: it has 256 bits, too many to try. */
function keyName(key: Buffer): string {
  return createHash('sha256').update('plumbline secret key').update(key).digest('hex').slice(0, 8);
}

function readSecrets(file: string): Secrets {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw unreadable(file, error);
  }
  try {
    return fileSchema.parse(JSON.parse(text)).secrets;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function writeSecrets(file: string, secrets: Secrets): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Written aside first: a process that dies while writing leaves the old file whole.
    writeFileSync(`${file}.new`, `${JSON.stringify({ version: 1, secrets }, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new HubError(
      {
        code: 'UNAVAILABLE',
        message: `The file of secrets ${file} cannot be written (${error instanceof Error ? error.message : String(error)}).`,
        remedy: 'Give this user the right to write there, or choose another folder with --data.',
      },
      { cause: error },
    );
  }
}

function absent(name: string, file: string): HubError {
  return new HubError({
    code: 'BAD_CONFIG',
    message: `There is no stored secret ${name} in ${file}.`,
    remedy: `Store it by \`plumbline secrets set ${name}\`.`,
  });
}

function unreadable(file: string, cause: unknown): HubError {
  return new HubError(
    {
      code: 'BAD_CONFIG',
      message: `The file of secrets ${file} cannot be read.`,
      remedy: 'Restore it, or remove it and store the secrets anew by `plumbline secrets set`.',
    },
    { cause },
  );
}
