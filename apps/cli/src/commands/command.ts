import type { Logger } from '@plumbline/connector';
import { resolve } from 'node:path';
import type { Console } from '../console.ts';
import type { Environment } from '../environment.ts';
import type { Interruption } from '../interruption.ts';
import type { InstallOptions } from '../setup/installation.ts';
import type { SandboxWishes } from '../setup/sandbox-file.ts';

/** What every command gets beside its own options. */
export interface CommandContext {
  readonly console: Console;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly interruption: Interruption;
  /** The folder the command was given in. */
  readonly folder: string;
}

/** Options of every command. */
export interface CommonFlags extends SandboxWishes {
  data: string;
  config?: string;
  json?: boolean;
  verbose?: boolean;
}

export function installOptions(context: CommandContext, flags: CommonFlags): InstallOptions {
  const { environment, logger, folder } = context;
  return {
    data: flags.data,
    config: flags.config === undefined ? undefined : resolve(folder, flags.config),
    wishes: {
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
      ...(flags.size === undefined ? {} : { size: flags.size }),
    },
    environment,
    logger,
    folder,
  };
}
