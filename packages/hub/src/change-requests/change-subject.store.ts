import type { MoneyValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { NotFoundError } from '../kernel/api-error.ts';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { localDay } from '../kernel/local-day.ts';
import { takenOverAt, type ChangeRequestState, type ChangeSubject } from './change-control.rules.ts';
import type { ChangeControlPolicy } from './change-control.settings.ts';
import { lastDayToAccept } from './quote-validity.rules.ts';

interface Looking {
  changeRequestId: string;
  /** Person id of whom the step names as its approver. */
  approverId: string | null | undefined;
  /** Whether the hub has decided on it before; until then its source alone says where it stands. */
  controlled: boolean;
  now: string;
}

interface SubjectRow {
  state: ChangeRequestState | null;
  requester_id: string | null;
  price_delta: string | null;
  price_delta_currency: string | null;
  cost_delta: string | null;
  cost_delta_currency: string | null;
  list_price: string | null;
  list_price_currency: string | null;
  effort_delta: string | number | null;
  schedule_delta_days: string | number | null;
  project_id: string | null;
  status: string | null;
  zone: string | null;
  version: string | number | null;
  currency: string | null;
  order_currency: string | null;
  approver_id: string | null;
  approver_name: string | null;
  approver_email: string | null;
  approver_role: string | null;
  approver_status: string | null;
  quoted_at: string | null;
  quoted: { effortDelta?: number; scheduleDeltaDays?: number } | null;
}

/** The request as the guards look at it: as it was quoted, while a quote stands. Throws NotFoundError when it is gone. */
export async function readSubject(
  rows: Rows,
  { calendar, quoteValidDays }: ChangeControlPolicy,
  of: Looking,
): Promise<ChangeSubject> {
  const row = await readRow(rows, of);
  const { quoted } = row;
  const effort = quoted?.effortDelta ?? row.effort_delta;
  const days = quoted?.scheduleDeltaDays ?? row.schedule_delta_days;
  const zone = row.zone ?? calendar.zone;
  const quotedOn = row.quoted_at === null ? null : localDay(instantText(row.quoted_at), zone);
  return {
    state: of.controlled ? (row.state ?? 'CAPTURED') : takenOverAt(row.state),
    requesterId: row.requester_id,
    priceDelta: moneyOf(row.price_delta, row.price_delta_currency),
    costDelta: moneyOf(row.cost_delta, row.cost_delta_currency),
    listPrice: moneyOf(row.list_price, row.list_price_currency),
    effortDelta: effort === null ? null : Number(effort),
    scheduleDeltaDays: days === null ? null : Number(days),
    project: projectOf(row),
    order: row.order_currency === null ? null : { currency: row.order_currency },
    approver: approverOf(row),
    validUntil: quotedOn === null ? null : lastDayToAccept(quotedOn, quoteValidDays),
    today: localDay(of.now, zone),
  };
}

async function readRow(rows: Rows, { changeRequestId, approverId }: Looking): Promise<SubjectRow> {
  const { rows: found } = await sql<SubjectRow>`
    select request.state, request.requester_id, request.price_delta, request.price_delta_currency, request.cost_delta,
      request.cost_delta_currency, request.list_price, request.list_price_currency, request.effort_delta, request.schedule_delta_days,
      project.id as project_id, project.status, project.zone, agreed.version,
      coalesce(agreed.contract_value_currency, project.currency) as currency, ordered.currency as order_currency,
      approver.id as approver_id, approver.name as approver_name, approver.email as approver_email, approver.role as approver_role,
      approver.status as approver_status, quoted.at as quoted_at, quoted.details as quoted
    from change_request as request
    left join project on project.id = request.project_id and project.deleted_at is null
    left join person as approver on approver.id = ${approverId ?? null}::uuid and approver.deleted_at is null
    left join lateral (
      select version, contract_value_currency from baseline where project_id = request.project_id order by version desc limit 1
    ) as agreed on true
    left join lateral (
      select change_order.currency from change_order_request join change_order on change_order.id = change_order_id
      where change_request_id = request.id and change_order.state not in ('DECLINED', 'VOID') order by change_order.id desc limit 1
    ) as ordered on true
    left join lateral (
      select at, details from decision where subject_id = request.id and action = 'QUOTE' order by version desc limit 1
    ) as quoted on request.state = 'QUOTED'
    where request.id = ${changeRequestId}::uuid and request.deleted_at is null`.execute(rows);
  const [row] = found;
  if (row) return row;
  throw new NotFoundError('There is no such change request.', 'It may have been merged or deleted; list them again.');
}

function projectOf({ project_id: id, status, version, currency }: SubjectRow): ChangeSubject['project'] {
  return id === null ? null : { status, baselineVersion: version === null ? null : Number(version), currency };
}

function approverOf(row: SubjectRow): ChangeSubject['approver'] {
  if (row.approver_id === null) return null;
  const { approver_name: name, approver_email: email, approver_role: role } = row;
  return { name, email, role, hasLeft: row.approver_status === 'LEFT' };
}

function moneyOf(amount: string | null, currency: string | null): MoneyValue | null {
  return amount === null || currency === null ? null : { amount, currency };
}
