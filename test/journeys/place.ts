import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyDatabase, type TestDatabase } from '../../packages/hub/test/database.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../apps/sandbox/src/index.ts';

const root = join(import.meta.dirname, '../..');

/** A folder to give commands in, and the database they use: a server's when the tests have one, else embedded. */
export interface Place {
  readonly folder: string;
  readonly data: string;
  readonly environment: Record<string, string>;
  readonly database: TestDatabase['target'];
  remove(): Promise<void>;
}

export async function newPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-journey-'));
  const data = join(folder, 'data');
  const made = process.env['PLUMBLINE_TEST_DATABASE_URL'] ? await emptyDatabase({ durable: true }) : null;
  const database: TestDatabase['target'] = made?.target ?? { engine: 'pglite', folder: data };
  return {
    folder,
    data,
    database,
    environment: database.engine === 'postgresql' ? { DATABASE_URL: database.url } : {},
    async remove() {
      await made?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type SourceId = Sandbox['sources'][number]['id'];

export interface ConfigChanges {
  /** Only these sources. */
  only?: readonly SourceId[];
  config?: Partial<Record<SourceId, Record<string, unknown>>>;
  secrets?: Partial<Record<SourceId, Record<string, unknown>>>;
}

/** Vendors in this process: they outlive the program, whatever happens to it. */
export function startVendors(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({
    seed: 'journey',
    size: 'small',
    today: '2026-11-20',
    sheetsReadsPerMinute: 100_000,
    ...options,
  });
}

/** Nobody else lives on these quotas. */
const paces: Record<SourceId, Record<string, unknown>> = {
  hubspot: { limits: { requestsPerTenSeconds: 1_000, searchesPerSecond: 5 } },
  jira: { rateShare: 1 },
  'google-sheets': { requestsPerMinute: 50_000 },
};

/** A source of vendors that are all its own. */
export function unhurried(source: Sandbox['sources'][number]): Sandbox['sources'][number] {
  return { ...source, config: { ...(source.config as object), ...paces[source.id] } };
}

/** Writes a configuration for these vendors, as a person would; paces are off, since nobody else lives on the quotas. */
export async function writeConfig(folder: string, vendors: Sandbox, changes: ConfigChanges = {}): Promise<string> {
  const path = join(folder, 'plumbline.config.ts');
  const connectors = { hubspot: 'hubspot', jira: 'jira', 'google-sheets': 'googleSheets' } as const;
  const chosen = vendors.sources.filter(({ id }) => changes.only?.includes(id) ?? true);
  const sources = chosen.map(({ id, config, secrets }) => {
    const own = JSON.stringify({ ...(config as object), ...paces[id], ...changes.config?.[id] });
    const secret = JSON.stringify({ ...(secrets as object), ...changes.secrets?.[id] });
    return `{ id: '${id}', connector: ${connectors[id]}, config: ${own}, secrets: ${secret}, everyMinutes: 600 }`;
  });
  const imports = chosen.map(
    ({ id }) => `import { ${connectors[id]} } from '${join(root, 'plugins', id, 'src/index.ts')}';`,
  );
  await writeFile(path, `${imports.join('\n')}\nexport default { sources: [${sources.join(',\n')}] };\n`);
  return path;
}
