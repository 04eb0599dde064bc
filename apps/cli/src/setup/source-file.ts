import { HubError, type Setup } from '@plumbline/connector';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { literal } from './literal.ts';

/** A source as `plumbline connect` writes it. */
export interface WrittenSource {
  id: string;
  imports: Setup['imports'];
  config: unknown;
  /** Names of the secrets, each stored as `id.name`. */
  secrets: readonly string[];
  realm: string | null;
}

/** The file of a source, beside the configuration that imports it. */
export function sourceFileOf(configPath: string, id: string): string {
  return join(dirname(configPath), 'plumbline.sources', `${id}.ts`);
}

/** Throws HubError when there is such a file which must not be written over. */
export function checkSourceFile(path: string, options: { replace: boolean }): void {
  if (!existsSync(path)) return;
  if (!options.replace) {
    throw new HubError({
      code: 'BAD_INPUT',
      message: `There is a source file ${path} already.`,
      remedy: 'Choose another name with --id, or give --replace to write it anew.',
    });
  }
  const [first = '', ...rest] = readFileSync(path, 'utf8').split('\n');
  if (first === markOf(rest.join('\n'))) return;
  throw new HubError({
    code: 'BAD_INPUT',
    message: `The source file ${path} was edited by hand, so it is not written over.`,
    remedy: 'Go on editing it, or remove it first.',
  });
}

export function writeSourceFile(path: string, source: WrittenSource): void {
  const body = bodyOf(source);
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Written aside first: a process that dies while writing leaves the old file whole.
    writeFileSync(`${path}.new`, `${markOf(body)}\n${body}`);
    renameSync(`${path}.new`, path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new HubError(
      {
        code: 'UNAVAILABLE',
        message: `The source file ${path} cannot be written (${message}).`,
        remedy: 'Give this user the right to write there.',
      },
      { cause: error },
    );
  }
}

function bodyOf({ id, imports, config, secrets, realm }: WrittenSource): string {
  const { package: from, connector, configType } = imports;
  const stored = secrets.map((name) => `    ${name}: stored(${literal(`${id}.${name}`)}),\n`).join('');
  return `// Edit it as you like; plumbline.config.example.ts shows every option, and \`plumbline doctor\` checks it.
import { defineSource, stored } from '@plumbline/hub';
import { ${connector}, type ${configType} } from '${from}';

const config: ${configType} = ${literal(config)};

export default defineSource({
  id: ${literal(id)},
  connector: ${connector},
  config,
  secrets: {
${stored}  },
${realm === null ? '' : `  realm: ${literal(realm)},\n`}});
`;
}

/** Tells a file that is as it was written from one that somebody has edited. */
function markOf(body: string): string {
  return `// Written by \`plumbline connect\` (${createHash('sha256').update(body).digest('hex').slice(0, 12)}).`;
}
