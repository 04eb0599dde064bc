import { describeIssues, HubError } from '@plumbline/connector';
import { z } from 'zod';
import { namedKeys } from './api-keys.ts';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

function isDecodable(address: string): boolean {
  try {
    return decodeURIComponent(address) !== '';
  } catch {
    return false;
  }
}

const schema = z.object({
  /** A PostgreSQL server; the embedded database in the data folder when absent. */
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'wants an address such as postgres://user@host:5432/plumbline' })
    .refine(isDecodable, 'has a percent sign that stands for nothing; one in a password is written %25')
    .optional(),
  /** Bearer tokens that may ask the API, each `KEY` or `NAME=KEY`, separated by commas. */
  PLUMBLINE_API_KEY: list.pipe(namedKeys).default([]),
  /** Names the server is called by, beside loopback ones, separated by commas. */
  PLUMBLINE_ALLOWED_HOSTS: list.default([]),
  /** Opens the stored secrets: 32 bytes in base64. */
  PLUMBLINE_SECRET_KEY: z.string().optional(),
  /** Where that key is kept when the variable above is not set. */
  PLUMBLINE_SECRET_KEY_FILE: z.string().optional(),
  XDG_CONFIG_HOME: z.string().optional(),
  LOG_LEVEL: z.enum(logLevels).optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  HOST: z.string().min(1).optional(),
  NO_COLOR: z.string().optional(),
});

/** What the process was told by its environment, checked. */
export type Environment = z.output<typeof schema>;

/** Throws HubError BAD_CONFIG that names every variable that is wrong; their values are not repeated. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  throw new HubError({
    code: 'BAD_CONFIG',
    message: `The environment is not valid: ${describeIssues(parsed.error)}.`,
    remedy: 'Correct these variables, or unset them.',
  });
}
