import { InputError } from '../kernel/api-error.ts';

const MOST = 30;
const LONGEST = 2_000;

/** Conditions as they are kept. Throws InputError where one is blank or too long, or there are too many. */
export function checkConditions(texts: readonly string[]): string[] {
  if (texts.length > MOST || texts.some((text) => !text.trim() || text.length > LONGEST))
    throw new InputError(
      'conditions',
      `One is blank or longer than ${LONGEST} characters, or there are more than ${MOST}.`,
      'Say each in a sentence.',
    );
  return texts.map((text) => text.trim());
}
