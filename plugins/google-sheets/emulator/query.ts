import type { Context } from 'hono';
import { z } from 'zod';
import { parseFieldMask, type FieldMask } from './field-mask.ts';
import { invalidArgument } from './google-error.ts';

/** The `fields` parameter; what the API answers without one when it is absent (empty: everything). */
export function maskOf(context: Context, usual = ''): FieldMask {
  const text = context.req.query('fields') ?? usual;
  if (text === '') return new Map();
  try {
    return parseFieldMask(text);
  } catch (error) {
    throw invalidArgument(error instanceof Error ? error.message : 'Invalid field selection');
  }
}

/** The request's body; throws 400 as Google does for a payload it does not know. */
export async function bodyOf<Value>(context: Context, schema: z.ZodType<Value>): Promise<Value> {
  const parsed = schema.safeParse(await context.req.json().catch(() => null));
  if (!parsed.success) throw invalidArgument(`Invalid JSON payload received. ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** One of an enumeration's values, or the usual one; throws 400 for another. */
export function optionOf<const Option extends string>(
  given: string | undefined,
  options: readonly Option[],
  usual: Option,
): Option {
  if (given === undefined) return usual;
  const option = options.find((each) => each === given);
  if (!option) throw invalidArgument(`Invalid value "${given}"; expected one of ${options.join(', ')}`);
  return option;
}
