import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { InputError, NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { checkVersion, recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import { unnest } from '../kernel/unnest.ts';
import { commitmentActions } from './commitment-link.ts';
import { isAccepted, readCommitmentsOfWork } from './kept-commitment.store.ts';
import type { ProposalState } from './proposal.rules.ts';

export interface LinkCall extends Deciding {
  action: keyof typeof commitmentActions;
  commitmentId: string;
  workItemIds: readonly string[];
  /** The custom field of a work item that may name a commitment by its key. */
  commitmentField: string;
  actor: string;
  now: string;
}

const MOST_ITEMS = 100;

/**
 * Says that work keeps a commitment, or no longer does: the links and one decision on the commitment, in one transaction
 * that holds the writers' lock. An item that kept another commitment keeps this one from now on, which is a decision on
 * the other as well. Throws RefusedError, ConflictError, InputError or NotFoundError, and then nothing is written.
 */
export async function decideCommitmentLink(rows: Rows, call: LinkCall): Promise<void> {
  const action = commitmentActions[call.action];
  if (await wasDecided(rows, { ...call, subjectId: call.commitmentId, action })) return;
  const given = [...new Set(call.workItemIds)];
  if (given.length === 0 || given.length > MOST_ITEMS)
    throw new InputError(
      'workItems',
      `There are ${given.length}; 1 to ${MOST_ITEMS} are allowed.`,
      'Ask several times.',
    );
  const ids = await throughMerges(rows, given);
  const promise = await readPromise(rows, call.commitmentId);
  checkVersion(await versionOf(rows, call.commitmentId), call);
  const changed = call.action === 'link' ? await link(rows, { call, ids, promise }) : await unlink(rows, { call, ids });
  // A call that changed nothing is kept for its key: when it is sent again, it may no longer be so.
  if (changed.length === 0 && !call.idempotencyKey) return;
  const { commitmentId, idempotencyKey } = call;
  await decide(rows, call, { commitmentId, action, details: { workItems: changed }, idempotencyKey });
}

/** The ids of what they are now: an item that was merged into another one is that one. */
async function throughMerges(rows: Rows, ids: readonly string[]): Promise<string[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ id: string }>`
    select distinct coalesce(survivor_id, asked.id) as id from ${asked} left join merged_entity on merged_entity.id = asked.id`.execute(
    rows,
  );
  return found.map((row) => row.id);
}

async function decide(
  rows: Rows,
  { actor, now }: LinkCall,
  decided: {
    commitmentId: string;
    action: string;
    details: Record<string, JsonValue>;
    idempotencyKey?: Deciding['idempotencyKey'];
  },
): Promise<void> {
  const { commitmentId, ...others } = decided;
  await recordDecision(rows, {
    subject_kind: 'commitment',
    subject_id: commitmentId,
    version: (await versionOf(rows, commitmentId)) + 1,
    from_state: null,
    to_state: null,
    actor,
    at: now,
    ...others,
  });
}

interface Promised {
  state: ProposalState | null;
  accepted: boolean | null;
  project_id: string | null;
  deleted: boolean;
}

async function readPromise(rows: Rows, commitmentId: string): Promise<Promised> {
  const { rows: found } = await sql<Promised>`
    select proposal.state, ${isAccepted} as accepted, proposal.project_id, commitment.deleted_at is not null as deleted
    from commitment left join proposal on proposal.id = proposal_id where commitment.id = ${commitmentId}::uuid`.execute(
    rows,
  );
  if (!found[0]) throw noCommitment();
  return found[0];
}

function standingOf({ state }: Promised): string {
  return state === 'ACCEPTED' ? 'ACCEPTED by the word of its source alone' : (state ?? 'without a state');
}

function noCommitment(): NotFoundError {
  return new NotFoundError('There is no such commitment.', 'List the commitments of the proposal again.');
}

/** Returns the items that did not keep it before. */
async function link(
  rows: Rows,
  { call, ids, promise }: { call: LinkCall; ids: readonly string[]; promise: Promised },
): Promise<string[]> {
  // What was promised once can be taken back when its source deletes it, but not promised anew.
  if (promise.deleted) throw noCommitment();
  if (!promise.accepted)
    throw new RefusedError({
      guard: 'accepted',
      message: `Its proposal is ${standingOf(promise)}: nothing is promised yet.`,
      remedy: 'Link work to a commitment of a proposal that was accepted by `acceptProposal`.',
    });
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<{ id: string; key: string | null; project_id: string | null }>`
    select item.id, item.key, item.project_id from ${asked} join work_item as item on item.id = asked.id and item.deleted_at is null`.execute(
    rows,
  );
  if (found.length < ids.length)
    throw new NotFoundError('One of the work items does not exist.', 'List the work items of the project again.');
  const stray = found.find((item) => item.project_id !== promise.project_id);
  if (stray)
    throw new RefusedError({
      guard: 'project',
      message: `${stray.key ?? 'A work item'} belongs to another project than the commitment.`,
      remedy: 'Link work of the project that the proposal was accepted for.',
    });
  await takeFromOthers(rows, call, ids);
  const { rows: written } = await sql<{ work_item_id: string }>`
    insert into commitment_link (work_item_id, commitment_id, linked_by, linked_at)
    select asked.id, ${call.commitmentId}::uuid, ${call.actor}, ${call.now}::timestamptz from ${asked}
    on conflict (work_item_id) do nothing returning work_item_id`.execute(rows);
  return written.map((row) => row.work_item_id).toSorted();
}

/** Ends what the items kept so far, as a decision on each commitment that loses them. */
async function takeFromOthers(rows: Rows, call: LinkCall, ids: readonly string[]): Promise<void> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: taken } = await sql<{ work_item_id: string; commitment_id: string }>`
    delete from commitment_link using ${asked} where work_item_id = asked.id and commitment_id <> ${call.commitmentId}::uuid
    returning work_item_id, commitment_id`.execute(rows);
  for (const [commitmentId, links] of Map.groupBy(taken, (row) => row.commitment_id)) {
    const workItems = links.map((row) => row.work_item_id).toSorted();
    const details = { workItems, linkedTo: call.commitmentId };
    await decide(rows, call, { commitmentId, action: commitmentActions.unlink, details });
  }
}

/** Returns the items that kept it so far. */
async function unlink(rows: Rows, { call, ids }: { call: LinkCall; ids: readonly string[] }): Promise<string[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: gone } = await sql<{ work_item_id: string }>`
    delete from commitment_link using ${asked} where work_item_id = asked.id and commitment_id = ${call.commitmentId}::uuid
    returning work_item_id`.execute(rows);
  const kept = await readCommitmentsOfWork(rows, { workItemIds: ids, commitmentField: call.commitmentField });
  const still = kept.findIndex((id) => id === call.commitmentId);
  if (still >= 0)
    throw new RefusedError({
      guard: 'source',
      message: `${await keyOf(rows, ids[still])} names the commitment in its source.`,
      remedy: 'Change it there, or link it to another commitment.',
    });
  return gone.map((row) => row.work_item_id).toSorted();
}

async function keyOf(rows: Rows, id: string | undefined): Promise<string> {
  const { rows: found } = await sql<{ key: string | null }>`select key from work_item where id = ${id}::uuid`.execute(
    rows,
  );
  return found[0]?.key ?? 'A work item';
}
