import { diagnoseHttp, HubError, type Answer, type Diagnosis } from '@plumbline/connector';
import { z } from 'zod';

/** Quotas are refilled each minute and Google sends no Retry-After: what is asked sooner may be refused again. */
const QUOTA_WAIT_MS = 60_000;

const errorSchema = z.object({
  error: z.object({
    status: z.string().optional(),
    message: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    details: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

const quotaReasons = ['RESOURCE_EXHAUSTED', 'rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED'];
const disabledReasons = ['accessNotConfigured', 'SERVICE_DISABLED'];

/** What an answer of Sheets or Drive means: Google's own reasons first, then what any HTTP API says. */
export function diagnoseGoogle(answer: Answer, source: string): Diagnosis {
  if (answer.status >= 200 && answer.status < 300) return { outcome: 'ok' };
  const reasons = reasonsOf(answer);
  if (reasons.some((reason) => quotaReasons.includes(reason))) return overQuota(answer, source);
  if (answer.status === 401) return rejected(source);
  if (reasons.some((reason) => disabledReasons.includes(reason))) {
    const error = new HubError({
      code: 'BAD_CONFIG',
      message: `${source}: the Google Cloud project of the service account has the API switched off.`,
      remedy: 'Enable the Google Sheets API and the Google Drive API in the project, then run `plumbline doctor`.',
    });
    return { outcome: 'fail', error };
  }
  return diagnoseHttp(source, answer);
}

function overQuota(answer: Answer, source: string): Diagnosis {
  const usual = diagnoseHttp(source, { ...answer, status: 429 });
  if (usual.outcome !== 'retry') return usual;
  // Sheets and Drive share the account's one budget.
  return { ...usual, scope: 'account', afterMs: usual.afterMs ?? QUOTA_WAIT_MS };
}

function rejected(source: string): Diagnosis {
  const error = new HubError({
    code: 'CREDENTIALS_REJECTED',
    message: `${source}: Google rejects the service account's token (401).`,
    remedy: 'Check that the key still exists in Google Cloud and that this machine’s clock is right.',
  });
  return { outcome: 'fail', error };
}

/** Every reason the answer names, in Sheets' and in Drive's form of errors. */
function reasonsOf({ body }: Answer): string[] {
  const parsed = errorSchema.safeParse(jsonOf(body));
  if (!parsed.success) return [];
  const { status, errors = [], details = [] } = parsed.data.error;
  return [status, ...[...errors, ...details].map(({ reason }) => reason)].filter((reason) => reason !== undefined);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
