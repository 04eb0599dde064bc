import { HubError } from '@plumbline/connector';
import { z } from 'zod';

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'wants a date such as "2026-12-25"');

/** `calendars` of the configuration: which days are worked, by the name that capacity rows give. */
const calendarsSchema = z.record(
  z.string().min(1),
  z.strictObject({
    /** Days of the week that are worked: 1 Monday to 7 Sunday. */
    days: z.array(z.number().int().min(1).max(7)).default([1, 2, 3, 4, 5]),
    holidays: z.array(day).default([]),
  }),
);

export type CalendarsInput = z.input<typeof calendarsSchema>;
export type Calendars = z.output<typeof calendarsSchema>;

/** Days of a calendar that nobody has described. */
export const usualDays: readonly number[] = [1, 2, 3, 4, 5];

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readCalendars(input: CalendarsInput): Calendars {
  const read = calendarsSchema.safeParse(input);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new HubError({
    code: 'BAD_CONFIG',
    message: `calendars.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}.`,
    remedy: 'Correct it in plumbline.config.ts.',
  });
}
