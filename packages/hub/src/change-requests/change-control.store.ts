import type { FieldValues, JsonValue, MoneyValue, UnifiedRecord } from '@plumbline/connector';
import { sql } from 'kysely';
import { RefusedError } from '../kernel/api-error.ts';
import { afterBusinessTime } from '../kernel/business-time.ts';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { checkVersion, recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import {
  isRefusal,
  ownMargin,
  takeStep,
  type ChangeAction,
  type ChangeControlSettings,
  type ChangeRequestState,
  type ChangeSubject,
  type Step,
} from './change-control.rules.ts';
import type { ChangeControlPolicy } from './change-control.settings.ts';
import { discountOf } from '../money/discount.rules.ts';
import { readSubject } from './change-subject.store.ts';

/** What change control needs of the hub. */
export interface ChangeControl extends ChangeControlPolicy {
  own: OwnRecords;
}

export interface ControlCall extends Deciding {
  changeRequestId: string;
  action: ChangeAction;
  step: Step;
  /** What the step learns about the request, for ASSESS. */
  learned?: FieldValues<'changeRequest'>;
  actor: string;
  now: string;
}

/**
 * Takes a step in the request's commercial life: one transaction with the decision, the state and the review's timer.
 * Throws RefusedError, ConflictError or NotFoundError, and then nothing is written.
 */
export async function controlChange(rows: Rows, control: ChangeControl, call: ControlCall): Promise<void> {
  await control.own.lock(rows);
  if (await wasDecided(rows, { ...call, subjectId: call.changeRequestId })) return;
  const version = await versionOf(rows, call.changeRequestId);
  checkVersion(version, call);
  const { approverId } = call.step;
  const before = await readSubject(rows, control, { ...call, approverId, controlled: version > 0 });
  const to = stepOf(call.action, before, call.step, control.settings);
  await writeState(rows, control, { call, state: to, fields: { ...settledBy(call.action, before), ...call.learned } });
  await recordDecision(rows, {
    ...decisionOf(call, version + 1),
    from_state: before.state,
    to_state: to,
    details: detailsOf(call, before),
  });
  if (call.action === 'ASSESS') await openReview(rows, control, call, version + 2);
  else await closeReview(rows, call);
}

/** What was offered, or said yes to, is the hub's word from then on: a source that says another price changes neither. */
function settledBy(
  action: ChangeAction,
  { priceDelta, costDelta, listPrice }: ChangeSubject,
): FieldValues<'changeRequest'> {
  if (action !== 'QUOTE' && action !== 'APPROVE') return {};
  return {
    ...(priceDelta ? { priceDelta } : {}),
    ...(costDelta ? { costDelta } : {}),
    ...(listPrice ? { listPrice } : {}),
  };
}

/**
 * As soon as the impact is known in full, commercial review begins by itself, and its clock with it. A review that goes on
 * keeps its clock: assessing again buys no time.
 */
async function openReview(rows: Rows, control: ChangeControl, call: ControlCall, version: number): Promise<void> {
  const subject = await readSubject(rows, control, { ...call, approverId: null, controlled: true });
  const outcome = takeStep('OPEN_REVIEW', { subject, step: {}, settings: control.settings });
  if (isRefusal(outcome)) return;
  await writeState(rows, control, { call, state: outcome.to, fields: {} });
  const standing = await openReviewOf(rows, call.changeRequestId);
  const dueAt = standing?.dueAt ?? afterBusinessTime(control.calendar, call.now, control.settings.reviewSeconds);
  await recordDecision(rows, {
    subject_kind: 'changeRequest',
    subject_id: call.changeRequestId,
    version,
    action: 'OPEN_REVIEW',
    from_state: subject.state,
    to_state: outcome.to,
    actor: 'plumbline',
    at: call.now,
    details: { dueAt, ...(standing ? { openedAt: standing.openedAt } : {}) },
  });
  if (standing) return;
  await sql`
    insert into commercial_review (change_request_id, opened_at, due_at, closed_at, escalations)
    values (${call.changeRequestId}::uuid, ${call.now}::timestamptz, ${dueAt}::timestamptz, null, 0)
    on conflict (change_request_id) do update
      set opened_at = excluded.opened_at, due_at = excluded.due_at, closed_at = null, escalations = 0`.execute(rows);
}

async function openReviewOf(
  rows: Rows,
  changeRequestId: string,
): Promise<{ openedAt: string; dueAt: string } | undefined> {
  const { rows: found } = await sql<{ opened_at: string; due_at: string }>`
    select opened_at, due_at from commercial_review
    where change_request_id = ${changeRequestId}::uuid and closed_at is null`.execute(rows);
  return found.map((row) => ({ openedAt: instantText(row.opened_at), dueAt: instantText(row.due_at) }))[0];
}

async function closeReview(rows: Rows, { changeRequestId, now }: ControlCall): Promise<void> {
  await sql`
    update commercial_review set closed_at = ${now}::timestamptz
    where change_request_id = ${changeRequestId}::uuid and closed_at is null`.execute(rows);
}

function stepOf(
  action: ChangeAction,
  subject: ChangeSubject,
  step: Step,
  settings: ChangeControlSettings,
): ChangeRequestState {
  const outcome = takeStep(action, { subject, step, settings });
  if (isRefusal(outcome)) throw new RefusedError(outcome);
  return outcome.to;
}

function decisionOf(call: ControlCall, version: number) {
  return {
    subject_kind: 'changeRequest',
    subject_id: call.changeRequestId,
    version,
    action: call.action,
    actor: call.actor,
    at: call.now,
    idempotencyKey: call.idempotencyKey,
  };
}

/** What is offered and what is agreed to, as it is on that day: sources may say otherwise on the next. */
function figuresOf(action: ChangeAction, before: ChangeSubject): Record<string, JsonValue | MoneyValue> {
  if (action !== 'QUOTE' && action !== 'APPROVE') return {};
  const { priceDelta: price, costDelta: cost, listPrice, effortDelta, scheduleDeltaDays } = before;
  const agreed = { price, cost, effortDelta, scheduleDeltaDays };
  if (action === 'APPROVE') return agreed;
  return { margin: ownMargin(before), discount: discountOf(before).figure.value, listPrice, ...agreed };
}

function detailsOf({ action, step, learned }: ControlCall, before: ChangeSubject): Record<string, JsonValue> {
  const brought = Object.entries({ ...step, ...learned, ...figuresOf(action, before) }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return Object.fromEntries(brought) as Record<string, JsonValue>;
}

/**
 * The hub's own word about the request. When the hub takes over from a source, what the source said so far goes along,
 * so that what was approved at the time stays so.
 */
async function writeState(
  rows: Rows,
  { own }: ChangeControl,
  of: { call: ControlCall; state: ChangeRequestState; fields: FieldValues<'changeRequest'> },
): Promise<void> {
  const { changeRequestId, now } = of.call;
  const standing = await own.of(rows, 'changeRequest', changeRequestId);
  const past =
    standing?.history ?? (await own.pastOf(rows, { kind: 'changeRequest', entityId: changeRequestId, field: 'state' }));
  const key =
    standing?.keys ?? [await own.keyOf(rows, 'changeRequest', changeRequestId)].filter((each) => each !== null);
  const record: UnifiedRecord<'changeRequest'> = {
    kind: 'changeRequest',
    id: standing?.id ?? changeRequestId,
    keys: key,
    fields: { ...standing?.fields, ...of.fields, state: of.state },
    history: [...past, { field: 'state', at: now, value: of.state }],
  };
  await own.write(rows, record, now);
}
