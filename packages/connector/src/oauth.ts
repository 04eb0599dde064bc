import { z } from 'zod';
import { diagnoseHttp, type Answer, type Diagnosis } from './answer.ts';
import { createBudget } from './budget.ts';
import type { Clock } from './clock.ts';
import { HubError } from './errors.ts';
import { silentLogger } from './logger.ts';
import { readGrant, secretsOf, writeGrant, type Grant, type Tokens } from './oauth-grant.ts';
import type { Redact } from './redact.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import { createTransport, type Transport } from './transport.ts';
import { unlessStopped } from './unless-stopped.ts';

/** How an account is opened by tokens that end. */
export interface OAuthClient {
  tokenUrl: string;
  /** In which form the vendor takes the parameters. */
  encoding: 'json' | 'form';
  clientId: string;
  clientSecret: string;
  /** Member of the secrets that holds the grant, and what stands there. */
  grant: { member: string; text: string };
  /** Whether a refresh token is good for one use, which gives the next one. */
  rotates: boolean;
}

/** The access tokens of one account, shared by everything in this process that calls it. Throws HubError only. */
export interface AccessTokens {
  /** One that is good for another minute; asked for once, however many want it. */
  current(): Promise<string>;
  /** Another one than this, which the vendor refuses. */
  insteadOf(refused: string): Promise<string>;
  /**
   * Asks for none any more, and resolves once what the vendor is giving is kept. Throws HubError when it cannot be: then it
   * is lost.
   */
  close(): Promise<void>;
}

export interface AccessTokensOptions {
  /** Id of the source and name of its connector, for messages. */
  source: string;
  connector: string;
  client: OAuthClient;
  keeper: SecretKeeper;
  clock: Clock;
  redact: Redact;
  /** Told of every token before it is used, so that `redact` knows it. */
  hide(texts: readonly string[]): void;
}

/** A token is replaced so long before its end: clocks differ, and a request takes its time. */
const MARGIN_MS = 60_000;
const TIMEOUT_MS = 30_000;
const TRIES = 3;

const answerSchema = z.looseObject({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
});
const refusalSchema = z.looseObject({ error: z.string().optional(), status: z.string().optional() });

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { source, client, keeper, clock, hide } = options;
  const read = (text: string): Grant => readGrant(text, `${source}: secrets.${client.grant.member}`);
  const exchange = exchanger(options);
  let known: Tokens | null = null;
  let refused: string | null = null;
  /** Given by the vendor, but not kept yet: what it was given for is spent. */
  let unkept: { spent: string; gained: string } | null = null;
  let renewal: Promise<Tokens> | null = null;
  const closing = new AbortController();
  const hideAll = (grant: Grant): void => hide([client.clientSecret, ...secretsOf(grant)]);
  hideAll(read(client.grant.text));

  const isGood = ({ accessToken, expiresAt }: Tokens): boolean =>
    accessToken !== refused &&
    Temporal.Instant.from(expiresAt).epochMilliseconds - clock.now().epochMilliseconds > MARGIN_MS;

  async function change(kept: string): Promise<string> {
    const grant = read(kept);
    hideAll(grant);
    // Another process was faster.
    if ('accessToken' in grant && isGood(grant)) return kept;
    if (unkept?.spent !== kept) {
      const gained = await exchange(grant);
      hideAll(gained);
      unkept = { spent: kept, gained: writeGrant(gained) };
    }
    return unkept.gained;
  }

  async function renew(): Promise<Tokens> {
    const grant = read(await keeper.replace(change, closing.signal));
    unkept = null;
    // A person has stored another grant meanwhile.
    if (!('accessToken' in grant)) return renew();
    known = grant;
    return grant;
  }

  async function renewed(): Promise<string> {
    renewal ??= renew().finally(() => (renewal = null));
    return (await renewal).accessToken;
  }

  return {
    current: async () => (known && isGood(known) ? known.accessToken : renewed()),
    async insteadOf(token) {
      // Whoever else was refused has replaced it already.
      if (known && known.accessToken !== token && isGood(known)) return known.accessToken;
      refused = token;
      const other = await renewed();
      // A renewal that was under way may have ended with the very token that is refused.
      return other === token ? renewed() : other;
    },
    async close() {
      const reason = closed(source);
      closing.abort(reason);
      await renewal?.catch((error: unknown) => {
        if (error !== reason) throw error;
      });
    },
  };
}

/**
 * The same transport with the account's token in every request; one that the vendor refuses is replaced once. On `signal`
 * a request stops waiting for a token; the exchange goes on for the next one.
 */
export function withAccess(http: Transport, access: AccessTokens, signal: AbortSignal): Transport {
  return {
    stats: http.stats,
    async fetch(url, init, call) {
      const send = (token: string): Promise<Response> => {
        const headers = new Headers(init.headers);
        headers.set('authorization', `Bearer ${token}`);
        return http.fetch(url, { ...init, headers }, call);
      };
      const token = await unlessStopped(access.current(), signal);
      try {
        return await send(token);
      } catch (error) {
        if (!(error instanceof HubError) || error.code !== 'CREDENTIALS_REJECTED') throw error;
        // Refused, so not carried out: even a write may be sent again.
        return send(await unlessStopped(access.insteadOf(token), signal));
      }
    },
  };
}

/** Asks the vendor. No signal: a stop between its answer and keeping it would lose the only good refresh token. */
function exchanger(options: AccessTokensOptions): (grant: Grant) => Promise<Tokens> {
  const { source, client, clock, redact } = options;
  const http = createTransport({
    source,
    budget: createBudget({}, clock),
    diagnose: (answer) => diagnoseTokens(answer, options),
    clock,
    logger: silentLogger,
    redact,
    tries: TRIES,
  });
  return async (grant) => {
    const parameters = {
      ...('code' in grant
        ? { grant_type: 'authorization_code', code: grant.code, redirect_uri: grant.redirectUri }
        : { grant_type: 'refresh_token', refresh_token: grant.refreshToken }),
      client_id: client.clientId,
      client_secret: client.clientSecret,
    };
    const asJson = client.encoding === 'json';
    const response = await http.fetch(
      client.tokenUrl,
      {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': asJson ? 'application/json' : 'application/x-www-form-urlencoded',
        },
        body: asJson ? JSON.stringify(parameters) : new URLSearchParams(parameters).toString(),
      },
      // When an answer was lost the refresh token may be spent; then nothing is lost by asking again, and some vendors
      // answer the same question twice.
      { endpointClass: 'token', idempotent: true, timeoutMs: TIMEOUT_MS },
    );
    const given = parsed(answerSchema, await response.text());
    const refreshToken = given?.refresh_token ?? ('refreshToken' in grant ? grant.refreshToken : undefined);
    if (!given || refreshToken === undefined) throw notTokens(source, client);
    const expiresAt = clock.now().add({ seconds: Math.floor(given.expires_in) });
    return { refreshToken, accessToken: given.access_token, expiresAt: expiresAt.toString() };
  };
}

function diagnoseTokens(
  answer: Answer,
  { source, connector, client }: Pick<AccessTokensOptions, 'source' | 'connector' | 'client'>,
): Diagnosis {
  if (![400, 401, 403].includes(answer.status)) return soonOrNotAtAll(diagnoseHttp(source, answer));
  const { error, status } = parsed(refusalSchema, answer.body) ?? {};
  const said = (error ?? status ?? String(answer.status)).slice(0, 60);
  const host = new URL(client.tokenUrl).host;
  const isApp = ['invalid_client', 'access_denied', 'BAD_CLIENT_ID', 'BAD_CLIENT_SECRET'].includes(said);
  return {
    outcome: 'fail',
    error: new HubError({
      code: 'CREDENTIALS_REJECTED',
      message: isApp
        ? `${source}: ${host} does not know the app by its client id and secret (${said}).`
        : `${source}: ${host} no longer takes the refresh token (${said}): it was revoked, has expired, or was used elsewhere.`,
      remedy: isApp
        ? 'Compare both with the app’s page at the vendor.'
        : `Connect it again by \`plumbline connect ${connector} --id ${source} --replace\`, or store a new one by \`plumbline secrets set ${source}.${client.grant.member}\`.`,
    }),
  };
}

/** Others wait for their turn meanwhile. */
function soonOrNotAtAll(diagnosis: Diagnosis): Diagnosis {
  if (diagnosis.outcome !== 'retry' || (diagnosis.afterMs ?? 0) <= TIMEOUT_MS) return diagnosis;
  return { outcome: 'fail', error: diagnosis.error };
}

function closed(source: string): HubError {
  return new HubError({
    code: 'ABORTED',
    message: `${source}: no token is asked for any more.`,
    remedy: 'The next run asks for one.',
  });
}

/** What was answered is not shown: it may hold tokens. */
function notTokens(source: string, { tokenUrl }: OAuthClient): HubError {
  return new HubError({
    code: 'BAD_RESPONSE',
    message: `${source}: ${new URL(tokenUrl).host} answered without the tokens that were asked for.`,
    remedy: 'Check that the app may have refresh tokens (for Atlassian: the scope offline_access), then connect again.',
  });
}

function parsed<Value>(schema: z.ZodType<Value>, body: string): Value | null {
  try {
    return schema.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}
