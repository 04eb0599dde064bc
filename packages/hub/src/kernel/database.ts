import { PGlite } from '@electric-sql/pglite';
import { dataDir as emptyCluster } from '@electric-sql/pglite-prepopulatedfs';
import type { EntitySchema, MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { createPostgreSqlTypeParsers } from '@mikro-orm/sql';
import { HubError } from '@plumbline/connector';
import { sql, type Kysely, type Transaction } from 'kysely';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import array from 'postgres-array';
import { lockFolder, notWritable } from './folder-lock.ts';
import { ExclusivePGliteDialect } from './pglite-dialect.ts';
import { PreparingClient } from './preparing-client.ts';

/** Rows only: statements are written in SQL, results are named where they are used. */
export type Rows = Kysely<unknown>;

export type DatabaseTarget =
  | {
      engine: 'pglite';
      /** PostgreSQL inside this process, in a folder; in memory when the folder is null. */
      folder: string | null;
      /** What a new one begins with, as PGlite dumps it; an empty cluster when absent. */
      contents?: Blob;
    }
  | { engine: 'postgresql'; url: string; schema?: string };

export interface Database {
  readonly target: DatabaseTarget;
  readonly orm: MikroORM;
  /** Reads and writes. */
  readonly rows: Rows;
  /** For the API: read-only and at most 5 s a statement, where the server can tell them apart. */
  readonly reader: Rows;
  /** Present for PGlite: what else speaks to the same database inside this process. */
  readonly pglite: PGlite | null;
  /** Commits what `work` did, or nothing of it. */
  transaction<Result>(work: (rows: Rows) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface Wiring {
  entities: EntitySchema[];
  migrations: { name: string; class: new (...arguments_: never[]) => unknown }[];
}

/** Opens the database; does not migrate it. Throws HubError with what to do when it cannot be used. */
export async function openDatabase(target: DatabaseTarget, wiring: Wiring): Promise<Database> {
  return target.engine === 'pglite' ? openPGlite(target, wiring) : openPostgres(target, wiring);
}

async function openPGlite(target: Extract<DatabaseTarget, { engine: 'pglite' }>, wiring: Wiring): Promise<Database> {
  const release = target.folder === null ? () => undefined : prepareFolder(target.folder);
  let pglite: PGlite;
  try {
    pglite = await startPGlite(target);
  } catch (error) {
    release();
    throw new HubError(
      {
        code: 'UNAVAILABLE',
        message: `The database in ${target.folder} cannot be opened (${error instanceof Error ? error.message : String(error)}).`,
        remedy:
          'Restore a copy of the folder. Without one, move it away and start again: the sources are read anew, but what was decided in Plumbline is lost with it.',
      },
      { cause: error },
    );
  }
  const { MikroORM: PGliteORM } = await import('@mikro-orm/pglite');
  const orm = (await PGliteORM.init({
    ...common(wiring),
    dbName: 'plumbline',
    driverOptions: new ExclusivePGliteDialect(pglite),
  })) as unknown as MikroORM;
  await pglite.query("set timezone to 'UTC'");
  const rows = kyselyOf(orm);
  return {
    target,
    orm,
    rows,
    reader: rows,
    pglite,
    transaction: (work) => rows.transaction().execute((transaction: Transaction<unknown>) => work(transaction)),
    async close() {
      await orm.close();
      await pglite.close();
      release();
    },
  };
}

/**
 * An embedded cluster comes out of an archive, which takes a fraction of the time of making one. In a folder it is made
 * beside its place and moved there whole, so that a process that dies meanwhile leaves nothing half-made behind.
 */
async function startPGlite({ folder, contents }: Extract<DatabaseTarget, { engine: 'pglite' }>): Promise<PGlite> {
  const parsers = createPostgreSqlTypeParsers((text) => array.parse(text));
  if (folder === null) return PGlite.create({ loadDataDir: contents ?? (await emptyCluster()), parsers });
  const dataDir = join(folder, 'database');
  if (!existsSync(dataDir)) {
    const unfinished = join(folder, 'database.unfinished');
    rmSync(unfinished, { recursive: true, force: true });
    const made = await PGlite.create({ dataDir: unfinished, loadDataDir: contents ?? (await emptyCluster()) });
    await made.close();
    renameSync(unfinished, dataDir);
  }
  return PGlite.create({ dataDir, parsers });
}

async function openPostgres(
  target: Extract<DatabaseTarget, { engine: 'postgresql' }>,
  wiring: Wiring,
): Promise<Database> {
  const { MikroORM: PostgresORM } = await import('@mikro-orm/postgresql');
  const schema = target.schema ?? 'public';
  // jit=off: statements here are short. Before a table has statistics the planner believes otherwise, and compiling
  // one takes several times as long as running it.
  const open = async (options: string, client: typeof pg.Client) =>
    (await PostgresORM.init({
      ...common(wiring),
      clientUrl: target.url,
      driverOptions: {
        options: `-c timezone=UTC -c search_path=${schema} -c jit=off ${options}`,
        application_name: 'plumbline',
        Client: client,
      },
      pool: { min: 0, max: 10 },
    })) as unknown as MikroORM;
  const orm = await open('', pg.Client);
  try {
    await sql`create schema if not exists ${sql.ref(schema)}`.execute(kyselyOf(orm));
  } catch (error) {
    await orm.close(true);
    throw unreachable(target.url, error);
  }
  const readers = await open('-c statement_timeout=5000 -c default_transaction_read_only=on', PreparingClient);
  const rows = kyselyOf(orm);
  return {
    target,
    orm,
    rows,
    reader: kyselyOf(readers),
    pglite: null,
    transaction: (work) => rows.transaction().execute((transaction: Transaction<unknown>) => work(transaction)),
    async close() {
      await readers.close();
      await orm.close();
    },
  };
}

function common(wiring: Wiring) {
  return {
    entities: wiring.entities,
    extensions: [Migrator],
    migrations: {
      migrationsList: wiring.migrations as never,
      tableName: 'migration',
      allOrNothing: true,
      silent: true,
      snapshot: false,
    },
    discovery: { warnWhenNoEntities: false },
  };
}

function kyselyOf(orm: MikroORM): Rows {
  return (orm.em as unknown as { getKysely(): Rows }).getKysely();
}

function prepareFolder(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw notWritable(folder, error);
  }
  return lockFolder(folder);
}

function unreachable(url: string, cause: unknown): HubError {
  const { host, pathname } = new URL(url);
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new HubError(
    {
      code: 'UNAVAILABLE',
      message: `PostgreSQL at ${host}${pathname} cannot be used (${reason}).`,
      remedy: 'Check DATABASE_URL, that the server runs, and that this user may create tables there.',
    },
    { cause },
  );
}
