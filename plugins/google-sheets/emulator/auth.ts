import { verify } from 'node:crypto';
import { z } from 'zod';
import { forbidden, unauthenticated } from './google-error.ts';

/** An account whose self-signed tokens are accepted; the key is the public half, PEM. */
export interface ServiceAccount {
  email: string;
  publicKeyPem: string;
}

const SCOPE = 'https://www.googleapis.com/auth/';
const SKEW_SECONDS = 300;

/** Scopes of which any one is enough. */
export const scopes = {
  readSheets: ['spreadsheets', 'spreadsheets.readonly', 'drive', 'drive.readonly', 'drive.file'],
  writeSheets: ['spreadsheets', 'drive', 'drive.file'],
  readDrive: ['drive', 'drive.readonly', 'drive.file', 'drive.metadata', 'drive.metadata.readonly'],
} as const;

const headerSchema = z.object({ alg: z.literal('RS256') });
const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  iat: z.number(),
  exp: z.number(),
  scope: z.string(),
});

/**
 * The address of the account that signed the bearer token. Throws what Google answers: 401 for a token that is not
 * signed by a known account, not yet valid or expired, 403 for one without a fitting scope.
 */
export function authenticate(input: {
  authorization: string | undefined;
  accounts: readonly ServiceAccount[];
  now: Temporal.Instant;
  anyOf: readonly string[];
}): string {
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(input.authorization ?? '');
  const [, header = '', payload = '', signature = ''] = token ?? [];
  const claims = claimsSchema.safeParse(decode(payload)).data;
  const account = input.accounts.find(({ email }) => email === claims?.iss);
  if (!headerSchema.safeParse(decode(header)).success || !claims || !account) throw unauthenticated();
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', signed, account.publicKeyPem, Buffer.from(signature, 'base64url'))) throw unauthenticated();
  const now = input.now.epochMilliseconds / 1_000;
  const lives = claims.exp > now && claims.iat <= now + SKEW_SECONDS && claims.exp - claims.iat <= 3_600;
  if (!lives || claims.sub !== account.email) throw unauthenticated();
  const granted = claims.scope.split(' ');
  if (!input.anyOf.some((scope) => granted.includes(SCOPE + scope))) {
    throw forbidden('Request had insufficient authentication scopes.');
  }
  return account.email;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
