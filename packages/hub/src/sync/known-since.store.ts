import type { KindName } from '@plumbline/connector';
import { sql } from 'kysely';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { InstalledSource } from '../sources/installed-source.ts';

/**
 * When every stream that fills one of these kinds had been read to its end once: from then on versions tell how each of
 * their entities was. Null as long as one of them has not been, and where there is none.
 */
export async function readKnownSince(
  rows: Rows,
  sources: readonly InstalledSource[],
  kinds: readonly KindName[],
): Promise<string | null> {
  const streams = sources.flatMap(({ id, connector }) =>
    connector.streams
      .filter((stream) => stream.kinds.some((kind) => kinds.includes(kind)))
      .map(({ name }) => ({ id, name })),
  );
  const asked = unnest('asked', streams, [
    { name: 'source_id', type: 'text', value: ({ id }) => id },
    { name: 'stream', type: 'text', value: ({ name }) => name },
  ]);
  const { rows: found } = await sql<{ at: string | null; whole: boolean | null }>`
    select max(first.at) as at, bool_and(first.at is not null) as whole from ${asked} cross join lateral (
      select min(ended_at) as at from sync_run
      where source_id = asked.source_id and stream = asked.stream and task = 'POLL' and status in ('SUCCEEDED', 'PARTIAL') and not unread
    ) as first`.execute(rows);
  const [row] = found;
  return row?.whole && row.at !== null ? instantText(row.at) : null;
}
