import { HubError, type Connector } from '@plumbline/connector';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** A connector, and the package that a configuration imports it from. */
export interface FoundConnector {
  connector: Connector;
  package: string;
}

type Exports = Readonly<Record<string, unknown>>;

/** These need not be installed beside the configuration to be asked for. */
const own: Readonly<Record<string, () => Promise<Exports>>> = {
  hubspot: () => import('@plumbline/hubspot'),
  jira: () => import('@plumbline/jira'),
  'google-sheets': () => import('@plumbline/google-sheets'),
  files: () => import('@plumbline/files'),
};

const manifestSchema = z.looseObject({
  dependencies: z.record(z.string(), z.unknown()).default({}),
  peerDependencies: z.record(z.string(), z.unknown()).default({}),
});

/**
 * The connector of this name: one of Plumbline's own, or a package that is installed in the project's folder, under its
 * whole name or without `@plumbline/`. Nothing is loaded by a path or an address, and of a package that does not depend on
 * `@plumbline/connector` no code is run. Throws HubError BAD_INPUT.
 */
export async function connectorOf(name: string, project: string): Promise<FoundConnector> {
  const load = own[name];
  if (load) return { connector: onlyConnector(name, await load()), package: `@plumbline/${name}` };
  if (!/^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name)) {
    throw badInput(
      `"${name}" is no name of a connector`,
      'Give the name of its package, which is installed here; nothing is loaded from a path or an address.',
    );
  }
  const candidates = name.startsWith('@') ? [name] : [name, `@plumbline/${name}`];
  const found = candidates.find((each) => existsSync(join(project, 'node_modules', each, 'package.json')));
  if (found === undefined) {
    throw badInput(
      `There is no connector "${name}" to connect`,
      `There are: ${Object.keys(own).join(', ')}; others by the name of their package, once it is installed in ${project}.`,
    );
  }
  assertMeant(found, project);
  return { connector: onlyConnector(found, await loaded(found, project)), package: found };
}

function assertMeant(name: string, project: string): void {
  const text = readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8');
  const parsed = manifestSchema.safeParse(parsedOrNull(text));
  const all = parsed.success ? { ...parsed.data.dependencies, ...parsed.data.peerDependencies } : {};
  if (Object.hasOwn(all, '@plumbline/connector')) return;
  throw badInput(
    `The package ${name} is no connector: it does not depend on @plumbline/connector`,
    'Give the name of a package that is one.',
  );
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function loaded(name: string, project: string): Promise<Exports> {
  try {
    const entry = createRequire(join(project, 'plumbline.config.ts')).resolve(name);
    return (await import(pathToFileURL(entry).href)) as Exports;
  } catch (error) {
    const says = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw badInput(`The package ${name} cannot be loaded: ${says}`, 'Install it anew, or ask who made it.', error);
  }
}

function onlyConnector(name: string, exports: Exports): Connector {
  const [connector, ...others] = Object.values(exports).filter(isConnector);
  if (connector && others.length === 0) return connector;
  throw badInput(
    connector ? `The package ${name} exports several connectors` : `The package ${name} exports no connector`,
    'A package exports one value made by `defineConnector`.',
  );
}

function isConnector(value: unknown): value is Connector {
  if (typeof value !== 'object' || value === null) return false;
  const { name, title, install, setup } = value as Partial<Record<keyof Connector, unknown>>;
  return typeof name === 'string' && typeof title === 'string' && typeof install === 'function' && setup !== undefined;
}

function badInput(message: string, remedy: string, cause?: unknown): HubError {
  return new HubError({ code: 'BAD_INPUT', message: `${message.replace(/\.$/, '')}.`, remedy }, { cause });
}
