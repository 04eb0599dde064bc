import type { Clock } from '@plumbline/connector';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

export interface TokenServerOptions {
  clock: Pick<Clock, 'now'>;
  clientId: string;
  clientSecret: string;
  /** How long an access token is good. */
  lifetimeMs: number;
  /** Whether each refresh token is good once, and a second use of it ends everything that came of the same consent. */
  rotates: boolean;
  /** For so long a refresh token may be used again; 0 when absent. */
  leewayMs?: number;
}

const requestSchema = z.object({
  grant_type: z.enum(['refresh_token', 'authorization_code']),
  client_id: z.string(),
  client_secret: z.string(),
  refresh_token: z.string().optional(),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
});

/** Why no tokens were given: the app is not known, or what it brought opens nothing. */
export type TokenRefusal = 'client' | 'grant';

interface GivenTokens {
  access_token: string;
  refresh_token: string;
  /** Seconds. */
  expires_in: number;
}

/** What a vendor does about OAuth, without the form in which it says so. */
export interface TokenServer {
  readonly clientId: string;
  readonly clientSecret: string;
  /** A person lets the app in; gives its first refresh token. */
  consent(): string;
  /** The same by a sign-in that leads back to an address; gives the code. */
  signIn(redirectUri: string): string;
  exchange(parameters: unknown): GivenTokens | TokenRefusal;
  /** Whether a header `Authorization` holds an access token that is good now. */
  lets(authorization: string | undefined): boolean;
  /** People take their consent back, or an administrator does. */
  revoke(): void;
  /** Ends access tokens before their time; refresh tokens stay good. */
  expire(): void;
  /** How many times tokens were given out, and the last of them. */
  readonly exchanges: number;
  readonly latest: GivenTokens;
}

interface Consent {
  ended: boolean;
}

export function createTokenServer(options: TokenServerOptions): TokenServer {
  const { clock, clientId, clientSecret, lifetimeMs, rotates, leewayMs = 0 } = options;
  const refreshTokens = new Map<string, { consent: Consent; spentAt: number | null }>();
  const accessTokens = new Map<string, { consent: Consent; endsAt: number }>();
  const codes = new Map<string, string>();
  let consents: Consent[] = [];
  let exchanges = 0;
  let latest: GivenTokens = { access_token: '', refresh_token: '', expires_in: 0 };
  const now = (): number => clock.now().epochMilliseconds;
  const open = (): Consent => {
    const consent = { ended: false };
    consents.push(consent);
    return consent;
  };
  const newRefreshToken = (consent: Consent): string => {
    const token = `refresh-${randomUUID()}`;
    refreshTokens.set(token, { consent, spentAt: null });
    return token;
  };

  function give(consent: Consent, refreshToken: string): GivenTokens {
    exchanges += 1;
    const accessToken = `access-${randomUUID()}`;
    accessTokens.set(accessToken, { consent, endsAt: now() + lifetimeMs });
    latest = { access_token: accessToken, refresh_token: refreshToken, expires_in: lifetimeMs / 1_000 };
    return latest;
  }

  function refresh(token: string): GivenTokens | TokenRefusal {
    const found = refreshTokens.get(token);
    if (!found || found.consent.ended) return 'grant';
    if (!rotates) return give(found.consent, token);
    if (found.spentAt !== null && now() - found.spentAt >= leewayMs) {
      // Two parties have it, and one of them is a thief.
      found.consent.ended = true;
      return 'grant';
    }
    found.spentAt ??= now();
    return give(found.consent, newRefreshToken(found.consent));
  }

  function redeem(code: string, redirectUri: string | undefined): GivenTokens | TokenRefusal {
    if (codes.get(code) !== redirectUri || redirectUri === undefined) return 'grant';
    codes.delete(code);
    const consent = open();
    return give(consent, newRefreshToken(consent));
  }

  return {
    clientId,
    clientSecret,
    consent: () => newRefreshToken(open()),
    signIn(redirectUri) {
      const code = `code-${randomUUID()}`;
      codes.set(code, redirectUri);
      return code;
    },
    exchange(parameters) {
      const request = requestSchema.safeParse(parameters).data;
      if (request?.client_id !== clientId || request.client_secret !== clientSecret) return 'client';
      return request.grant_type === 'refresh_token'
        ? refresh(request.refresh_token ?? '')
        : redeem(request.code ?? '', request.redirect_uri);
    },
    lets(authorization) {
      const token = accessTokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
      return token !== undefined && !token.consent.ended && token.endsAt > now();
    },
    revoke() {
      for (const consent of consents) consent.ended = true;
      consents = [];
    },
    expire: () => accessTokens.clear(),
    get exchanges() {
      return exchanges;
    },
    get latest() {
      return latest;
    },
  };
}
