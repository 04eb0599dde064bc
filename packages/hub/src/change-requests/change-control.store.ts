import type { FieldValues, JsonValue, MoneyValue, UnifiedRecord } from '@plumbline/connector';
import { sql } from 'kysely';
import { NotFoundError, RefusedError } from '../kernel/api-error.ts';
import { afterBusinessTime } from '../kernel/business-time.ts';
import type { Rows } from '../kernel/database.ts';
import { checkVersion, recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import {
  isRefusal,
  ownMargin,
  takenOverAt,
  takeStep,
  type ChangeAction,
  type ChangeControlSettings,
  type ChangeRequestState,
  type ChangeSubject,
  type Step,
} from './change-control.rules.ts';
import type { ChangeControlPolicy } from './change-control.settings.ts';
import { discountOf } from '../money/discount.rules.ts';

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
  const before = await readSubject(rows, call, version > 0);
  const to = stepOf(call.action, before, call.step, control.settings);
  await writeState(rows, control, { call, state: to, fields: call.learned ?? {} });
  await recordDecision(rows, {
    ...decisionOf(call, version + 1),
    from_state: before.state,
    to_state: to,
    details: detailsOf(call, before),
  });
  if (call.action === 'ASSESS') await openReview(rows, control, call, version + 2);
  else await closeReview(rows, call);
}

/** As soon as the impact is known in full, commercial review begins by itself, and its clock with it. */
async function openReview(rows: Rows, control: ChangeControl, call: ControlCall, version: number): Promise<void> {
  const subject = await readSubject(rows, call, true);
  const outcome = takeStep('OPEN_REVIEW', { subject, step: {}, settings: control.settings });
  if (isRefusal(outcome)) return;
  await writeState(rows, control, { call, state: outcome.to, fields: {} });
  const dueAt = afterBusinessTime(control.calendar, call.now, control.settings.reviewSeconds);
  await recordDecision(rows, {
    subject_kind: 'changeRequest',
    subject_id: call.changeRequestId,
    version,
    action: 'OPEN_REVIEW',
    from_state: subject.state,
    to_state: outcome.to,
    actor: 'plumbline',
    at: call.now,
    details: { dueAt },
  });
  await sql`
    insert into commercial_review (change_request_id, opened_at, due_at, closed_at, escalations)
    values (${call.changeRequestId}::uuid, ${call.now}::timestamptz, ${dueAt}::timestamptz, null, 0)
    on conflict (change_request_id) do update
      set opened_at = excluded.opened_at, due_at = excluded.due_at, closed_at = null, escalations = 0`.execute(rows);
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

function detailsOf({ action, step, learned }: ControlCall, before: ChangeSubject): Record<string, JsonValue> {
  const figures =
    action === 'QUOTE'
      ? {
          margin: ownMargin(before),
          discount: discountOf(before).figure.value,
          listPrice: before.listPrice,
          price: before.priceDelta,
          cost: before.costDelta,
          effortDelta: before.effortDelta,
          scheduleDeltaDays: before.scheduleDeltaDays,
        }
      : {};
  const brought = Object.entries({ ...step, ...learned, ...figures }).filter(
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

/** The request as the guards look at it; `controlled` says whether the hub has decided on it before. */
async function readSubject(
  rows: Rows,
  { changeRequestId, step }: Pick<ControlCall, 'changeRequestId' | 'step'>,
  controlled: boolean,
): Promise<ChangeSubject> {
  const { rows: found } = await sql<SubjectRow>`
    select request.state, request.requester_id, request.price_delta, request.price_delta_currency, request.cost_delta,
      request.cost_delta_currency, request.list_price, request.list_price_currency, request.effort_delta, request.schedule_delta_days, request.project_id, project.status,
      agreed.version, coalesce(agreed.contract_value_currency, project.currency) as currency, ordered.currency as order_currency,
      approver.id as approver_id, approver.name as approver_name, approver.email as approver_email, approver.role as approver_role
    from change_request as request
    left join project on project.id = request.project_id
    left join person as approver on approver.id = ${step.approverId ?? null}::uuid and approver.deleted_at is null
    left join lateral (
      select version, contract_value_currency from baseline where project_id = request.project_id order by version desc limit 1
    ) as agreed on true
    left join lateral (
      select change_order.currency from change_order_request join change_order on change_order.id = change_order_id
      where change_request_id = request.id and change_order.state not in ('DECLINED', 'VOID') order by change_order.id desc limit 1
    ) as ordered on true
    where request.id = ${changeRequestId}::uuid and request.deleted_at is null`.execute(rows);
  const [row] = found;
  if (!row)
    throw new NotFoundError('There is no such change request.', 'It may have been merged or deleted; list them again.');
  return {
    state: controlled ? (row.state ?? 'CAPTURED') : takenOverAt(row.state),
    requesterId: row.requester_id,
    priceDelta: moneyOf(row.price_delta, row.price_delta_currency),
    costDelta: moneyOf(row.cost_delta, row.cost_delta_currency),
    effortDelta: row.effort_delta === null ? null : Number(row.effort_delta),
    scheduleDeltaDays: row.schedule_delta_days === null ? null : Number(row.schedule_delta_days),
    project:
      row.project_id === null
        ? null
        : {
            status: row.status,
            baselineVersion: row.version === null ? null : Number(row.version),
            currency: row.currency,
          },
    order: row.order_currency === null ? null : { currency: row.order_currency },
    listPrice: moneyOf(row.list_price, row.list_price_currency),
    approver:
      row.approver_id === null ? null : { name: row.approver_name, email: row.approver_email, role: row.approver_role },
  };
}

interface SubjectRow {
  state: ChangeRequestState | null;
  requester_id: string | null;
  price_delta: string | null;
  price_delta_currency: string | null;
  cost_delta: string | null;
  cost_delta_currency: string | null;
  effort_delta: string | number | null;
  schedule_delta_days: string | number | null;
  project_id: string | null;
  status: string | null;
  version: string | number | null;
  currency: string | null;
  order_currency: string | null;
  list_price: string | null;
  list_price_currency: string | null;
  approver_id: string | null;
  approver_name: string | null;
  approver_email: string | null;
  approver_role: string | null;
}

function moneyOf(amount: string | null, currency: string | null): MoneyValue | null {
  return amount === null || currency === null ? null : { amount, currency };
}
