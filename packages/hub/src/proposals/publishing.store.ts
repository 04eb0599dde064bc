import { createHash } from 'node:crypto';
import type { Rows } from '../kernel/database.ts';
import { checkVersion, recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';

export interface Publishing extends Deciding {
  actor: string;
  now: string;
}

/** Something of which versions are published. */
interface Published {
  kind: 'sowStandard' | 'sowTemplate';
  /** Empty where there is one of its kind. */
  name: string;
  /** The one that holds; 0 as long as none is published. */
  version: number;
}

/**
 * Whether a call is made for the first time; then it is a decision on what is published, also where it changes nothing:
 * its retry must not undo what somebody publishes in between. Throws ConflictError where the caller looked at an older
 * version, and InputError where its key belongs to another call. Wants a transaction that holds the writers' lock.
 */
export async function isToBePublished(
  rows: Rows,
  { kind, name, version }: Published,
  call: Publishing,
): Promise<boolean> {
  const subjectId = subjectIdOf(`${kind} ${name}`);
  const action = kind === 'sowStandard' ? 'PUBLISH_STANDARD' : 'PUBLISH_TEMPLATE';
  if (await wasDecided(rows, { ...call, subjectId, action })) return false;
  checkVersion(version, call);
  await recordDecision(rows, {
    subject_kind: kind,
    subject_id: subjectId,
    version: (await versionOf(rows, subjectId)) + 1,
    action,
    from_state: null,
    to_state: null,
    actor: call.actor,
    at: call.now,
    details: { name, before: version },
    idempotencyKey: call.idempotencyKey,
  });
  return true;
}

/** What is published has a name and no id, so decisions on it are found by one that is made of the name. */
function subjectIdOf(words: string): string {
  const hash = createHash('sha256').update(words).digest('hex');
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
