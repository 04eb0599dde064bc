import { InputError } from './api-error.ts';

/** The longest text in characters, by the name of the argument; a room may want less. */
const longest: Readonly<Record<string, number>> = {
  idempotencyKey: 200,
  key: 200,
  role: 200,
  name: 500,
  decidedBy: 500,
  conditionsAcceptedBy: 500,
};
const LONGEST = 10_000;

/** Throws InputError where a text among arguments is too long, or holds what a database cannot keep. Pure. */
export function checkTexts(value: unknown, path: readonly string[] = []): void {
  if (typeof value === 'string') checkText(value, path);
  else if (value !== null && typeof value === 'object')
    for (const [name, each] of Object.entries(value)) checkTexts(each, [...path, name]);
}

function checkText(text: string, path: readonly string[]): void {
  const argument = path.join('.');
  const most = longest[path.findLast((name) => !/^\d+$/.test(name)) ?? ''] ?? LONGEST;
  if (text.length > most)
    throw new InputError(argument, `\`${argument}\` has ${text.length} characters.`, `Give at most ${most}.`);
  if (text.includes('\0') || !text.isWellFormed())
    throw new InputError(
      argument,
      `\`${argument}\` holds a character that is no text.`,
      'Leave out U+0000 and halves of surrogate pairs.',
    );
}
