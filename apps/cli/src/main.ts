#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createConsole } from './console.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { report } from './failure.ts';
import { listenForInterruption } from './interruption.ts';
import { createProgram, type Run } from './program.ts';

// Reading some thousand modules is most of a start: the next one finds them compiled, where nobody else can write.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/compile', import.meta.url)));

// Secrets come by the environment, and a report of a crash is sent to others.
if (process.report) process.report.excludeEnv = true;

const streams = { out: process.stdout, err: process.stderr };

/** Runs one command from the outside in: environment, log, signals; every error ends here as one sentence. */
const run: Run = async ({ flags, runsOn }, act) => {
  const console = createConsole(streams, { json: flags.json ?? false });
  const interruption = listenForInterruption({
    now: () => performance.now(),
    onFirst: () => console.warn('Stopping; once more stops at once.'),
    exit: (code) => process.exit(code),
  });
  try {
    const environment = readEnvironment(process.env);
    const { createLog } = await import('./log.ts');
    const logger = createLog({
      level: flags.verbose ? 'debug' : (environment.LOG_LEVEL ?? (runsOn ? 'warn' : 'fatal')),
      json: console.json,
      to: streams.err,
      secrets: secretsOf(environment),
    });
    await act({ console, environment, logger, interruption, folder: process.cwd() });
  } catch (error) {
    process.exitCode = report(error, console, { verbose: flags.verbose ?? false });
  } finally {
    interruption.release();
  }
};

function secretsOf(environment: Environment): string[] {
  const { DATABASE_URL, PLUMBLINE_SECRET_KEY } = environment;
  const database = DATABASE_URL ? new URL(DATABASE_URL) : null;
  return [
    ...environment.PLUMBLINE_API_KEY.map(({ key }) => key),
    decodeURIComponent(database?.password ?? ''),
    database?.searchParams.get('password') ?? '',
    PLUMBLINE_SECRET_KEY ?? '',
  ].filter((secret) => secret !== '');
}

// Commands load their libraries when they run; those then leave out what only helps people who develop them.
process.env['NODE_ENV'] ??= 'production';
await createProgram(run).parseAsync();
// Everything is closed by now. What is not, because opening it failed half-way, must not keep the process alive.
for (const stream of [process.stdout, process.stderr]) await new Promise((resolve) => stream.write('', resolve));
process.exit();
