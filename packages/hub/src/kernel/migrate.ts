import { HubError } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Told apart from every other lock of the program. */
const MIGRATION_LOCK = 7_236_029;

/**
 * Brings the schema up to date and says which migrations ran; processes that start together wait for each other.
 * Refuses a database that a newer program has written.
 */
export async function migrate(database: Database): Promise<string[]> {
  if (database.pglite) return migrateAlone(database);
  return database.transaction(async (rows) => {
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(rows);
    return migrateAlone(database);
  });
}

async function migrateAlone(database: Database): Promise<string[]> {
  const migrator = (database.orm as unknown as { migrator: Migrator }).migrator;
  const known = new Set(migrator.options?.migrationsList?.map((migration) => migration.name) ?? []);
  const executed = await executedMigrations(database);
  const unknown = executed.filter((name) => !known.has(name));
  if (known.size > 0 && unknown.length > 0) {
    throw new HubError({
      code: 'UNAVAILABLE',
      message: `The database was written by a newer Plumbline (it has the migration ${unknown.join(', ')}).`,
      remedy: 'Start the newer program, or point this one at another database or data folder.',
    });
  }
  if (executed.length === known.size) return [];
  return (await migrator.up()).map((migration) => migration.name);
}

interface Migrator {
  options?: { migrationsList?: { name: string }[] };
  up(): Promise<{ name: string }[]>;
}

async function executedMigrations(database: Database): Promise<string[]> {
  const { rows: tables } = await sql<{ found: boolean }>`select to_regclass('migration') is not null as found`.execute(
    database.rows,
  );
  if (!tables[0]?.found) return [];
  const { rows } = await sql<{ name: string }>`select name from migration order by id`.execute(database.rows);
  return rows.map((row) => row.name);
}
