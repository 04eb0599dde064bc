import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'apps/cli/src/main.ts');

/** One line of the program's JSON output. */
export type Event = { event: string } & Record<string, unknown>;

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The program as a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  /** Every line so far. */
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  /** The first line that fits, among those that came and those to come; rejects when the process ends before. */
  line(fits: (line: string) => boolean): Promise<string>;
  event(name: string): Promise<Event>;
  readonly ended: Promise<Ending>;
  kill(signal: NodeJS.Signals): void;
}

export interface RunOptions {
  /** The folder the command is given in. */
  folder: string;
  environment?: Record<string, string>;
  /** Called with every line as it comes. */
  onLine?(line: string): void;
}

export function run(arguments_: readonly string[], options: RunOptions): Running {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [main, ...arguments_], {
    cwd: options.folder,
    env: { ...defined({ PATH, HOME, TMPDIR }), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<{ fits(line: string): boolean; resolve(line: string): void; reject(error: Error): void }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    options.onLine?.(line);
    for (const each of waiting) if (each.fits(line)) each.resolve(line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code, signal) => {
      const why = `the process ended (${code ?? signal}) before that: ${errors.join(' | ')}`;
      for (const each of waiting) each.reject(new Error(why));
      resolve({ code, signal });
    });
  });
  const line: Running['line'] = async (fits) => {
    const come = lines.find(fits);
    if (come !== undefined) return come;
    if (child.exitCode !== null) throw new Error(`the process has ended (${child.exitCode}): ${errors.join(' | ')}`);
    return new Promise((resolve, reject) => waiting.add({ fits, resolve, reject }));
  };
  return {
    child,
    lines,
    errors,
    line,
    event: async (name) => JSON.parse(await line((each) => each.startsWith(`{"event":"${name}"`))) as Event,
    ended,
    kill: (signal) => child.kill(signal),
  };
}

/** Runs a command to its end. */
export async function finished(
  arguments_: readonly string[],
  options: RunOptions,
): Promise<Ending & { lines: readonly string[]; errors: readonly string[] }> {
  const running = run(arguments_, options);
  const ending = await running.ended;
  return { ...ending, lines: running.lines, errors: running.errors };
}

function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
