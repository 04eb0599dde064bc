import { describeIssues, HubError } from '@plumbline/connector';
import type { z } from 'zod';

/** Reads what a site answered to a call; another form than expected is an error that names the call and the member. */
export type Reader = <Value>(what: string, schema: z.ZodType<Value>, answer: unknown) => Value;

export function readerOf(site: string): Reader {
  return (what, schema, answer) => {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new HubError(
      {
        code: 'BAD_RESPONSE',
        message: `${site}: the answer of ${what} has another form than expected: ${describeIssues(parsed.error)}.`,
        remedy: 'Jira may have changed its API; report it with this message.',
      },
      { cause: parsed.error },
    );
  };
}

/** A list that says that it goes on and does not would be read for ever, and what it leaves out is not known. */
export function repeating(what: string): HubError {
  return new HubError({
    code: 'BAD_RESPONSE',
    message: `Jira gives the same page of ${what} again and again, and says that there is more.`,
    remedy: 'Look for a proxy that drops `startAt` from the address; otherwise report it with this message.',
  });
}

/**
 * The token of the page behind this one; null behind the last. A page that says that there is more and not where, or that
 * leads back to itself, would be taken for the end, or read for ever.
 */
export function nextToken(
  what: string,
  answer: { isLast?: boolean | undefined; nextPageToken?: string | null | undefined },
  asked: string | undefined,
): string | null {
  if (answer.isLast === true) return null;
  const token = answer.nextPageToken ?? null;
  const isEnd = token === null && answer.isLast === undefined;
  if (isEnd || (token !== null && token !== asked)) return token;
  throw new HubError({
    code: 'BAD_RESPONSE',
    message: `Jira says that there are more pages of ${what}, but not where they go on.`,
    remedy: 'The next run tries again from the saved cursor; if it stays, report it with this message.',
  });
}
