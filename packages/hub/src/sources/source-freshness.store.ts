import type { Clock, KindName } from '@plumbline/connector';
import { sql } from 'kysely';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import type { Freshness } from '../kernel/freshness.ts';
import { unnest } from '../kernel/unnest.ts';
import type { InstalledSource } from './installed-source.ts';
import { freshnessOf, type StreamRead } from './source-freshness.rules.ts';

/** Every stream of these sources, and when it was last read to its end; one statement. */
export async function readStreamReads(rows: Rows, sources: readonly InstalledSource[]): Promise<StreamRead[]> {
  const streams = sources.flatMap((source) => source.connector.streams.map((stream) => ({ source, stream })));
  if (streams.length === 0) return [];
  const asked = unnest('asked', streams, [
    { name: 'source_id', type: 'text', value: ({ source }) => source.id },
    { name: 'stream', type: 'text', value: ({ stream }) => stream.name },
  ]);
  const { rows: found } = await sql<{ source_id: string; stream: string; at: string }>`
    select asked.source_id, asked.stream, run.started_at as at from ${asked} cross join lateral (
      select started_at from sync_run
      where source_id = asked.source_id and stream = asked.stream and task = 'POLL' and status in ('SUCCEEDED', 'PARTIAL') and not unread
      order by started_at desc limit 1
    ) as run`.execute(rows);
  const readAt = new Map(found.map((row) => [`${row.source_id} ${row.stream}`, instantText(row.at)]));
  return streams.map(({ source, stream }) => ({
    source: source.id,
    everyMinutes: stream.everyMinutes + source.everyMinutes,
    kinds: stream.kinds,
    readAt: readAt.get(`${source.id} ${stream.name}`) ?? null,
  }));
}

/** Tells how fresh what is read of some kinds is; the streams are read once, however often it is asked. */
export function createFreshness(
  rows: Rows,
  { sources, clock }: { sources: readonly InstalledSource[]; clock: Clock },
): (kinds: readonly KindName[]) => Promise<Freshness> {
  let reads: Promise<StreamRead[]> | undefined;
  return async (kinds) => freshnessOf(await (reads ??= readStreamReads(rows, sources)), kinds, clock.now().toString());
}
