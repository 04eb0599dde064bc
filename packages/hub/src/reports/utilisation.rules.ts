import { InputError } from '../kernel/api-error.ts';
import { askedGroups } from '../kernel/asked-groups.ts';

/** As many days as a question about people's time may span. */
export const LONGEST_DAYS = 400;

/** How many groups are asked for; throws InputError for too many, and for a period that is too long or ends before it begins. */
export function checkAsked({
  from,
  to,
  first,
}: {
  from: string;
  to: string;
  first?: number | null | undefined;
}): number {
  const limit = askedGroups(first, 'Ask for a team at a time.');
  const days = Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days + 1;
  if (days < 1 || days > LONGEST_DAYS)
    throw new InputError('to', `The period has ${days} days; 1 to ${LONGEST_DAYS} are allowed.`, 'Narrow it.');
  return limit;
}
