import { HubError, diagnoseHttp, retryAfterMs, type Answer, type Diagnosis, type Limits } from '@plumbline/connector';
import type { JiraConfig } from './config.ts';

/** Jira counts calls per second for each method and endpoint; a class here is what shares one such bucket. */
const perSecond = {
  search: 100,
  count: 150,
  match: 100,
  issue: 100,
  changelog: 100,
  worklog: 100,
  directory: 100,
  write: 50,
  /** All of them together; answers show a limit of 350. */
  account: 350,
} as const;
export type EndpointClass = keyof typeof perSecond;

/** Over nine tenths are left for what is spread, also when several processes share them. */
const AT_ONCE = 0.08;

/** Our share of what Jira documents: some of it at once and the rest spread, so that no second holds more than the whole. */
export function jiraLimits({ rateShare }: Pick<JiraConfig, 'rateShare'>): Limits {
  return Object.fromEntries(
    Object.entries(perSecond).map(([name, calls]) => {
      const share = Math.max(1, Math.floor(calls * rateShare));
      const burst = Math.max(1, Math.floor(share * AT_ONCE));
      return [name, { calls: Math.max(1, share - burst), perMs: 1_000, burst }];
    }),
  );
}

const classes: readonly (readonly [RegExp, EndpointClass])[] = [
  [/\/search\/approximate-count$/, 'count'],
  [/\/search\/jql$/, 'search'],
  [/\/jql\/match$/, 'match'],
  [/\/issue\/bulkfetch$/, 'issue'],
  [/\/changelog\b/, 'changelog'],
  [/\/worklog\b/, 'worklog'],
];

/** Reads by POST count among reads and may be repeated. */
export function classify(method: string, path: string): { endpointClass: EndpointClass; idempotent: boolean } {
  const read =
    method === 'GET' || /\/(search\/|jql\/|worklog\/list$|issue\/bulkfetch$|changelog\/bulkfetch$)/.test(path);
  if (!read) return { endpointClass: 'write', idempotent: method === 'PUT' || method === 'DELETE' };
  const endpointClass = classes.find(([pattern]) => pattern.test(path))?.[1] ?? 'directory';
  return { endpointClass, idempotent: true };
}

/** Jira names which of its three limits was hit; each makes something else wait. */
export function diagnoseJira(answer: Answer, source: string): Diagnosis {
  if (answer.status === 429) return diagnoseLimit(answer, source);
  if (answer.status === 401 && /scope does not match/i.test(answer.body)) {
    return {
      outcome: 'fail',
      error: new HubError({
        code: 'PERMISSION_DENIED',
        message: `${source}: the token lacks a scope that Jira wants for this call (401: scope does not match).`,
        remedy: 'Create a token with the scopes that plugins/jira/README.md lists; logging in again does not help.',
      }),
    };
  }
  if (answer.status === 400) {
    return {
      outcome: 'fail',
      error: new HubError({
        code: 'BAD_INPUT',
        message: `${source}: Jira refuses the request (400): ${reasonOf(answer.body)}`,
        remedy: 'Check projects, JQL and field ids in the configuration with `plumbline doctor`.',
      }),
    };
  }
  return diagnoseHttp(source, answer);
}

function diagnoseLimit(answer: Answer, source: string): Diagnosis {
  const reason = answer.headers.get('ratelimit-reason') ?? 'no reason given';
  const afterMs = retryAfterMs(answer.headers.get('retry-after')) ?? untilReset(answer.headers);
  const scope = reason.includes('quota') ? 'account' : reason.includes('per-issue') ? 'request' : 'class';
  const error = new HubError({
    code: 'RATE_LIMITED',
    retryable: true,
    ...(afterMs === undefined ? {} : { retryAfterMs: afterMs }),
    message: `${source}: Jira limits the rate (429, ${reason.slice(0, 80)}).`,
    remedy:
      scope === 'account'
        ? 'The hourly quota is used up; the next run after the reset goes on from the saved cursor.'
        : 'Lower `rateShare` in the configuration, or poll less often.',
  });
  return { outcome: 'retry', error, scope, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** Reset and the answer's own date come from one clock, Jira's, so their difference holds whatever ours says. */
function untilReset(headers: Headers): number | undefined {
  const reset = Date.parse(headers.get('x-ratelimit-reset') ?? '');
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(reset) || Number.isNaN(date) ? undefined : Math.max(0, reset - date);
}

function reasonOf(body: string): string {
  try {
    const { errorMessages, errors } = JSON.parse(body) as { errorMessages?: unknown[]; errors?: object };
    const said = [...(errorMessages ?? []), ...Object.values(errors ?? {})].join(' ');
    if (said !== '') return said.slice(0, 500);
  } catch {
    // Not JSON: shown as it came.
  }
  return body.slice(0, 300).replace(/\s+/g, ' ');
}
