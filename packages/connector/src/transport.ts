import pRetry from 'p-retry';
import type { Answer, Diagnose } from './answer.ts';
import { LONGEST_WAIT_MS, type Budget } from './budget.ts';
import type { Clock } from './clock.ts';
import { HubError } from './errors.ts';
import type { Logger } from './logger.ts';
import { MASK, type Redact } from './redact.ts';

/** What the caller knows of a call that HTTP does not say. */
export interface Call {
  /** The vendor's rate-limit class this call is counted in; one of the connector's `limits`. */
  endpointClass: string;
  /** Whether sending it twice has the effect of sending it once; only such calls are retried. Reads by POST are. */
  idempotent: boolean;
  /** Milliseconds until the answer must be complete; 60,000 when absent. */
  timeoutMs?: number;
}

/** Sends requests to one vendor account under one policy: budget, timeout, retry, redaction. Throws HubError only. */
export interface Transport {
  /** The answer is complete in memory and was diagnosed as good. */
  fetch(url: string | URL, init: RequestInit, call: Call): Promise<Response>;
  readonly stats: TransportStats;
}

export interface TransportStats {
  requests: number;
  /** Received, answers unpacked and those that failed included. Who reads otherwise than by `fetch`, as from a disk, adds to it. */
  bytes: number;
  retries: number;
  throttledMs: number;
}

export interface TransportOptions {
  /** Name of the source, for messages. */
  source: string;
  budget: Budget;
  diagnose: Diagnose;
  clock: Clock;
  logger: Logger;
  redact: Redact;
  signal?: AbortSignal;
  /** Tries in all; 6 when absent. */
  tries?: number;
  /** Bytes of an answer beyond which it is refused; 64 MiB when absent. */
  maxBytes?: number;
  /** 0 to 1, for jitter. */
  random?: () => number;
}

export function createTransport(options: TransportOptions): Transport {
  const { budget, clock, logger, redact, source } = options;
  const tries = options.tries ?? 6;
  const stats: TransportStats = { requests: 0, bytes: 0, retries: 0, throttledMs: 0 };

  async function once(url: URL, init: RequestInit, call: Call): Promise<Answer> {
    const waited = await budget.take(call.endpointClass, options.signal);
    stats.throttledMs += waited;
    stats.requests += 1;
    const timeout = clock.timeout(call.timeoutMs ?? 60_000);
    const signals = [timeout, options.signal, init.signal].filter((signal) => signal instanceof AbortSignal);
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any(signals) });
      const body = await readBody(response, options.maxBytes ?? 64 * 1024 * 1024, stats);
      const answer = { status: response.status, headers: response.headers, body };
      return isRead(answer) ? answer : { ...answer, body: withoutSecrets(body, init, redact) };
    } catch (error) {
      options.signal?.throwIfAborted();
      throw networkError({ source, url, timedOut: timeout.aborted, error, redact });
    }
  }

  async function fetchUnderPolicy(address: string | URL, init: RequestInit, call: Call): Promise<Response> {
    const url = new URL(address);
    let waitMs = 0;
    const attempt = async (number: number): Promise<Answer> => {
      if (waitMs > 0) await clock.sleep(waitMs, options.signal);
      waitMs = 0;
      if (number > 1) stats.retries += 1;
      try {
        const answer = await once(url, init, call);
        const diagnosis = options.diagnose(answer);
        if (diagnosis.outcome === 'ok') return answer;
        if (diagnosis.outcome === 'retry') {
          const delay = delayMs({ attempt: number, afterMs: diagnosis.afterMs, random: options.random ?? Math.random });
          // Also for whoever comes after this run: what is refused until then is not asked meanwhile.
          if (diagnosis.scope === 'class') await budget.pause(call.endpointClass, delay);
          else if (diagnosis.scope === 'account') await budget.pause('account', delay);
          if (delay > LONGEST_WAIT_MS) throw postponed(diagnosis.error, delay);
          if (diagnosis.scope === undefined || diagnosis.scope === 'request') waitMs = delay;
        }
        throw diagnosis.error;
      } catch (error) {
        if (error instanceof HubError && error.retryable && waitMs === 0 && error.code !== 'RATE_LIMITED') {
          waitMs = delayMs({ attempt: number, afterMs: error.retryAfterMs, random: options.random ?? Math.random });
        }
        throw error;
      }
    };
    const answer = await pRetry(attempt, {
      retries: tries - 1,
      minTimeout: 0,
      maxTimeout: 0,
      ...(options.signal ? { signal: options.signal } : {}),
      shouldRetry: ({ error }) =>
        error instanceof HubError && error.retryable && (call.idempotent || neverArrived(error)),
      onFailedAttempt: ({ error, attemptNumber }) =>
        logger.debug({ source, url: redact(String(url)), attempt: attemptNumber, tries }, redact(error.message)),
    });
    return new Response([204, 205, 304].includes(answer.status) ? null : answer.body, {
      status: answer.status,
      headers: withoutEncoding(answer.headers),
    });
  }

  return { stats, fetch: fetchUnderPolicy };
}

/** Whether somebody reads it as data; everything else is at most quoted in a message. */
function isRead({ status, body }: Answer): boolean {
  return status < 400 && /^\s*[[{]/.test(body);
}

/**
 * Vendors, and proxies before them, repeat what they were sent. Masked while it is whole: a message quotes the beginning of
 * it, in one line. What was signed or fetched for this very request is known only from the request.
 */
function withoutSecrets(body: string, { headers }: RequestInit, redact: Redact): string {
  const [, credential = ''] = /^\S+\s+(\S{8,})$/.exec(new Headers(headers).get('authorization') ?? '') ?? [];
  return redact(credential === '' ? body : body.replaceAll(credential, MASK));
}

/** A refused or throttled call was not carried out, so even a write may be sent again. */
function neverArrived(error: HubError): boolean {
  return error.code === 'RATE_LIMITED';
}

/** Exponential from 1 s to 30 s, times 0.7 to 1.3; never less than the vendor asked for, and at most half a minute more. */
function delayMs(input: { attempt: number; afterMs: number | undefined; random: () => number }): number {
  const exponential = Math.min(30_000, 1_000 * 2 ** (input.attempt - 1));
  const jitter = 0.7 + input.random() * 0.6;
  const asked = input.afterMs ?? 0;
  return Math.ceil(Math.max(asked + Math.min(30_000, asked * Math.max(0, jitter - 1)), exponential * jitter));
}

async function readBody(response: Response, maxBytes: number, stats: Pick<TransportStats, 'bytes'>): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    stats.bytes += chunk.byteLength;
    if (size > maxBytes) throw new RangeError(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function withoutEncoding(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
  return kept;
}

function networkError(input: {
  source: string;
  url: URL;
  timedOut: boolean;
  error: unknown;
  redact: Redact;
}): HubError {
  const { source, url, error } = input;
  if (error instanceof RangeError) {
    return new HubError(
      {
        code: 'BAD_RESPONSE',
        message: `${source}: ${url.host} sent too much: ${error.message}.`,
        remedy: 'Ask for fewer fields or smaller pages.',
      },
      { cause: error },
    );
  }
  if (input.timedOut) {
    return new HubError(
      {
        code: 'TIMEOUT',
        retryable: true,
        message: `${source}: ${url.host} did not answer in time.`,
        remedy: 'Check the network and the vendor’s status page; the next run tries again.',
      },
      { cause: error },
    );
  }
  const cause =
    error instanceof Error && error.cause instanceof Error
      ? error.cause.message
      : error instanceof Error
        ? error.message
        : String(error);
  return new HubError(
    {
      code: 'UNREACHABLE',
      retryable: true,
      message: input.redact(`${source}: ${url.host} cannot be reached (${cause}).`),
      remedy: 'Check the address and the network; the next run tries again.',
    },
    { cause: error },
  );
}

function postponed(error: HubError, delay: number): HubError {
  const minutes = Math.ceil(delay / 60_000);
  return new HubError(
    {
      code: error.code,
      retryable: false,
      retryAfterMs: delay,
      message: `${error.message} The vendor asks to wait ${minutes} minutes.`,
      remedy: 'The next scheduled run goes on from the saved cursor.',
    },
    { cause: error },
  );
}
