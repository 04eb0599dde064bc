import { sql } from 'kysely';
import { InputError, NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import { unnest } from '../kernel/unnest.ts';
import { readView, type ViewRow } from './opportunity-view.store.ts';
import { readerOf } from './reader.ts';

export interface WithdrawalRow {
  view_id: string;
  reason: string | null;
  recorded_at: string;
  actor: string;
}

export interface Withdrawal extends Pick<Deciding, 'idempotencyKey'> {
  viewId: string;
  reason: string | null;
}

const ACTION = 'WITHDRAW_FROM_CLIENT';

/** Shows a view to the client no more; the same again where that was done. Throws InputError, NotFoundError and RefusedError. */
export function withdrawView(context: Context, { viewId, reason, idempotencyKey }: Withdrawal): Promise<ViewRow> {
  const { actor, clock, database, own } = context;
  return database.transaction(async (rows) => {
    await own.lock(rows);
    const before = await wasDecided(rows, { idempotencyKey, subjectId: viewId, action: ACTION });
    if (before && before.actor !== actor)
      throw new InputError('idempotencyKey', 'The key was used by somebody else.', 'Use a key of your own.');
    const view = await readView(rows, viewId, readerOf(context));
    if (!view) throw new NotFoundError('There is no such view.', 'Use an `id` that `views` returned.');
    if (view.audience !== 'CLIENT')
      throw new RefusedError({
        guard: 'audience',
        message: `The view is for ${view.audience}: it was never shown to the client.`,
        remedy: 'Check in again where it is wrong; the later view stands beside it.',
      });
    const [done] = await readWithdrawals(rows, [viewId]);
    if (done) return view;
    const now = clock.now().toString();
    await sql`
      insert into view_withdrawal (view_id, reason, recorded_at, actor)
      values (${viewId}::uuid, ${reason}, ${now}::timestamptz, ${actor})`.execute(rows);
    await recordDecision(rows, {
      subject_kind: 'opportunityView',
      subject_id: viewId,
      version: (await versionOf(rows, viewId)) + 1,
      action: ACTION,
      from_state: null,
      to_state: null,
      actor,
      at: now,
      details: {},
      idempotencyKey,
    });
    return view;
  });
}

/** That these views were withdrawn; null for each that was not. */
export async function readWithdrawals(rows: Rows, viewIds: readonly string[]): Promise<(WithdrawalRow | null)[]> {
  const asked = unnest('asked', viewIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<WithdrawalRow>`
    select view_withdrawal.* from ${asked} join view_withdrawal on view_id = asked.id`.execute(rows);
  const byView = new Map(found.map((row) => [row.view_id, row]));
  return viewIds.map((id) => byView.get(id) ?? null);
}
