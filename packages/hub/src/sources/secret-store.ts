import { HubError, type SecretKeeper } from '@plumbline/connector';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { lockedNow, lockInTurn } from './secret-lock.ts';

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
  /** For a secret that its vendor replaces: who changes it holds a lock that every process of this machine asks for. */
  keeper(name: string): SecretKeeper;
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
  /** What a person stored or removed while the vendor was asked is what they want. */
  const swap = (name: string, { before, after }: { before: string; after: string }): string => {
    let kept = after;
    changeSecrets(file, (all) => {
      const now = all[name];
      if (!now) throw absent(name, file);
      kept = unseal(name, now, key());
      if (kept !== before) return all;
      kept = after;
      return { ...all, [name]: seal(name, after, key()) };
    });
    return kept;
  };
  const store: SecretStore = {
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
      changeSecrets(file, (before) => ({ ...before, ...Object.fromEntries(added) }));
    },
    remove(name) {
      if (!Object.hasOwn(readSecrets(file), name)) return false;
      changeSecrets(file, (before) => Object.fromEntries(Object.entries(before).filter(([other]) => other !== name)));
      return true;
    },
    keeper: (name) => ({
      async replace(change, signal) {
        const release = await lockInTurn(`${file}.${name}.lock`, signal);
        try {
          const before = store.get(name);
          const after = await change(before);
          return after === before ? before : swap(name, { before, after });
        } finally {
          release();
        }
      },
    }),
  };
  return store;
}

/** Two processes that write at once would each undo what the other wrote. */
function changeSecrets(file: string, change: (before: Secrets) => Secrets): void {
  makeFolder(file);
  lockedNow(`${file}.lock`, () => writeSecrets(file, change(readSecrets(file))));
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

function makeFolder(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw notWritable(file, error);
  }
}

function writeSecrets(file: string, secrets: Secrets): void {
  try {
    // Written aside first: a process that dies while writing leaves the old file whole. On the disk before it counts: a
    // refresh token that was replaced opens nothing any more.
    const text = `${JSON.stringify({ version: 1, secrets }, null, 2)}\n`;
    writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
    flushFolder(dirname(file));
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** The new name of a file is on the disk once its folder is. */
function flushFolder(folder: string): void {
  // Windows opens no folders, and writes names by itself.
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function notWritable(file: string, cause: unknown): HubError {
  return new HubError(
    {
      code: 'UNAVAILABLE',
      message: `The file of secrets ${file} cannot be written (${cause instanceof Error ? cause.message : String(cause)}).`,
      remedy: 'Give this user the right to write there, or choose another folder with --data.',
    },
    { cause },
  );
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
