import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

const template = join(import.meta.dirname, '../template');

/** A name that cannot be used, in a sentence for whoever gave it. */
export class BadName extends Error {}

/**
 * Writes a working connector into `plugins/NAME`, made of the template with the name in place of the template's own.
 * Gives the paths it wrote; throws BadName, having written nothing.
 */
export async function createConnector(name: string | undefined, plugins: string): Promise<string[]> {
  const checked = checkName(name);
  const folder = join(plugins, checked);
  if (existsSync(folder)) throw new BadName(`${folder} exists already. Choose another name, or take it away first.`);
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  const written: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const from = join(entry.parentPath, entry.name);
    const to = join(folder, renamed(from.slice(template.length + 1), checked));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, renamed(await readFile(from, 'utf8'), checked));
    written.push(to);
  }
  return written.toSorted();
}

/** What is left to do after the files are there. */
export function nextSteps(name: string): string {
  return `plugins/${name} is a working connector for an imagined tracker of risks. Next:

1. npx -y pnpm install && npx -y pnpm format
   links it into the workspace, and breaks its lines where its name wants it.
2. npx -y pnpm test plugins/${name}
   runs its tests against its emulator, the conformance kit among them.
3. Make emulator/ answer as the vendor does, then src/ read it; docs/write-a-connector.md leads through a real one.
4. npx -y pnpm add --workspace-root --workspace @plumbline/${name}
   lets plumbline.config.ts import it: import { ${camelCase(name)} } from '@plumbline/${name}';
5. npx -y pnpm plumbline connect ${name}
   asks what src/setup.ts says, and writes the source; npx -y pnpm plumbline doctor says whether it can read.`;
}

function checkName(name: string | undefined): string {
  if (name === undefined) throw new BadName('Give the connector’s name, such as: pnpm create-connector acme-crm');
  if (name.length > 40 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new BadName(
      `"${name}" is no name for a connector: it wants lower case, digits and dashes, such as acme-crm.`,
    );
  }
  if (!isIdentifier(camelCase(name))) {
    throw new BadName(`"${name}" is a word of JavaScript. Add one of the vendor’s, such as ${name}-crm.`);
  }
  return name;
}

function isIdentifier(word: string): boolean {
  try {
    return new Script(`'use strict'; const ${word} = 0;`) instanceof Script;
  } catch {
    return false;
  }
}

/** The template's name in each of its spellings, replaced. */
function renamed(text: string, name: string): string {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return text
    .replaceAll('template-vendor', name)
    .replaceAll('templateVendor', camelCase(name))
    .replaceAll('TemplateVendor', words.join(''))
    .replaceAll('Template Vendor', words.join(' '));
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
