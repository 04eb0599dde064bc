import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { badInput } from './asked.ts';
import type { CommandContext } from './command.ts';
import type { GraphFlags } from './graph.ts';

/** Options that say in which form something is written, and where. */
export interface WrittenFlags extends GraphFlags {
  format: 'md' | 'html' | 'json';
  out?: string;
}

/** The form of the document that is wanted; null where JSON is. */
export function formOf({ format, json }: WrittenFlags): 'MARKDOWN' | 'HTML' | null {
  if (json || format === 'json') return null;
  return format === 'html' ? 'HTML' : 'MARKDOWN';
}

/** A value for a script: on one line with `--json`. */
export function jsonText(value: object, { json }: WrittenFlags): string {
  return `${JSON.stringify(value, null, json ? 0 : 2)}\n`;
}

/** Writes to the file that is named, or to standard output; `what` is what was written, such as `The review`. */
export async function deliver(
  { console, folder }: CommandContext,
  { out }: WrittenFlags,
  { text, what }: { text: string; what: string },
): Promise<void> {
  if (out === undefined) return console.print(text.trimEnd());
  const path = resolve(folder, out);
  await writeFile(path, text).catch((error: unknown) => {
    throw badInput(`The file ${path} cannot be written.`, 'Check the path given with --out.', error);
  });
  console.say(`${what} is in ${path}.`);
}
