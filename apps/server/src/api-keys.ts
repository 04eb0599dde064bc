import { createHash, timingSafeEqual } from 'node:crypto';

/** Who an `Authorization` header speaks for, null when it has none of the keys; takes a time that tells nothing about them. */
export type KeyCheck = (authorization: string | undefined) => string | null;

/** Keys are kept and compared as digests: equally long, so that neither length nor a common beginning shows in the time. */
export function checkKeys(keys: readonly string[]): KeyCheck {
  const digests = keys.map(digest);
  return (authorization) => {
    const given = digest(/^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '');
    let found: string | null = null;
    // Every key is compared, so that the time does not tell which one it was.
    for (const known of digests) if (timingSafeEqual(known, given)) found = `key ${known.toString('hex').slice(0, 8)}`;
    return found;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
