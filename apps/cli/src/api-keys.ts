import { z } from 'zod';

/** An entry of PLUMBLINE_API_KEY: `KEY`, or `NAME=KEY`. */
interface NamedKey {
  name?: string | undefined;
  key: string;
}

/** A key alone may end as base64 does; no e-mail address, and hardly a name, looks like this. */
const padded = /^(?:[\w+/-]{4})+(?:[\w+/-]{2}==|[\w+/-]{3}=)$/;
/** What the hub itself, callers of a hub without keys, and keys without a name are called. */
const reserved = /^(?:plumbline|local|key .*)$/i;

/** Keys as they are listed, told from their names. */
export const namedKeys = z
  .array(z.string())
  .transform((entries) => entries.map(keyOf))
  .pipe(
    z.array(
      z.object({
        name: z
          .string()
          .min(1, 'wants a name before "="')
          .max(100, 'wants at most 100 characters a name')
          .refine((name) => !reserved.test(name), 'wants a name that Plumbline does not use itself')
          .optional(),
        key: z.string().min(16, 'wants at least 16 characters a key'),
      }),
    ),
  )
  .refine((keys) => areDistinct(keys.flatMap(({ name }) => name?.toLowerCase() ?? [])), 'wants a name for one key only')
  .refine((keys) => areDistinct(keys.map(({ key }) => key)), 'wants each key once');

function keyOf(entry: string): NamedKey {
  const at = entry.indexOf('=');
  if (at < 0 || padded.test(entry)) return { key: entry };
  return { name: entry.slice(0, at).trim(), key: entry.slice(at + 1).trim() };
}

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}
