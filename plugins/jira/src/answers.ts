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
