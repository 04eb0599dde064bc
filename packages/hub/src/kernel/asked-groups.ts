import { InputError } from './api-error.ts';

/** How many groups a figure by group is asked for, 25 unless told; throws InputError with the remedy for too many. */
export function askedGroups(first: number | null | undefined, remedy: string): number {
  const limit = first ?? 25;
  if (limit >= 1 && limit <= 100) return limit;
  throw new InputError('first', `\`first\` is ${limit}; 1 to 100 are allowed.`, remedy);
}

/** Throws InputError for what is no ISO 4217 code. */
export function checkCurrency(currency: string): void {
  if (!/^[A-Z]{3}$/.test(currency))
    throw new InputError('currency', 'A currency is an ISO 4217 code.', 'Give one such as "EUR".');
}
