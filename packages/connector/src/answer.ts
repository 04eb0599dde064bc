import { HubError } from './errors.ts';

/** A vendor's answer, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

/** What an answer means. `scope` says what has to wait: only this request, its endpoint class, or the whole account. */
export type Diagnosis =
  | { outcome: 'ok' }
  | { outcome: 'retry'; error: HubError; afterMs?: number; scope?: 'request' | 'class' | 'account' }
  | { outcome: 'fail'; error: HubError };

export type Diagnose = (answer: Answer) => Diagnosis;

/** Reads what every HTTP API says alike; a connector's own `diagnose` looks at vendor reasons first and falls back to this. */
export function diagnoseHttp(source: string, answer: Answer): Diagnosis {
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: 'ok' };
  const afterMs = retryAfterMs(answer.headers.get('retry-after'));
  const said = answer.body.slice(0, 300).replace(/\s+/g, ' ');
  if (status === 429) {
    const error = new HubError({
      code: 'RATE_LIMITED',
      retryable: true,
      ...(afterMs === undefined ? {} : { retryAfterMs: afterMs }),
      message: `${source}: the vendor limits the rate (429).`,
      remedy: 'Lower the polling frequency, or wait.',
    });
    return { outcome: 'retry', error, scope: 'class', ...(afterMs === undefined ? {} : { afterMs }) };
  }
  if ([408, 423, 425, 477, 500, 502, 503, 504, 521, 522, 523, 524].includes(status)) {
    const error = new HubError({
      code: 'VENDOR_ERROR',
      retryable: true,
      message: `${source}: the vendor answered ${status}: ${said}`,
      remedy: 'The next run tries again.',
    });
    return { outcome: 'retry', error, scope: 'request', ...(afterMs === undefined ? {} : { afterMs }) };
  }
  if (status === 401) {
    return {
      outcome: 'fail',
      error: new HubError({
        code: 'CREDENTIALS_REJECTED',
        message: `${source}: the vendor rejects the credentials (401).`,
        remedy: 'Check the token and the account it belongs to, then run `plumbline doctor`.',
      }),
    };
  }
  if (status === 403) {
    return {
      outcome: 'fail',
      error: new HubError({
        code: 'PERMISSION_DENIED',
        message: `${source}: the account may not do this (403): ${said}`,
        remedy: 'Grant the missing scope or permission, then run `plumbline doctor`.',
      }),
    };
  }
  if (status === 404 || status === 410) {
    return {
      outcome: 'fail',
      error: new HubError({
        code: 'NOT_FOUND',
        message: `${source}: not found, or not visible to this account (${status}): ${said}`,
        remedy: 'Check the identifier and what the account may see.',
      }),
    };
  }
  if (status === 409) {
    return {
      outcome: 'fail',
      error: new HubError({
        code: 'CONFLICT',
        message: `${source}: the vendor reports a conflict (409): ${said}`,
        remedy: 'Read the record again and decide anew.',
      }),
    };
  }
  return {
    outcome: 'fail',
    error: new HubError({
      code: 'VENDOR_ERROR',
      message: `${source}: the vendor answered ${status}: ${said}`,
      remedy: 'Run `plumbline doctor`; if it stays, report it with this message.',
    }),
  };
}

/** `Retry-After` in milliseconds, from seconds or from a date; undefined when absent or unreadable. */
export function retryAfterMs(header: string | null, nowMs: number = Date.now()): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** The body of a good answer as JSON; a page of HTML or a cut body is an error that may pass. */
export async function readJson(response: Response, source: string): Promise<unknown> {
  const body = await response.text();
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new HubError(
      {
        code: 'BAD_RESPONSE',
        retryable: true,
        message: `${source}: expected JSON, got "${body.slice(0, 80).replace(/\s+/g, ' ')}".`,
        remedy: 'The address may be a login page or a proxy; check the configured address.',
      },
      { cause: error },
    );
  }
}
