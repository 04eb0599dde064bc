import { diagnoseHttp } from '@plumbline/connector';
import { sound, type Habits } from '../ledger-connector.ts';
import { END, listedOrNone, type Broken } from './broken.ts';

/** The error of a page, taken for its end. */
function endingAt(sign: RegExp): Habits['page'] {
  return async (get, place) => {
    try {
      return await sound.page(get, place);
    } catch (error) {
      if (sign.test(String(error))) return END;
      throw error;
    }
  };
}

/** A read that ends with what it has when anything at all goes wrong. */
async function* quietly(...[context, cursor, habits]: Parameters<Habits['poll']>): ReturnType<Habits['poll']> {
  try {
    yield* sound.poll(context, cursor, habits);
  } catch {
    yield { records: [], cursor: cursor ?? { gone: {} }, complete: true };
  }
}

export const brokenFaults: readonly Broken[] = [
  {
    fault: 'swallows a 503',
    habits: { page: endingAt(/answered 503/) },
    found: ['a vendor that gives nothing but an unavailable service (503) ends the run as failed, and nothing is lost'],
    saying: /ended SUCCEEDED although the vendor gave nothing but/,
  },
  {
    fault: 'takes HTML for an empty page',
    habits: { page: endingAt(/expected JSON/) },
    found: [
      'a page of HTML with status 200 is not taken for an answer',
      'a vendor that gives nothing but a page of HTML with status 200 ends the run as failed, and nothing is lost',
    ],
    saying: /is missing|ended SUCCEEDED although/,
  },
  {
    fault: 'takes a cut answer for the end',
    habits: { page: endingAt(/cannot be reached/) },
    found: ['a vendor that gives nothing but answers that are cut off ends the run as failed, and nothing is lost'],
    saying: /ended SUCCEEDED although/,
  },
  {
    fault: 'takes an expired token for the end',
    habits: { page: endingAt(/rejects the credentials/) },
    found: ['a token that expires while pages are read ends the run at once, and a new one goes on'],
    saying: /ended SUCCEEDED although the token had expired/,
  },
  {
    fault: 'says that nothing may be asked twice',
    habits: {
      get: (context) => {
        const { http } = context;
        const once: typeof http = {
          stats: http.stats,
          fetch: (url, init, call) => http.fetch(url, init, { ...call, idempotent: false }),
        };
        return sound.get({ ...context, http: once });
      },
    },
    found: [
      'a read outlasts connections that are reset',
      'a read outlasts answers that are cut off',
      'a read outlasts sockets that hang',
    ],
    saying: /ended FAILED/,
  },
  ...[
    { status: 429, check: 'a read outlasts refusals for the rate (too many)' },
    { status: 423, check: 'a read outlasts locks (423)' },
    { status: 477, check: 'a read outlasts a migration (477)' },
    { status: 502, check: 'a read outlasts a bad gateway (502)' },
    { status: 503, check: 'a read outlasts an unavailable service (503)' },
  ].map(({ status, check }): Broken => ({
    fault: `does not know that a ${status} passes`,
    habits: {
      diagnose: (answer, source) =>
        diagnoseHttp(source, answer.status === status ? { ...answer, status: 400 } : answer),
    },
    found: [check],
    saying: /ended FAILED/,
  })),
  {
    fault: 'tries again after minutes when it is asked for hours',
    habits: {
      diagnose(answer, source) {
        const said = diagnoseHttp(source, answer);
        return said.outcome === 'retry' ? { ...said, afterMs: Math.min(said.afterMs ?? 0, 600_000) } : said;
      },
    },
    found: ['a vendor that asks for hours gets them: the run ends, and a later one goes on'],
    saying: /held on for \d+/,
  },
  {
    fault: 'takes an outage for an empty list',
    habits: { census: listedOrNone, poll: quietly },
    found: ['an outage after a complete read leaves the graph and the cursor as they are'],
    saying: /although the vendor could not be reached/,
  },
];
