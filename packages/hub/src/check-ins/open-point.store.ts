import type { FieldValues, Key, openPointStatuses, severities } from '@plumbline/connector';
import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { checkVersion, recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import { snakeCase } from '../kernel/names.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import {
  takeOpenPointStep,
  type OpenPointBrought,
  type OpenPointKind,
  type OpenPointStep,
} from './open-point.rules.ts';
import type { Subject } from './subject.ts';

/** An obstacle or a need as somebody raises it. */
export interface NewPoint {
  title: string;
  category: string | null;
  severity: (typeof severities)[number] | null;
  ownerId: string | null;
  due: string | null;
}

interface Raised extends Deciding {
  kind: OpenPointKind;
  subject: Subject;
  point: NewPoint;
  actor: string;
  now: string;
}

const raising: Readonly<Record<OpenPointKind, string>> = { obstacle: 'RAISE_OBSTACLE', closeNeed: 'RAISE_CLOSE_NEED' };

/** Raises an obstacle or a need. Returns its id; the same again for the same call. */
export async function raisePoint(rows: Rows, own: OwnRecords, input: Raised): Promise<string> {
  await own.lock(rows);
  const { kind, subject, point, actor, now, idempotencyKey } = input;
  const before = await wasDecided(rows, { idempotencyKey, subjectId: null, action: raising[kind] });
  if (before) return before.subject_id;
  const { ownerId, ...said } = point;
  const id = randomUUIDv7();
  const fields: FieldValues<OpenPointKind> = {
    ...said,
    status: 'OPEN',
    raisedAt: now,
    [subject.kind]: await keyOf(rows, own, subject),
    owner: ownerId === null ? null : await keyOf(rows, own, { kind: 'person', id: ownerId }),
  };
  const key: Key = kind === 'obstacle' ? `plumbline-obstacle:${id}` : `plumbline-close-need:${id}`;
  const history = [{ field: 'status', at: now, value: 'OPEN' }];
  const entityId = await own.write(rows, { kind, id, keys: [key], fields, history }, now);
  await recordDecision(rows, {
    subject_kind: kind,
    subject_id: entityId,
    version: 1,
    action: raising[kind],
    from_state: null,
    to_state: 'OPEN',
    actor,
    at: now,
    details: {},
    idempotencyKey,
  });
  return entityId;
}

export interface OpenPointCall extends Deciding {
  kind: OpenPointKind;
  id: string;
  step: OpenPointStep;
  brought: OpenPointBrought;
  actor: string;
  now: string;
}

/** Takes a step with an obstacle or a need. Throws RefusedError, ConflictError or NotFoundError, and then nothing is written. */
export async function movePoint(rows: Rows, own: OwnRecords, call: OpenPointCall): Promise<void> {
  await own.lock(rows);
  const { kind, id, step, brought, actor, now } = call;
  if (await wasDecided(rows, { ...call, subjectId: id, action: step })) return;
  const { rows: found } = await sql<{ status: (typeof openPointStatuses)[number] | null; owner_id: string | null }>`
    select status, owner_id from ${sql.table(snakeCase(kind))} where id = ${id}::uuid and deleted_at is null`.execute(
    rows,
  );
  const [standing] = found;
  if (!standing)
    throw new NotFoundError('There is nothing with this id.', 'It may have been deleted; list them again.');
  const version = await versionOf(rows, id);
  checkVersion(version, call);
  const from = standing.status ?? 'OPEN';
  const outcome = takeOpenPointStep(step, { subject: { status: from, ownerId: standing.owner_id }, brought });
  if ('guard' in outcome) throw new RefusedError(outcome);
  await writePoint(rows, own, {
    call,
    fields: {
      // As long as it is open, the status stays that of whoever keeps it.
      ...(outcome.to === 'OPEN' ? {} : { status: outcome.to, closedAt: now }),
      ...(brought.outcome?.trim() ? { outcome: brought.outcome } : {}),
      ...(brought.due ? { due: brought.due } : {}),
      ...(brought.ownerId ? { owner: await keyOf(rows, own, { kind: 'person', id: brought.ownerId }) } : {}),
    },
  });
  await recordDecision(rows, {
    subject_kind: kind,
    subject_id: id,
    version: version + 1,
    action: step,
    from_state: from,
    to_state: outcome.to,
    actor,
    at: now,
    details: brought.outcome?.trim() ? { outcome: brought.outcome } : {},
    idempotencyKey: call.idempotencyKey,
  });
}

/** The hub's own word about it; with the first status of ours, what its source said of it so far goes along. */
async function writePoint(
  rows: Rows,
  own: OwnRecords,
  { call: { kind, id, now }, fields }: { call: OpenPointCall; fields: FieldValues<OpenPointKind> },
): Promise<void> {
  const standing = await own.of(rows, kind, id);
  const keys = standing?.keys ?? [await own.keyOf(rows, kind, id)].filter((each) => each !== null);
  const told = standing?.history ?? [];
  const { status } = fields;
  const past = told.length > 0 ? told : await own.pastOf(rows, { kind, entityId: id, field: 'status' });
  const history = status ? [...past, { field: 'status', at: now, value: status }] : told;
  await own.write(
    rows,
    { kind, id: standing?.id ?? id, keys, fields: { ...standing?.fields, ...fields }, history },
    now,
  );
}

/** A key the entity is known by; throws NotFoundError where there is none. */
export async function keyOf(
  rows: Rows,
  own: OwnRecords,
  { kind, id }: { kind: 'opportunity' | 'project' | 'person'; id: string },
): Promise<Key> {
  const key = await own.keyOf(rows, kind, id);
  if (key) return key;
  throw new NotFoundError(`There is no such ${kind}.`, 'Use an `id` that a query returned.');
}
