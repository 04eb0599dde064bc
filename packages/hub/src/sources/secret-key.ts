import { HubError } from '@plumbline/connector';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const KEY_BYTES = 32;
const makeOne = 'Make one by `openssl rand -base64 32`.';

/** Where the key of the secret store comes from: a text wins over a file. */
export interface SecretKeySource {
  /** 32 bytes in base64, from `PLUMBLINE_SECRET_KEY`. */
  text?: string | undefined;
  /** A file that only its owner may read, with the same in it. */
  file: string;
}

/** The key. Throws HubError BAD_CONFIG when there is none, or none that can be used; the key itself is not repeated. */
export function readSecretKey({ text, file }: SecretKeySource): Buffer {
  if (text !== undefined) return decode(text, 'PLUMBLINE_SECRET_KEY');
  return decode(readKeyFile(file), `The key file ${file}`);
}

/** The key, made now and written to the file when there is none yet. */
export function settleSecretKey(source: SecretKeySource): Buffer {
  if (source.text === undefined) {
    try {
      mkdirSync(dirname(source.file), { recursive: true, mode: 0o700 });
      // Refuses to write over a key that is there: what it sealed could never be read again.
      writeFileSync(source.file, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw unusable(source.file, error);
    }
  }
  return readSecretKey(source);
}

function readKeyFile(file: string): string {
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new HubError({
        code: 'BAD_CONFIG',
        message: `The key file ${file} can be read by others (its mode is 0${(mode & 0o777).toString(8)}).`,
        remedy: `Run \`chmod 600 ${file}\`.`,
      });
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof HubError) throw error;
    if (!isCode(error, 'ENOENT')) throw unusable(file, error);
    throw new HubError(
      {
        code: 'BAD_CONFIG',
        message: `There is no key for the stored secrets: PLUMBLINE_SECRET_KEY is not set, and there is no file ${file}.`,
        remedy: 'Give the key they were stored with, or store them anew by `plumbline secrets set`.',
      },
      { cause: error },
    );
  }
}

function decode(text: string, where: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new HubError({
    code: 'BAD_CONFIG',
    message: `${where} is no key: it wants ${KEY_BYTES} bytes in base64, and has ${key.length}.`,
    remedy: makeOne,
  });
}

function unusable(file: string, cause: unknown): HubError {
  return new HubError(
    {
      code: 'UNAVAILABLE',
      message: `The key file ${file} cannot be used (${cause instanceof Error ? cause.message : String(cause)}).`,
      remedy: 'Set PLUMBLINE_SECRET_KEY_FILE to a file this user may write, or PLUMBLINE_SECRET_KEY to the key.',
    },
    { cause },
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
