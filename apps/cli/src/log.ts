import { redactor, type Logger } from '@plumbline/connector';
import { pino } from 'pino';
import type { Writable } from 'node:stream';
import type { LogLevel } from './environment.ts';

export interface LogOptions {
  level: LogLevel;
  /** One JSON object a line; else a line that people read. */
  json: boolean;
  to: Writable;
  /** Texts that must not appear, such as the database's password. */
  secrets: readonly string[];
}

/** The program's log, on standard error. */
export function createLog(options: LogOptions): Logger {
  const redact = redactor(options.secrets);
  const destination = {
    write(line: string) {
      options.to.write(redact(options.json ? line : forPeople(line)));
    },
  };
  return pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

const names: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warning', 50: 'error', 60: 'fatal' };

/** `12:04:05 warning: The vendor limits the rate. (source=jira stream=issues)` */
function forPeople(line: string): string {
  const { level, time, msg, stack, ...details } = JSON.parse(line) as Record<string, unknown>;
  const about = Object.entries(details).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const tail = about.length === 0 ? '' : ` (${about.join(' ')})`;
  const clock = String(time).slice(11, 19);
  return `${clock} ${names[Number(level)] ?? 'log'}: ${String(msg)}${tail}\n${typeof stack === 'string' ? `${stack}\n` : ''}`;
}
