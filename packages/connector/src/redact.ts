const MASK = '•••';

/** Replaces every secret in a text, also where it stands URL-encoded, in base64 or as part of a Basic credential. */
export type Redact = (text: string) => string;

export function redactor(secrets: readonly string[]): Redact {
  const needles = [...new Set(secrets.filter((secret) => secret.length >= 4).flatMap(spellings))].sort(
    (a, b) => b.length - a.length,
  );
  return (text) =>
    needles
      .reduce((masked, needle) => masked.replaceAll(needle, MASK), text)
      .replace(/\b(Basic|Bearer)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`);
}

function spellings(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    JSON.stringify(secret).slice(1, -1),
  ];
}
