import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { InputError } from '../kernel/api-error.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { unnest } from '../kernel/unnest.ts';
import { readLatestViews, type Reader, type ViewRow } from '../check-ins/opportunity-view.store.ts';
import type { LeftOut } from '../reports/portfolio.rules.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import { createFreshness } from '../sources/source-freshness.store.ts';
import { readPackFigures, type PackFigure, type PackFigures, type ReviewQuestion } from './pack-figures.store.ts';
import type { ReviewLens, ReviewScope } from './review-scope.ts';
import {
  inputsHashOf,
  kept,
  metricVersionOf,
  type KeptFigure,
  type KeptState,
  type Watermark,
} from './snapshot.rules.ts';
import type { Subjects } from './subject.store.ts';

export interface SnapshotRow {
  id: string;
  scope_kind: ReviewScope['kind'];
  scope_id: string | null;
  team: string | null;
  lens: ReviewLens;
  currency: string;
  as_of: string;
  taken_at: string;
  taken_by: string;
  /** The day for which the schedule took it; null where somebody asked for it. */
  due_on: string | null;
  metric_version: string;
  inputs_hash: string;
  watermarks: Watermark[];
  figures: KeptFigure[];
  left_out: LeftOut[];
  narratives: ViewRow[];
}

/** Nobody in particular: what everybody here may read. */
const everybody: Reader = { actor: '', isLeadership: false };

/**
 * Takes a snapshot while nobody else writes, so that all of it is of one state. The same again for the same call. Throws
 * InputError.
 */
export function takeSnapshot(
  context: Context,
  question: ReviewQuestion,
  { idempotencyKey }: Pick<Deciding, 'idempotencyKey'>,
): Promise<SnapshotRow> {
  return context.database.transaction(async (rows) => {
    await context.own.lock(rows);
    const before = await wasDecided(rows, { idempotencyKey, subjectId: null, action: 'TAKE_SNAPSHOT' });
    if (before && before.actor !== context.actor)
      throw new InputError('idempotencyKey', 'The key was used by somebody else.', 'Use a key of your own.');
    const id = before?.subject_id ?? (await keepSnapshot({ ...context, rows }, question, { idempotencyKey }));
    const row = await readSnapshot(rows, id);
    if (!row) throw new Error('the snapshot is gone');
    return row;
  });
}

/**
 * Reads what the review shows and keeps it, as a decision of the actor. To be called inside a transaction, which `rows` of
 * the context are of, with the writers' lock held. Returns its id.
 */
export async function keepSnapshot(
  context: Context,
  question: ReviewQuestion,
  { idempotencyKey, dueOn = null }: Pick<Deciding, 'idempotencyKey'> & { dueOn?: string | null },
): Promise<string> {
  const { actor, clock, rows } = context;
  const pack = await readPackFigures({ ...context, freshnessOf: createFreshness(rows, context) }, question);
  const { scope, lens, currency } = question;
  const id = randomUUIDv7();
  const narratives = await readNarratives(standpointOf(context, question.asOf).rows, pack.subjects, everybody);
  const state = await readState(context, pack);
  const takenAt = clock.now().toString();
  await sql`
    insert into report_snapshot (id, scope_kind, scope_id, team, lens, currency, as_of, taken_at, taken_by, due_on, metric_version,
      inputs_hash, watermarks, figures, left_out, narratives)
    values (${id}::uuid, ${scope.kind}, ${scope.id}::uuid, ${scope.team}, ${lens}, ${currency}, ${state.asOf}::timestamptz,
      ${takenAt}::timestamptz, ${actor}, ${dueOn}::date, ${state.metricVersion}, ${state.inputsHash},
      ${JSON.stringify(state.watermarks)}::jsonb, ${JSON.stringify(state.figures)}::jsonb,
      ${JSON.stringify(state.leftOut)}::jsonb, ${JSON.stringify(narratives)}::jsonb)`.execute(rows);
  await recordDecision(rows, {
    subject_kind: 'reportSnapshot',
    subject_id: id,
    version: 1,
    action: 'TAKE_SNAPSHOT',
    from_state: null,
    to_state: null,
    actor,
    at: takenAt,
    details: dueOn === null ? {} : { dueOn },
    idempotencyKey,
  });
  return id;
}

/** What a snapshot keeps of the figures of a review. */
export async function readState({ rows, sources }: Context, pack: PackFigures): Promise<KeptState> {
  return {
    asOf: pack.now,
    metricVersion: metricVersionOf(pack.figures),
    inputsHash: inputsHashOf(pack),
    watermarks: await readWatermarks(rows, sources, pack.now),
    figures: await keptFigures(pack.figures),
    leftOut: pack.leftOut,
  };
}

/** One after the other, since they are read within a transaction. */
async function keptFigures(figures: readonly PackFigure[]): Promise<KeptFigure[]> {
  const all: KeptFigure[] = [];
  for (const { quality, ...figure } of figures) all.push(kept(figure, await quality()));
  return all;
}

/** The latest views of what a review goes through, deals first: what the reader may read of them. */
export async function readNarratives(
  rows: Rows,
  { opportunityIds, projectIds }: Pick<Subjects, 'opportunityIds' | 'projectIds'>,
  reader: Reader,
): Promise<ViewRow[]> {
  const latest = await readLatestViews(rows, [...opportunityIds, ...projectIds], reader);
  return latest.flatMap(({ views }) =>
    [views.SELLER, views.CLIENT, views.OPERATIONS].filter((view) => view !== undefined),
  );
}

async function readWatermarks(rows: Rows, sources: readonly InstalledSource[], until: string): Promise<Watermark[]> {
  const streams = sources.flatMap(({ id, connector }) => connector.streams.map(({ name }) => ({ id, name })));
  const asked = unnest('asked', streams, [
    { name: 'source_id', type: 'text', value: ({ id }) => id },
    { name: 'stream', type: 'text', value: ({ name }) => name },
  ]);
  const { rows: found } = await sql<Watermark>`
    select asked.source_id as source, asked.stream, (
      select to_char(max(started_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from sync_run
      where source_id = asked.source_id and stream = asked.stream and task = 'POLL'
        and status in ('SUCCEEDED', 'PARTIAL') and not unread and ended_at <= ${until}::timestamptz
    ) as "readAt" from ${asked} order by 1, 2`.execute(rows);
  return found;
}

/** Snapshots by their ids, in their order; null for each that there is not. */
export async function readSnapshotsById(rows: Rows, ids: readonly string[]): Promise<(SnapshotRow | null)[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<SnapshotRow>`
    select report_snapshot.* from ${asked} join report_snapshot on report_snapshot.id = asked.id`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** One snapshot; null where there is none. */
export async function readSnapshot(rows: Rows, id: string): Promise<SnapshotRow | null> {
  const [found] = await readSnapshotsById(rows, [id]);
  return found ?? null;
}

export interface SnapshotFilter {
  scope: ReviewScope;
  /** Only through this lens; any when null. */
  lens: ReviewLens | null;
  /** Only as of before this instant; any when null. */
  before: string | null;
  limit: number;
}

/** The snapshots of a scope, the latest first; those of what was merged into it included. */
export async function readSnapshots(
  rows: Rows,
  { scope, lens, before, limit }: SnapshotFilter,
): Promise<SnapshotRow[]> {
  const { rows: found } = await sql<SnapshotRow>`
    select * from report_snapshot
    where scope_kind = ${scope.kind} and team is not distinct from ${scope.team}::text
      and (scope_id is not distinct from ${scope.id}::uuid
        or scope_id in (select id from merged_entity where survivor_id = ${scope.id}::uuid))
      and (${lens}::text is null or lens = ${lens}::text)
      and (${before}::timestamptz is null or as_of < ${before}::timestamptz)
    order by as_of desc, taken_at desc, id desc limit ${limit}`.execute(rows);
  return found;
}
