import { fingerprint } from './fingerprint.ts';

/** No text of a caller holds it: `checkTexts` refuses it. */
const SEPARATOR = '\0';

/** Says nothing about what is wanted, only about how the call is made. */
const ofTheCall: ReadonlySet<string> = new Set(['idempotencyKey', 'expectedVersion']);

/** A key of a caller, and the fingerprint of what was asked under it where that is known. */
export interface UsedKey {
  key: string;
  asked: string | null;
}

/**
 * The arguments of a mutation with their `idempotencyKey` bound to what is asked: mutation and arguments travel with the
 * key as one text, which stores hand to `wasDecided` and `recordDecision` without looking into it. Pure.
 */
export function withBoundKey<Args extends object>(mutation: string, args: Args): Args {
  const key = 'idempotencyKey' in args ? args.idempotencyKey : null;
  if (typeof key !== 'string' || key === '') return args;
  const content = Object.entries(args).filter(([name]) => !ofTheCall.has(name));
  const asked = fingerprint(said({ mutation, ...Object.fromEntries(content) }));
  return { ...args, idempotencyKey: `${key}${SEPARATOR}${asked}` };
}

/** The two parts of a bound key; a key of a caller inside the hub comes as it is, and binds nothing. Pure. */
export function readKey(text: string): UsedKey {
  const [key = '', asked = null] = text.split(SEPARATOR);
  return { key, asked };
}

/** Without what is null: leaving an argument out and giving null is the same. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, said(member)]));
}
