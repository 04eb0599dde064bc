import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { silentLogger } from '@plumbline/connector';
import { openHub } from '../src/hub.ts';
import type { DatabaseTarget } from '../src/kernel/database.ts';

export interface TestDatabase {
  target: DatabaseTarget;
  drop(): Promise<void>;
}

/**
 * A database without data: on the server that PLUMBLINE_TEST_DATABASE_URL names, else embedded, in memory or in a folder
 * for what has to outlive a hub. It is a copy of one that was migrated once for the whole run of the suite, which takes a
 * fraction of the time of migrating each; without one, or when `bare`, there is nothing in it.
 */
export async function emptyDatabase(options: { durable: boolean; bare?: boolean }): Promise<TestDatabase> {
  const server = process.env['PLUMBLINE_TEST_DATABASE_URL'];
  const migrated = options.bare ? undefined : process.env[MIGRATED];
  if (server) return onServer(server, migrated);
  const contents = migrated === undefined ? {} : { contents: await openAsBlob(migrated) };
  if (!options.durable) return { target: { engine: 'pglite', folder: null, ...contents }, drop: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-test-'));
  return {
    target: { engine: 'pglite', folder, ...contents },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Where the suite's migrated database is: its name on the server, or the file it was dumped to. */
const MIGRATED = 'PLUMBLINE_TEST_MIGRATED';

/** Makes it before the suite, and removes it behind it. */
export async function setup(): Promise<() => Promise<void>> {
  const made = await emptyDatabase({ durable: false, bare: true });
  const hub = await openHub({ database: made.target, sources: [], logger: silentLogger });
  if (made.target.engine === 'postgresql') {
    await hub.close();
    process.env[MIGRATED] = new URL(made.target.url).pathname.slice(1);
    return made.drop;
  }
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-migrated-'));
  const file = join(folder, 'database.tar');
  // What nobody connects to would be unpacked for every test: a third of it all.
  for (const statement of [
    "update pg_database set datistemplate = false where datname like 'template%'",
    'drop database template0',
    'drop database template1',
    'checkpoint',
  ])
    await hub.database.pglite?.query(statement);
  const dump = await hub.database.pglite?.dumpDataDir('none');
  if (dump) await writeFile(file, dump.stream());
  await hub.close();
  process.env[MIGRATED] = file;
  return () => rm(folder, { recursive: true, force: true });
}

async function onServer(server: string, migrated: string | undefined): Promise<TestDatabase> {
  const name = `plumbline_test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}${migrated === undefined ? '' : ` template ${migrated}`}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    target: { engine: 'postgresql', url: url.href },
    drop: () => administer(server, `drop database if exists ${name} with (force)`),
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}
