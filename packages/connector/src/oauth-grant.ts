import { z } from 'zod';
import { HubError } from './errors.ts';

const tokensSchema = z.strictObject({
  refreshToken: z.string().min(1),
  accessToken: z.string().min(1),
  /** An instant. */
  expiresAt: z.iso.datetime(),
});
/** What a vendor gave last. */
export type Tokens = z.output<typeof tokensSchema>;

const signInSchema = z.strictObject({ code: z.string().min(1), redirectUri: z.url() });
/** What a vendor sent a person's browser back with. */
export type SignIn = z.output<typeof signInSchema>;

/**
 * What opens an account by OAuth: a refresh token as a person gave it, the tokens that it was exchanged for last, or the
 * code of a sign-in that was not exchanged yet.
 */
export type Grant = Tokens | { refreshToken: string } | SignIn;

/**
 * A grant is kept as one text: a bare refresh token, or JSON. Throws HubError BAD_CONFIG that names the place; the text is
 * not repeated.
 */
export function readGrant(text: string, place: string): Grant {
  if (!text.startsWith('{')) return { refreshToken: text };
  try {
    return z.union([tokensSchema, signInSchema]).parse(JSON.parse(text));
  } catch {
    throw new HubError({
      code: 'BAD_CONFIG',
      message: `${place} holds something else than a refresh token.`,
      remedy: 'Store a refresh token by `plumbline secrets set`, or connect the source again.',
    });
  }
}

export function writeGrant(grant: Tokens | SignIn): string {
  return JSON.stringify(grant);
}

/** Every text in it that nobody may see. */
export function secretsOf(grant: Grant): string[] {
  if ('code' in grant) return [grant.code];
  return 'accessToken' in grant ? [grant.refreshToken, grant.accessToken] : [grant.refreshToken];
}
