import type { Writable } from 'node:stream';

/** Where a command's output goes. Results stand on `out`, everything said about them on `err`. */
export interface Console {
  /** One line of output for people, or with `--json` nothing. */
  say(line: string): void;
  /** One JSON value on a line of its own, with `--json`; else nothing. */
  emit(value: unknown): void;
  /** A line of output for people and machines alike: the result of the command. */
  print(text: string): void;
  /** A line beside the output. */
  warn(line: string): void;
  readonly json: boolean;
  /** Whether a person watches: lines may be drawn again. */
  readonly interactive: boolean;
}

export interface Streams {
  out: Writable & { isTTY?: boolean };
  err: Writable & { isTTY?: boolean };
}

export function createConsole(streams: Streams, options: { json: boolean }): Console {
  const { out, err } = streams;
  const { json } = options;
  return {
    json,
    interactive: !json && out.isTTY === true,
    say(line) {
      if (!json) out.write(`${line}\n`);
    },
    emit(value) {
      if (json) out.write(`${JSON.stringify(value)}\n`);
    },
    print(text) {
      out.write(`${text}\n`);
    },
    warn(line) {
      err.write(`${line}\n`);
    },
  };
}
