/** What stands in the place of a secret. */
export const MASK = '•••';

/** Replaces every secret in a text, also where it stands URL-encoded, in base64 or as part of a Basic credential. */
export type Redact = (text: string) => string;

export function redactor(secrets: readonly string[]): Redact {
  return growingRedactor(secrets).redact;
}

/** Tokens that were replaced may still be in a late message; older ones open nothing. */
const MOST_GAINED = 20;

/** One that learns of secrets as they come up. */
export function growingRedactor(secrets: readonly string[]): { redact: Redact; hide(texts: readonly string[]): void } {
  let gained: string[] = [];
  let needles = needlesOf(secrets);
  return {
    hide(texts) {
      // What is told of again is still in use: others make room before it does.
      gained = [...gained.filter((text) => !texts.includes(text)), ...texts].slice(-MOST_GAINED);
      needles = needlesOf([...secrets, ...gained]);
    },
    redact: (text) =>
      needles
        .reduce((masked, needle) => masked.replaceAll(needle, MASK), text)
        .replace(/\b(Basic|Bearer)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`),
  };
}

function needlesOf(secrets: readonly string[]): string[] {
  return [...new Set(secrets.filter((secret) => secret.length >= 4).flatMap(spellings))].sort(
    (a, b) => b.length - a.length,
  );
}

function spellings(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    JSON.stringify(secret).slice(1, -1),
  ];
}
