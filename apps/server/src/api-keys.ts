import { createHash, timingSafeEqual } from 'node:crypto';

/** A bearer token that may ask the API. */
export interface ApiKey {
  key: string;
  /** Who its bearer is known as, such as a person's e-mail address; by a piece of the key's digest when absent. */
  name?: string | undefined;
}

/** Who an `Authorization` header speaks for, null when it has none of the keys; takes a time that tells nothing about them. */
export type KeyCheck = (authorization: string | undefined) => string | null;

/** Keys are kept and compared as digests: equally long, so that neither length nor a common beginning shows in the time. */
export function checkKeys(keys: readonly ApiKey[]): KeyCheck {
  const bearers = keys.map(({ key, name }) => {
    const known = digest(key);
    return { known, actor: name ?? `key ${known.toString('hex').slice(0, 8)}` };
  });
  return (authorization) => {
    const given = digest(bearerOf(authorization) ?? '');
    let found: string | null = null;
    // Every key is compared, so that the time does not tell which one it was.
    for (const { known, actor } of bearers) if (timingSafeEqual(known, given)) found = actor;
    return found;
  };
}

/** What an `Authorization` header brings; null when it is none, or of another scheme. */
export function bearerOf(authorization: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
