import { diagnoseHttp, HubError, retryAfterMs, type Answer, type Diagnosis, type Limits } from '@plumbline/connector';
import { z } from 'zod';
import type { HubSpotConfig } from './config.ts';

const TEN_SECONDS = 10_000;
const LOCKED_MS = 2_000;
/** A day's allowance returns at midnight of the account; the next scheduled run finds out whether it has. */
const DAILY_MS = 60 * 60_000;

const errorSchema = z.looseObject({
  message: z.string().optional(),
  category: z.string().optional(),
  correlationId: z.string().optional(),
  policyName: z.string().optional(),
  errors: z
    .array(z.looseObject({ context: z.record(z.string(), z.array(z.string())).optional() }))
    .optional()
    .catch(undefined),
});
type VendorError = z.output<typeof errorSchema>;

/**
 * One tenth of the allowance may come at once and the rest is spread, so that no 10 seconds hold more than the whole;
 * searches go one by one, since HubSpot counts them over all apps of the account.
 */
export function limitsOf(config: HubSpotConfig): Limits {
  const { requestsPerTenSeconds, searchesPerSecond } = config.limits;
  const burst = Math.ceil(requestsPerTenSeconds / 10);
  return {
    account: { calls: requestsPerTenSeconds - burst, perMs: TEN_SECONDS, burst },
    search: { calls: searchesPerSecond, perMs: 1_000, burst: 1 },
  };
}

/** What HubSpot means by an answer, from its own reasons first. */
export function diagnose(answer: Answer, source: string): Diagnosis {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return diagnoseSuccess(answer, source);
  const said = vendorError(answer.body);
  const afterMs = retryAfterMs(headers.get('retry-after'));
  switch (status) {
    case 429:
      return diagnoseRate(source, said, afterMs);
    case 423:
      return busy({
        source,
        said,
        what: 'has locked the records for a moment (423)',
        afterMs: Math.max(afterMs ?? 0, LOCKED_MS),
        scope: 'request',
      });
    case 477:
      return busy({
        source,
        said,
        what: 'is moving the account between data centres (477)',
        afterMs: afterMs ?? 60_000,
        scope: 'account',
      });
    case 403:
      return said.category === 'MISSING_SCOPES'
        ? { outcome: 'fail', error: missingScopes(source, said) }
        : diagnoseHttp(source, answer);
    default:
      return diagnoseHttp(source, answer);
  }
}

/** What a hole in a 207 may mean without anything being wrong: the record is gone, or has no associations. */
const expectedHoles = ['OBJECT_NOT_FOUND', 'VALIDATION_ERROR'];

const partialSchema = z.looseObject({
  errors: z
    .array(z.looseObject({ category: z.string().default('unknown'), message: z.string().default('') }))
    .default([]),
});

/** A hole for any other reason would be taken for a record that is gone, so the whole answer is asked for again. */
function diagnosePartial(answer: Answer, source: string): Diagnosis {
  const { errors } = partialSchema.catch({ errors: [] }).parse(parsed(answer.body));
  const wrong = errors.find(({ category }) => !expectedHoles.includes(category));
  if (!wrong) return { outcome: 'ok' };
  return {
    outcome: 'retry',
    error: new HubError({
      code: 'VENDOR_ERROR',
      retryable: true,
      message: `${source}: HubSpot answered a batch in part only (207, ${wrong.category}: ${wrong.message.slice(0, 200)}).`,
      remedy: 'The next run goes on from the saved cursor.',
    }),
  };
}

/** A page of HTML with status 200 is a proxy or a login page in between; it may be gone next time. */
function diagnoseSuccess(answer: Answer, source: string): Diagnosis {
  const type = answer.headers.get('content-type') ?? 'application/json';
  if (answer.status === 207) return diagnosePartial(answer, source);
  if (answer.body === '' || type.includes('json')) return { outcome: 'ok' };
  return {
    outcome: 'retry',
    error: new HubError({
      code: 'BAD_RESPONSE',
      retryable: true,
      message: `${source}: expected JSON from HubSpot, got ${type}.`,
      remedy: 'A proxy or a login page may stand in between; check the configured address.',
    }),
  };
}

function diagnoseRate(source: string, said: VendorError, afterMs: number | undefined): Diagnosis {
  const policy = {
    DAILY: { ms: DAILY_MS, scope: 'account', what: 'calls of the day are used up' },
    TEN_SECONDLY_ROLLING: { ms: TEN_SECONDS, scope: 'account', what: 'calls of ten seconds are used up' },
    SECONDLY: { ms: 1_000, scope: 'class', what: 'calls of the second are used up' },
  }[said.policyName ?? ''] ?? { ms: 1_000, scope: 'class', what: 'rate is limited' };
  const waitMs = Math.max(afterMs ?? 0, policy.ms);
  const error = new HubError({
    code: 'RATE_LIMITED',
    retryable: true,
    retryAfterMs: waitMs,
    message: `${source}: HubSpot’s ${policy.what} (429${trace(said)}).`,
    remedy:
      'Lower `limits` in the source’s configuration when this is frequent: other apps of the account use the same allowance.',
  });
  return { outcome: 'retry', error, afterMs: waitMs, scope: policy.scope as 'account' | 'class' };
}

function busy(input: {
  source: string;
  said: VendorError;
  what: string;
  afterMs: number;
  scope: 'request' | 'account';
}): Diagnosis {
  const { source, said, what, afterMs, scope } = input;
  const error = new HubError({
    code: 'VENDOR_ERROR',
    retryable: true,
    retryAfterMs: afterMs,
    message: `${source}: HubSpot ${what}${trace(said)}.`,
    remedy: 'The next run goes on from the saved cursor.',
  });
  return { outcome: 'retry', error, afterMs, scope };
}

function missingScopes(source: string, said: VendorError): HubError {
  const scopes = (said.errors ?? []).flatMap(
    ({ context }) => context?.['requiredGranularScopes'] ?? context?.['requiredScopes'] ?? [],
  );
  const named = scopes.length > 0 ? scopes.join(', ') : 'not named';
  return new HubError({
    code: 'PERMISSION_DENIED',
    message: `${source}: the private app lacks a scope (${named})${trace(said)}.`,
    remedy:
      'Add the scope to the private app in HubSpot (Settings, Integrations, Private apps), then run `plumbline doctor`.',
  });
}

function trace({ correlationId }: VendorError): string {
  return correlationId ? `, correlation id ${correlationId.slice(0, 60)}` : '';
}

function vendorError(body: string): VendorError {
  return errorSchema.catch({}).parse(parsed(body));
}

/** JSON, or undefined for what is none. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
