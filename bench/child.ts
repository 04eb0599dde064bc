import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Child {
  readonly pid: number;
  /** Its next line on standard output; throws when it ends instead. */
  line(): Promise<string>;
  stop(): Promise<void>;
}

/** Runs one of our programs in a process of its own, with `input` on its standard input, under Node’s own `flags`. */
export function startChild(
  file: string,
  arguments_: readonly string[],
  { input = '', flags = [] }: { input?: string; flags?: readonly string[] } = {},
): Child {
  const child = spawn(process.execPath, [...flags, file, ...arguments_], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production' },
  });
  child.stdin.end(input);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${file} ${arguments_[0] ?? ''} ended before it said anything.`);
      return value;
    },
    async stop() {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(force);
    },
  };
}
