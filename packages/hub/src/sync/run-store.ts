import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
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
    insert into sync_run (id, source_id, stream, task, status, started_at, counts, warnings)
    values (${run.id}::uuid, ${run.sourceId}, ${run.stream}, ${run.task}, 'RUNNING', ${run.now}::timestamptz, ${JSON.stringify(run.counts)}::jsonb, '[]'::jsonb)`.execute(
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
  },
): Promise<void> {
  await sql`
    update sync_run set status = ${run.status}, ended_at = ${run.endedAt}::timestamptz, counts = ${JSON.stringify(run.counts)}::jsonb,
      warnings = ${JSON.stringify(run.warnings)}::jsonb, error = ${run.error}
    where id = ${run.id}::uuid`.execute(rows);
}

/** Runs of these sources that a process left behind when it died. */
export async function closeAbandonedRuns(rows: Rows, of: { sourceId: string; now: string }): Promise<void> {
  await sql`
    update sync_run set status = 'INTERRUPTED', ended_at = ${of.now}::timestamptz, error = 'The process ended before the run did; the next run goes on from the saved cursor.'
    where status = 'RUNNING' and source_id = ${of.sourceId}`.execute(rows);
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
      where source_id = ${of.sourceId} and stream = asked.stream and task = 'POLL' and status in ('SUCCEEDED', 'PARTIAL')
      order by started_at desc limit 1
    ) as latest`.execute(rows);
  return new Map(found.map((row) => [row.stream, Temporal.Instant.from(row.ended_at)]));
}

/** Removes runs that began before `until`, but for the first and the latest complete one of each stream. */
export async function forgetOldRuns(rows: Rows, until: string): Promise<void> {
  const complete = sql`select distinct on (source_id, stream) id from sync_run where task = 'POLL' and status in ('SUCCEEDED', 'PARTIAL')`;
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
