import type { Database } from '@plumbline/hub';
import { databaseOf } from '../setup/installation.ts';
import { installOptions, type CommandContext, type CommonFlags } from './command.ts';

/** Brings the database's schema up to date, and does nothing else. */
export async function migrate(context: CommandContext, flags: CommonFlags): Promise<void> {
  const { openHub } = await import('@plumbline/hub');
  const hub = await openHub({
    database: databaseOf(installOptions(context, flags)),
    sources: [],
    logger: context.logger,
  });
  try {
    const migrations = await appliedMigrations(hub.database);
    context.console.emit({ upToDate: true, migrations });
    context.console.say(`The database is up to date: ${migrations.join(', ')}.`);
  } finally {
    await hub.close();
  }
}

/** Names of the migrations this database has been through, oldest first. */
export async function appliedMigrations(database: Database): Promise<string[]> {
  const rows = (await database.orm.em.getConnection().execute('select name from migration order by id')) as {
    name: string;
  }[];
  return rows.map(({ name }) => name);
}
