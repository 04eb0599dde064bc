import { HubError } from '@plumbline/connector';
import type { Console } from './console.ts';

/** Ends a command with an exit code after it has said itself what was wrong. */
export class Ended extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit code ${exitCode}`);
    this.name = 'Ended';
    this.exitCode = exitCode;
  }
}

/** Says in one sentence what went wrong and what to do, and gives the exit code. */
export function report(error: unknown, console: Console, options: { verbose: boolean }): number {
  if (error instanceof Ended) return error.exitCode;
  const { code, message, remedy } = describe(error);
  console.emit({ event: 'error', code, message, remedy });
  console.warn(`${message} ${remedy}`.trim());
  if (options.verbose && error instanceof Error) console.warn(stackOf(error));
  return 1;
}

function describe(error: unknown): { code: string; message: string; remedy: string } {
  if (error instanceof HubError) return { code: error.code, message: error.message, remedy: error.remedy };
  const said = error instanceof Error ? error.message : String(error);
  return {
    code: 'UNEXPECTED',
    message: `Something unexpected went wrong: ${said.split('\n')[0] ?? ''}`.replace(/[^.!?]$/, '$&.'),
    remedy: 'Run the command again with --verbose and report what it prints.',
  };
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
