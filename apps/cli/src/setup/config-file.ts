import { HubError, type Connector } from '@plumbline/connector';
import type { PlumblineConfig, SourceOptions } from '@plumbline/hub';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const usualName = 'plumbline.config.ts';

const section = z.record(z.string(), z.unknown()).optional();

/** Every member there is, so that a misspelt one is named instead of left out; the hub checks what is in them. */
const schema = z.strictObject({
  sources: z.array(
    z.strictObject({
      id: z.string(),
      connector: z.custom<Connector>(
        (value) =>
          typeof value === 'object' && value !== null && 'install' in value && typeof value.install === 'function',
        'wants a connector, such as `jira` from @plumbline/jira',
      ),
      config: z.unknown(),
      secrets: z.unknown(),
      keeperOf: z.unknown().optional(),
      realm: z.string().optional(),
      everyMinutes: z.number().positive().optional(),
    } satisfies Record<keyof SourceOptions, z.ZodType>),
  ),
  authority: section,
  changeControl: section,
  proposals: section,
  calendars: section,
  earnedValue: section,
  warnings: section,
  scope: z.strictObject({ commitmentField: z.string().min(1).optional() }).optional(),
  nature: section,
  statusMeetings: section,
  checkIns: section,
  reviews: section,
  webhooks: z.strictObject({ address: z.string() }).optional(),
  clientStatus: section,
  erasure: section,
} satisfies Record<keyof PlumblineConfig, z.ZodType>);

/** The file a person named, or the one of the usual name in the folder; null when there is none. */
export function findConfig(named: string | undefined, folder: string): string | null {
  const path = resolve(folder, named ?? usualName);
  if (existsSync(path)) return path;
  if (named === undefined) return null;
  throw new HubError({
    code: 'BAD_CONFIG',
    message: `There is no configuration ${path}.`,
    remedy: 'Check the path given with --config.',
  });
}

/** Runs the configuration and checks its shape; the connectors check what is theirs. Throws HubError BAD_CONFIG. */
export async function loadConfig(path: string): Promise<PlumblineConfig> {
  let exported: unknown;
  try {
    exported = ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw badConfig(
      `${path} cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      error,
    );
  }
  const parsed = schema.safeParse(exported);
  if (parsed.success) return exported as PlumblineConfig;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the default export'}: ${issue.message}`);
  throw badConfig(`${path} is not valid: ${wrong.join('; ')}`, parsed.error);
}

function badConfig(message: string, cause: unknown): HubError {
  return new HubError(
    {
      code: 'BAD_CONFIG',
      message: `${message.replace(/\.$/, '')}.`,
      remedy: 'Correct it; plumbline.config.example.ts shows every option.',
    },
    { cause },
  );
}
