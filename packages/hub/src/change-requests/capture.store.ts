import type { Key } from '@plumbline/connector';
import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { NotFoundError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';

export interface Capture extends Deciding {
  projectId: string;
  title: string;
  /** What was said, in their words. */
  said: string | null;
  /** Who asked, where they are known to the graph. */
  requesterId: string | null;
  /** How it came: call, meeting, mail, chat. */
  channel: string | null;
  actor: string;
  now: string;
}

/** Keeps what somebody asked for in passing, as a CAPTURED request. Returns its id; the same again for the same call. */
export async function captureChange(rows: Rows, own: OwnRecords, capture: Capture): Promise<string> {
  await own.lock(rows);
  const before = await wasDecided(rows, { ...capture, subjectId: null, action: 'CAPTURE' });
  if (before) return before.subject_id;
  const project = (await isThere(rows, capture.projectId)) ? await own.keyOf(rows, 'project', capture.projectId) : null;
  if (!project) throw new NotFoundError('There is no such project.', 'List the projects again.');
  const requester = capture.requesterId === null ? null : await own.keyOf(rows, 'person', capture.requesterId);
  if (capture.requesterId !== null && !requester)
    throw new NotFoundError('There is no such person.', 'Leave `requester` out, and say who it was in `said`.');
  const id = randomUUIDv7();
  const key: Key = `plumbline-change:${id}`;
  const entityId = await own.write(
    rows,
    {
      kind: 'changeRequest',
      id,
      keys: [key],
      fields: {
        title: capture.title,
        description: capture.said,
        origin: capture.channel,
        state: 'CAPTURED',
        submittedAt: capture.now,
        project,
        requester,
      },
      history: [{ field: 'state', at: capture.now, value: 'CAPTURED' }],
    },
    capture.now,
  );
  await recordDecision(rows, {
    subject_kind: 'changeRequest',
    subject_id: entityId,
    version: 1,
    action: 'CAPTURE',
    from_state: null,
    to_state: 'CAPTURED',
    actor: capture.actor,
    at: capture.now,
    details: { said: capture.said, channel: capture.channel },
    idempotencyKey: capture.idempotencyKey,
  });
  return entityId;
}

/** Whether the project has not been deleted meanwhile: its key outlives it. */
async function isThere(rows: Rows, projectId: string): Promise<boolean> {
  const { rows: found } = await sql`
    select 1 from project where id = ${projectId}::uuid and deleted_at is null`.execute(rows);
  return found.length > 0;
}
