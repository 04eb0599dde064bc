import type { PlumblineConfig } from '@plumbline/hub';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { memberName } from '@plumbline/connector';
import { loadConfig } from './config-file.ts';

/** What became of the configuration: made anew, edited, as it was because it had the source, or left to a person. */
export type ConfigEdit =
  | { outcome: 'CREATED' | 'EDITED' | 'UNCHANGED' }
  /** `add` is what a person has to add, line by line. */
  | { outcome: 'BY_HAND'; add: readonly string[] };

/**
 * Lets a configuration import a source's file. What a person wrote is changed only where that is understood: the edited
 * text is evaluated first, and must say what the text before said, with this source added and nothing else different.
 */
export async function addSource(configPath: string, id: string): Promise<ConfigEdit> {
  const name = memberName(id);
  const line = `import ${name} from './plumbline.sources/${id}.ts';`;
  if (!existsSync(configPath)) {
    writeFileSync(configPath, created(line, name), { flag: 'wx' });
    return { outcome: 'CREATED' };
  }
  const path = realpathSync(configPath);
  const text = readFileSync(path, 'utf8');
  const byHand: ConfigEdit = { outcome: 'BY_HAND', add: [line, `… sources: [${name}, …]`] };
  const before = await evaluated(path);
  if (before?.sources.some((source) => source.id === id)) return { outcome: 'UNCHANGED' };
  const edited = withSource(text, line, name);
  if (before === null || edited === null) return byHand;
  const aside = join(dirname(path), `.${basename(path, '.ts')}.${randomBytes(4).toString('hex')}.ts`);
  try {
    writeFileSync(aside, edited, { mode: statSync(path).mode });
    const after = await evaluated(aside);
    if (after === null || !isAddedTo(before, after, id)) return byHand;
    // Somebody may have saved it meanwhile.
    if (readFileSync(path, 'utf8') !== text) return byHand;
    renameSync(aside, path);
    return { outcome: 'EDITED' };
  } finally {
    rmSync(aside, { force: true });
  }
}

function created(line: string, name: string): string {
  return `import { defineConfig } from '@plumbline/hub';
${line}

// plumbline.config.example.ts shows every option.
export default defineConfig({
  sources: [${name}],
});
`;
}

/** The text with the import and the source in it; null when there is not exactly one place for the source. */
function withSource(text: string, line: string, name: string): string | null {
  const places = [...text.matchAll(/^[ \t]*sources:[ \t]*\[/gm)];
  const [place] = places;
  if (!place || places.length > 1 || new RegExp(`\\b${name}\\b`).test(text)) return null;
  const at = place.index + place[0].length;
  const rest = text.slice(at);
  const first = /^\s*\]/.test(rest) ? name : `${name},`;
  // A list over several lines gets a line more, and one on a single line stays on it.
  const [, indent] = /^\r?\n([ \t]+)/.exec(rest) ?? [];
  const inserted = indent === undefined ? `${first}${first.endsWith(',') ? ' ' : ''}` : `\n${indent}${first}`;
  const withEntry = text.slice(0, at) + inserted + rest;
  const last = [...withEntry.matchAll(/^import .*;\r?\n/gm)].at(-1);
  const start = last ? last.index + last[0].length : 0;
  return `${withEntry.slice(0, start)}${line}\n${withEntry.slice(start)}`;
}

async function evaluated(path: string): Promise<PlumblineConfig | null> {
  try {
    return await loadConfig(path);
  } catch {
    return null;
  }
}

function isAddedTo(before: PlumblineConfig, after: PlumblineConfig, id: string): boolean {
  const others = { ...after, sources: after.sources.filter((source) => source.id !== id) };
  return after.sources.length === before.sources.length + 1 && JSON.stringify(others) === JSON.stringify(before);
}
