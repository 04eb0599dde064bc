import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Row } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { StreamId } from './record-store.ts';
import type { RunCounts, RunStatus, RunTask } from './run.ts';

export interface SavedCursor {
  cursor: JsonValue;
  fetches: string;
  mapping: string;
}

export async function readCursor(rows: Rows, of: StreamId): Promise<SavedCursor | null> {
  const { rows: found } = await sql<SavedCursor>`
    select cursor, fetches, mapping from stream_cursor where source_id = ${of.sourceId} and stream = ${of.stream}`.execute(
    rows,
  );
  return found[0] ?? null;
}

export async function writeCursor(rows: Rows, of: StreamId, saved: SavedCursor): Promise<void> {
  await sql`
    insert into stream_cursor (source_id, stream, cursor, fetches, mapping)
    values (${of.sourceId}, ${of.stream}, ${JSON.stringify(saved.cursor)}::jsonb, ${saved.fetches}, ${saved.mapping})
    on conflict (source_id, stream) do update set cursor = excluded.cursor, fetches = excluded.fetches, mapping = excluded.mapping`.execute(
    rows,
  );
}

export async function startRun(
  rows: Rows,
  run: StreamId & { id: string; task: RunTask; now: string; counts: RunCounts },
): Promise<void> {
  await sql`
    insert into sync_run (id, source_id, stream, task, status, started_at, alive_at, counts, warnings)
    values (${run.id}::uuid, ${run.sourceId}, ${run.stream}, ${run.task}, 'RUNNING', ${run.now}::timestamptz, ${run.now}::timestamptz, ${JSON.stringify(run.counts)}::jsonb, '[]'::jsonb)`.execute(
    rows,
  );
}

export async function updateRun(
  rows: Rows,
  run: {
    id: string;
    status: RunStatus;
    endedAt: string | null;
    counts: RunCounts;
    warnings: readonly string[];
    error: string | null;
    /** Seconds. */
    lag: number | null;
    unread: boolean;
  },
): Promise<void> {
  await sql`
    update sync_run set status = ${run.status}, ended_at = ${run.endedAt}::timestamptz, counts = ${JSON.stringify(run.counts)}::jsonb,
      warnings = ${JSON.stringify(run.warnings)}::jsonb, error = ${run.error}, lag = ${run.lag}, unread = ${run.unread}
    where id = ${run.id}::uuid`.execute(rows);
}

/** Runs of a source that a process left behind when it died: those that have not been heard of since, or all where that is null. */
export async function closeAbandonedRuns(
  rows: Rows,
  of: { sourceId: string; now: string; unheardSince: string | null },
): Promise<void> {
  await sql`
    update sync_run set status = case when cancel_asked_by is null then 'INTERRUPTED' else 'CANCELLED' end, ended_at = ${of.now}::timestamptz, error = 'The process ended before the run did; the next run goes on from the saved cursor.'
    where status = 'RUNNING' and source_id = ${of.sourceId}
      and (${of.unheardSince}::timestamptz is null or coalesce(alive_at, started_at) < ${of.unheardSince}::timestamptz)`.execute(
    rows,
  );
}

/** Writes down that somebody wants a run to end; gives the run, or null when it is not going on. */
export async function askToCancel(rows: Rows, of: { id: string; by: string }): Promise<Row | null> {
  const { rows: found } = await sql<Row>`
    update sync_run set cancel_asked_by = coalesce(cancel_asked_by, ${of.by})
    where id = ${of.id}::uuid and status = 'RUNNING' returning *`.execute(rows);
  return found[0] ?? null;
}

/** Lets others see that a run is alive; gives who wants it to end, null while nobody does. */
export async function showAlive(rows: Rows, run: { id: string; now: string }): Promise<string | null> {
  const { rows: found } = await sql<{ by: string | null }>`
    update sync_run set alive_at = ${run.now}::timestamptz where id = ${run.id}::uuid returning cancel_asked_by as by`.execute(
    rows,
  );
  return found[0]?.by ?? null;
}

/** How a run stands; null when there is none of that id. */
export async function readRun(rows: Rows, id: string): Promise<Row | null> {
  const { rows: found } = await sql<Row>`select * from sync_run where id = ${id}::uuid`.execute(rows);
  return found[0] ?? null;
}

/** The latest runs of one source or of all, those that go on however long ago they began, and those named; the oldest first. */
export async function watchedRuns(
  rows: Rows,
  of: { sourceId: string | null; most: number; ids: readonly string[] },
): Promise<Row[]> {
  // A condition that may be absent is no use to an index.
  const [those, goingOn] =
    of.sourceId === null
      ? [sql``, sql`where status = 'RUNNING'`]
      : [sql`where source_id = ${of.sourceId}`, sql`where status = 'RUNNING' and source_id = ${of.sourceId}`];
  const named = unnest('named', of.ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Row>`
    select * from sync_run where id in (
      (select id from sync_run ${those} order by started_at desc, id desc limit ${of.most})
      union all select id from sync_run ${goingOn}
      union all select id from ${named}
    ) order by started_at, id`.execute(rows);
  return found;
}

/** When each of these streams was last read to its end. */
export async function lastCompletions(
  rows: Rows,
  of: { sourceId: string; streams: readonly string[] },
): Promise<Map<string, Temporal.Instant>> {
  const asked = unnest('asked', of.streams, [{ name: 'stream', type: 'text', value: (stream) => stream }]);
  const { rows: found } = await sql<{ stream: string; ended_at: string }>`
    select asked.stream, latest.ended_at::text as ended_at from ${asked} cross join lateral (
      select ended_at from sync_run
      where source_id = ${of.sourceId} and stream = asked.stream and task = 'POLL' and status in ('SUCCEEDED', 'PARTIAL') and not unread
      order by started_at desc limit 1
    ) as latest`.execute(rows);
  return new Map(found.map((row) => [row.stream, Temporal.Instant.from(row.ended_at)]));
}

/**
 * When the last census began that left nothing out of what it found to have changed; where there was none, the first reading
 * that came to the stream's end. Null before both.
 */
export async function lastWholeCensus(rows: Rows, of: StreamId): Promise<Temporal.Instant | null> {
  const complete = sql`select started_at from sync_run where source_id = ${of.sourceId} and stream = ${of.stream} and status in ('SUCCEEDED', 'PARTIAL')`;
  const { rows: found } = await sql<{ at: string | null }>`
    select coalesce(
      (${complete} and task = 'CENSUS' and counts->>'skipped' = '0' order by started_at desc limit 1),
      (${complete} and task = 'POLL' and not unread order by started_at limit 1)
    )::text as at`.execute(rows);
  const at = found[0]?.at ?? null;
  return at === null ? null : Temporal.Instant.from(at);
}

/** Removes runs that began before `until`, but for the first and the latest complete one of each stream. */
export async function forgetOldRuns(rows: Rows, until: string): Promise<void> {
  const complete = sql`select distinct on (source_id, stream) id from sync_run where task = 'POLL' and status in ('SUCCEEDED', 'PARTIAL') and not unread`;
  await sql`
    delete from sync_run where started_at < ${until}::timestamptz
      and id not in (${complete} order by source_id, stream, started_at)
      and id not in (${complete} order by source_id, stream, started_at desc)`.execute(rows);
}

/** When a poll of any stream of this source last began; null before the first. */
export async function lastPollAt(rows: Rows, sourceId: string): Promise<Temporal.Instant | null> {
  const { rows: found } = await sql<{ at: string | null }>`
    select max(started_at)::text as at from sync_run where source_id = ${sourceId} and task = 'POLL'`.execute(rows);
  const at = found[0]?.at ?? null;
  return at === null ? null : Temporal.Instant.from(at);
}
