import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { ConflictError, InputError } from './api-error.ts';
import type { Rows } from './database.ts';
import { readKey } from './idempotency-key.ts';

export interface DecisionRow {
  id: string;
  subject_kind: string;
  subject_id: string;
  version: number;
  action: string;
  from_state: string | null;
  to_state: string | null;
  actor: string;
  at: string;
  details: Record<string, JsonValue>;
  idempotency_key: string | null;
  asked: string | null;
}

/** What every mutation that decides something takes beside its own arguments. */
export interface Deciding {
  expectedVersion?: number | null | undefined;
  /** The caller's key, bound to what is asked under it. */
  idempotencyKey?: string | null | undefined;
}

/** How many decisions were made on a subject. */
export async function versionOf(rows: Rows, subjectId: string): Promise<number> {
  const { rows: found } = await sql<{ version: string | number | null }>`
    select max(version) as version from decision where subject_id = ${subjectId}::uuid`.execute(rows);
  return Number(found[0]?.version ?? 0);
}

/** Whether this very call was made before; throws InputError when its key belongs to another, or to one that asked for something else. */
export async function wasDecided(
  rows: Rows,
  call: Deciding & { subjectId: string | null; action: string },
): Promise<DecisionRow | null> {
  if (!call.idempotencyKey) return null;
  const { key, asked } = readKey(call.idempotencyKey);
  const { rows: found } = await sql<DecisionRow>`
    select * from decision where idempotency_key = ${key}`.execute(rows);
  const [before] = found;
  if (!before) return null;
  if (before.action !== call.action || (call.subjectId !== null && before.subject_id !== call.subjectId))
    throw keyUsed(key, `${before.action} of another request`);
  if (asked !== null && before.asked !== null && asked !== before.asked)
    throw keyUsed(key, `${before.action} with another content`);
  return before;
}

function keyUsed(key: string, what: string): InputError {
  return new InputError(
    'idempotencyKey',
    `The key "${key}" was used for ${what}.`,
    'Use a new key for every call that means something new.',
  );
}

/** Throws ConflictError when the caller looked at an older state. */
export function checkVersion(version: number, { expectedVersion }: Deciding): void {
  if (expectedVersion === null || expectedVersion === undefined || expectedVersion === version) return;
  throw new ConflictError(
    version,
    `It has version ${version}, not ${expectedVersion}: somebody decided meanwhile.`,
    'Read it again, and decide on what it is now.',
  );
}

export async function recordDecision(
  rows: Rows,
  decision: Omit<DecisionRow, 'id' | 'idempotency_key' | 'asked'> & Pick<Deciding, 'idempotencyKey'>,
): Promise<void> {
  const used = decision.idempotencyKey ? readKey(decision.idempotencyKey) : null;
  await sql`
    insert into decision (id, subject_kind, subject_id, version, action, from_state, to_state, actor, at, details, idempotency_key, asked)
    values (${randomUUIDv7()}::uuid, ${decision.subject_kind}, ${decision.subject_id}::uuid, ${decision.version}, ${decision.action},
      ${decision.from_state}, ${decision.to_state}, ${decision.actor}, ${decision.at}::timestamptz,
      ${JSON.stringify(decision.details)}::jsonb, ${used?.key ?? null}, ${used?.asked ?? null})`.execute(rows);
}
