import type { Clock } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import type { InstalledSource } from './installed-source.ts';

/** Keeps what the sources are called, so that what they said is told by name when they are gone. */
export async function rememberSources(rows: Rows, sources: readonly InstalledSource[], clock: Clock): Promise<void> {
  for (const { id, connector } of sources) {
    await sql`
      insert into source (id, connector, title, installed_at)
      values (${id}, ${connector.name}, ${connector.title}, ${clock.now().toString()}::timestamptz)
      on conflict (id) do update set connector = excluded.connector, title = excluded.title
      where (source.connector, source.title) is distinct from (excluded.connector, excluded.title)`.execute(rows);
  }
}
