import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { InputError, NotFoundError, RefusedError } from '../kernel/api-error.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import { unnest } from '../kernel/unnest.ts';
import { looksAt } from './review-scope.ts';
import { readSnapshot, type SnapshotRow } from './snapshot.store.ts';

export interface SendingRow {
  id: string;
  snapshot_id: string;
  sent_at: string;
  sent_to: string;
  recorded_at: string;
  actor: string;
}

export interface Sending extends Pick<Deciding, 'idempotencyKey'> {
  snapshotId: string;
  sentAt: string;
  sentTo: string;
}

const ACTION = 'REPORT_SENT';
const MOST_LETTERS = 500;

/** Keeps that a report was sent; the same again for the same call. Throws InputError, NotFoundError and RefusedError. */
export function recordSending(context: Context, sending: Sending): Promise<SnapshotRow> {
  const { actor, clock, database, own } = context;
  return database.transaction(async (rows) => {
    await own.lock(rows);
    const { snapshotId, sentAt, idempotencyKey } = sending;
    const before = await wasDecided(rows, { idempotencyKey, subjectId: snapshotId, action: ACTION });
    if (before && before.actor !== actor)
      throw new InputError('idempotencyKey', 'The key was used by somebody else.', 'Use a key of your own.');
    const snapshot = await readSnapshot(rows, snapshotId);
    if (!snapshot) throw new NotFoundError('There is no such snapshot.', 'Use an `id` that `snapshots` returned.');
    if (before) return snapshot;
    const now = clock.now().toString();
    const sentTo = checkedSending(snapshot, sending, now);
    await sql`
      insert into report_sending (id, snapshot_id, sent_at, sent_to, recorded_at, actor)
      values (${randomUUIDv7()}::uuid, ${snapshotId}::uuid, ${sentAt}::timestamptz, ${sentTo}, ${now}::timestamptz, ${actor})`.execute(
      rows,
    );
    await recordDecision(rows, {
      subject_kind: 'reportSnapshot',
      subject_id: snapshotId,
      version: (await versionOf(rows, snapshotId)) + 1,
      action: ACTION,
      from_state: null,
      to_state: null,
      actor,
      at: now,
      details: { sentAt },
      idempotencyKey,
    });
    return snapshot;
  });
}

function checkedSending(snapshot: SnapshotRow, { sentAt, sentTo }: Sending, now: string): string {
  if (snapshot.scope_kind !== 'CLIENT' || !looksAt(snapshot.lens, 'DELIVERY'))
    throw new RefusedError({
      guard: 'report',
      message: 'The snapshot is no report: it is not of a client, or does not look at delivery.',
      remedy: 'Take one with `scope: { client: … }` and `lens: DELIVERY`, and send that.',
    });
  const takenAt = instantText(snapshot.taken_at);
  if (Temporal.Instant.compare(sentAt, takenAt) < 0)
    throw new InputError(
      'sentAt',
      `The report was sent at ${sentAt}, before it was taken at ${takenAt}.`,
      'Say when it was sent, or name the snapshot that was.',
    );
  if (Temporal.Instant.compare(sentAt, now) > 0)
    throw new InputError('sentAt', `\`sentAt\` is ${sentAt}, which is still to come.`, 'Leave it out for now.');
  const trimmed = sentTo.trim();
  if (trimmed !== '' && trimmed.length <= MOST_LETTERS) return trimmed;
  throw new InputError(
    'to',
    trimmed === '' ? '`to` is blank.' : `\`to\` has ${trimmed.length} characters.`,
    `Say to whom it was sent and how, in at most ${MOST_LETTERS} characters.`,
  );
}

/** That each of these snapshots was sent, the first time first. */
export async function readSendings(rows: Rows, snapshotIds: readonly string[]): Promise<SendingRow[][]> {
  const asked = unnest('asked', snapshotIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<SendingRow>`
    select report_sending.* from ${asked} join report_sending on snapshot_id = asked.id
    order by sent_at, report_sending.id`.execute(rows);
  const bySnapshot = Map.groupBy(found, ({ snapshot_id: id }) => id);
  return snapshotIds.map((id) => bySnapshot.get(id) ?? []);
}
