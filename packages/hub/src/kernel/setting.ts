import { HubError } from '@plumbline/connector';
import type { z } from 'zod';

/** Checks one part of the configuration and fills it up; throws HubError that names the wrong setting. */
export function readSetting<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  given: z.input<Schema>,
): z.output<Schema> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw badSetting([name, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'is wrong');
}

/** For what only shows when settings are seen together; `path` is its place in the configuration. */
export function badSetting(path: string, message: string): HubError {
  return new HubError({
    code: 'BAD_CONFIG',
    message: `${path}: ${message}.`,
    remedy: 'Correct it in plumbline.config.ts.',
  });
}
