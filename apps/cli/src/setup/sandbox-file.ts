import { HubError } from '@plumbline/connector';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const sandboxSizes = ['small', 'large'] as const;
type SandboxSize = (typeof sandboxSizes)[number];

const ports = z.object({ jira: z.number(), hubspot: z.number(), google: z.number() });

const schema = z.object({
  seed: z.string(),
  size: z.enum(sandboxSizes),
  today: z.iso.date(),
  /** Where the emulators listened last; the same addresses again mean the same configuration. */
  ports: ports.nullable(),
  /** By which one of its clients looks at its status; absent as long as the company's story is not told. */
  clientToken: z.string().optional(),
});

/** Which company lives in a data folder: kept, so that the next start makes the same one. */
export type SandboxFile = z.output<typeof schema>;

export interface SandboxWishes {
  seed?: string;
  size?: SandboxSize;
}

export function hasSandbox(folder: string): boolean {
  return existsSync(pathOf(folder));
}

/** The company of this folder, made up now when there is none yet. Throws HubError when it is another than wished. */
export function settleSandbox(folder: string, wishes: SandboxWishes, today: string): SandboxFile {
  if (!hasSandbox(folder)) {
    if (existsSync(join(folder, 'database'))) throw holdsOtherData(folder);
    const made: SandboxFile = { seed: wishes.seed ?? 'acme', size: wishes.size ?? 'small', today, ports: null };
    writeSandbox(folder, made);
    return made;
  }
  const kept = readSandbox(folder);
  for (const name of ['seed', 'size'] as const) {
    const wish = wishes[name];
    if (wish === undefined || wish === kept[name]) continue;
    throw new HubError({
      code: 'BAD_INPUT',
      message: `The data folder ${folder} holds a sandbox company of the ${name} "${kept[name]}", not "${wish}".`,
      remedy: `Choose another folder with --data, or leave out --${name}.`,
    });
  }
  return kept;
}

export function writeSandbox(folder: string, sandbox: SandboxFile): void {
  try {
    mkdirSync(folder, { recursive: true });
    // Written aside first: a process that dies while writing leaves the old file whole.
    writeFileSync(`${pathOf(folder)}.new`, `${JSON.stringify(sandbox, null, 2)}\n`);
    renameSync(`${pathOf(folder)}.new`, pathOf(folder));
  } catch (error) {
    throw new HubError(
      {
        code: 'UNAVAILABLE',
        message: `The data folder ${folder} cannot be written (${error instanceof Error ? error.message : String(error)}).`,
        remedy: 'Give this user the right to write there, or choose another folder with --data.',
      },
      { cause: error },
    );
  }
}

function readSandbox(folder: string): SandboxFile {
  try {
    return schema.parse(JSON.parse(readFileSync(pathOf(folder), 'utf8')));
  } catch (error) {
    throw new HubError(
      {
        code: 'BAD_CONFIG',
        message: `${pathOf(folder)} does not say which sandbox company lives there.`,
        remedy: `Remove ${folder}; everything in it comes from the sandbox.`,
      },
      { cause: error },
    );
  }
}

function pathOf(folder: string): string {
  return join(folder, 'sandbox.json');
}

function holdsOtherData(folder: string): HubError {
  return new HubError({
    code: 'BAD_CONFIG',
    message: `The data folder ${folder} holds the data of configured sources, and there is no plumbline.config.ts here.`,
    remedy: 'Run the command where that file is, name it with --config, or choose another folder with --data.',
  });
}
