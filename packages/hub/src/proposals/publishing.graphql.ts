import { InputError } from '../kernel/api-error.ts';
import type { Builder } from '../kernel/builder.ts';

const MOST = 100;

/** How many versions or templates are listed; throws InputError for too many. */
export function limitOf(first: number | null | undefined): number {
  const limit = first ?? 25;
  if (limit >= 0 && limit <= MOST) return limit;
  throw new InputError('first', `first is ${limit}; 0 to ${MOST} are allowed.`, 'Ask for fewer.');
}

/** What every mutation that publishes a version takes beside what it publishes. */
export function publishingArguments(builder: Builder) {
  return builder.args((t) => ({
    expectedVersion: t.int({
      description: 'The version that was looked at, 0 as long as there is none; refused when it is another by now.',
    }),
    idempotencyKey: t.string({
      description: 'Any text of the caller, of 200 characters at most; the same call with the same key is made once.',
    }),
  }));
}
