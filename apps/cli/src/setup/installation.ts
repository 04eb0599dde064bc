import { HubError, type Logger } from '@plumbline/connector';
import type { DatabaseTarget, Hub } from '@plumbline/hub';
import type { Sandbox } from '@plumbline/sandbox';
import { resolve } from 'node:path';
import type { Environment } from '../environment.ts';
import { findConfig, loadConfig } from './config-file.ts';
import { secretsOf, type SecretsPlace } from './secrets.ts';
import { hasSandbox, settleSandbox, writeSandbox, type SandboxFile, type SandboxWishes } from './sandbox-file.ts';

export interface InstallOptions {
  /** The data folder as it was given. */
  data: string;
  config: string | undefined;
  wishes: SandboxWishes;
  environment: Pick<Environment, 'DATABASE_URL'> & SecretsPlace['environment'];
  logger: Logger;
  /** The folder that relative paths start from. */
  folder: string;
}

/** A hub that is open, with the sources of a configuration or with the sandbox company. */
export interface Installation {
  readonly hub: Hub;
  /** Null with a configuration. */
  readonly sandbox: {
    readonly company: SandboxFile;
    readonly vendors: Sandbox;
    /** Keeps the token for the next start: the hub has but a hash of it. */
    keepClientToken(token: string): void;
  } | null;
  close(): Promise<void>;
}

/** Opens what this folder asks for: the configured sources, or without a configuration the sandbox. */
export async function openInstallation(options: InstallOptions): Promise<Installation> {
  const path = findConfig(options.config, options.folder);
  return path === null ? openSandbox(options) : openConfigured(options, path);
}

export function databaseOf(options: Pick<InstallOptions, 'data' | 'folder' | 'environment'>): DatabaseTarget {
  const url = options.environment.DATABASE_URL;
  return url ? { engine: 'postgresql', url } : { engine: 'pglite', folder: resolve(options.folder, options.data) };
}

async function openConfigured(options: InstallOptions, path: string): Promise<Installation> {
  const database = databaseOf(options);
  if (database.engine === 'pglite' && hasSandbox(resolve(options.folder, options.data))) {
    throw new HubError({
      code: 'BAD_CONFIG',
      message: `The data folder ${options.data} holds the sandbox company, which must not mix with the sources of ${path}.`,
      remedy: 'Choose another folder with --data, or remove that one.',
    });
  }
  // Loading the hub takes longest: it goes on while the configuration loads its connectors.
  const [config, { keepersOf, openHub, withSecrets }] = await Promise.all([loadConfig(path), import('@plumbline/hub')]);
  const store = await secretsOf(options);
  const sources = config.sources.map((source) => ({
    ...source,
    secrets: withSecrets(source.secrets, store),
    keeperOf: keepersOf(source.secrets, store),
  }));
  const hub = await openHub({ ...config, sources, database, logger: options.logger });
  return { hub, sandbox: null, close: () => hub.close() };
}

async function openSandbox(options: InstallOptions): Promise<Installation> {
  const folder = resolve(options.folder, options.data);
  const settled = settleSandbox(folder, options.wishes, Temporal.Now.plainDateISO().toString());
  const [vendors, { openHub }] = await Promise.all([startVendors(settled), import('@plumbline/hub')]);
  try {
    const hub = await openHub({
      sources: vendors.sources,
      clientStatus: { firm: 'Kestrel & Vale' },
      database: databaseOf(options),
      logger: options.logger,
    });
    if (settled.ports === null && (await holdsRecords(hub))) {
      await hub.close();
      throw holdsOtherData();
    }
    const company = { ...settled, ports: settled.ports ?? portsOf(vendors) };
    // Only now is the folder known to be ours. Ports that were taken this time are asked for again next time: another
    // address is another configuration, which everything stored would have to go through.
    if (settled.ports === null) writeSandbox(folder, company);
    return {
      hub,
      sandbox: {
        company,
        vendors,
        keepClientToken: (clientToken) => writeSandbox(folder, { ...company, clientToken }),
      },
      async close() {
        await hub.close();
        await vendors.close();
      },
    };
  } catch (error) {
    await vendors.close();
    throw error;
  }
}

/** Whether something was read into the database before. */
async function holdsRecords({ database }: Hub): Promise<boolean> {
  const found = await database.orm.em.getConnection().execute('select 1 from record limit 1');
  return found.length > 0;
}

/** An embedded database is in the folder that tells whose it is; a server knows nothing of folders. */
function holdsOtherData(): HubError {
  return new HubError({
    code: 'BAD_CONFIG',
    message:
      'The database that DATABASE_URL names holds data already, and there is no plumbline.config.ts here: the sandbox company must not mix with it.',
    remedy: 'Run the command where that file is, name it with --config, or unset DATABASE_URL to look at the sandbox.',
  });
}

async function startVendors({ seed, size, today, ports }: SandboxFile): Promise<Sandbox> {
  const { startSandbox } = await import('@plumbline/sandbox');
  try {
    return await startSandbox({ seed, size, today, ...(ports ? { ports } : {}) });
  } catch (error) {
    // Somebody else listens there by now: any other ports do as well.
    if (ports && error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      return startSandbox({ seed, size, today });
    throw error;
  }
}

function portsOf({ jira, hubspot, google }: Sandbox): NonNullable<SandboxFile['ports']> {
  const port = ({ url }: { url: string }): number => Number(new URL(url).port);
  return { jira: port(jira), hubspot: port(hubspot), google: port(google) };
}
