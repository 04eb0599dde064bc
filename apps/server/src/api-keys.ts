import { createHash, timingSafeEqual } from 'node:crypto';

/** Says whether an `Authorization` header carries one of the keys, in a time that tells nothing about them. */
export type KeyCheck = (authorization: string | undefined) => boolean;

/** Keys are kept and compared as digests: equally long, so that neither length nor a common beginning shows in the time. */
export function checkKeys(keys: readonly string[]): KeyCheck {
  const digests = keys.map(digest);
  return (authorization) => {
    const given = digest(/^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '');
    let found = false;
    // Every key is compared, so that the time does not tell which one it was.
    for (const known of digests) if (timingSafeEqual(known, given)) found = true;
    return found;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
