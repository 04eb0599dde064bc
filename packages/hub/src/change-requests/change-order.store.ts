import type { JsonValue, MoneyValue } from '@plumbline/connector';
import { Decimal } from 'decimal.js';
import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { InputError, NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { checkVersion, recordDecision, versionOf, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import { localDay } from '../kernel/local-day.ts';
import { unnest } from '../kernel/unnest.ts';
import type { Calendars } from '../people/calendar.ts';
import { insertBaseline, latestBaseline, type BaselineRow } from '../projects/baseline.store.ts';
import { raisedCurve, type PlannedValue } from '../projects/planned-value.rules.ts';
import {
  readOrdered,
  readRequests,
  refuseOrdered,
  refuseUnknown,
  refuseUnapproved,
  sumOfPrices,
  type Requested,
} from './change-order-requests.store.ts';
import type { ChangeOrderState } from './change-order.ts';

export interface ChangeOrderRow {
  id: string;
  project_id: string;
  name: string;
  state: ChangeOrderState;
  amount: string;
  currency: string;
  signed_on: string | null;
  evidence: JsonValue;
  created_at: string;
  created_by: string;
}

const steps: Readonly<
  Record<'SEND' | 'EXECUTE' | 'DECLINE' | 'VOID', { from: readonly ChangeOrderState[]; to: ChangeOrderState }>
> = {
  SEND: { from: ['DRAFT'], to: 'SENT' },
  EXECUTE: { from: ['SENT'], to: 'EXECUTED' },
  DECLINE: { from: ['SENT'], to: 'DECLINED' },
  VOID: { from: ['DRAFT', 'SENT'], to: 'VOID' },
};
export type ChangeOrderStep = keyof typeof steps;
export const changeOrderSteps = Object.keys(steps) as ChangeOrderStep[];

/** One who changes orders at a time, so that nothing is ordered or signed twice. */
const LOCK = 7_236_022;

/** Where a day begins first. */
const FIRST_ZONE = 'Pacific/Kiritimati';

/** Bundles requests of one project into a draft; its amount is the sum of their prices unless another is given. */
export async function createChangeOrder(
  rows: Rows,
  input: Deciding & {
    name: string;
    requestIds: readonly string[];
    amount: MoneyValue | null;
    actor: string;
    now: string;
  },
): Promise<string> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(rows);
  const before = await wasDecided(rows, { ...input, subjectId: null, action: 'CREATE' });
  if (before) return before.subject_id;
  const ids = [...new Set(input.requestIds)];
  const requests = await readRequests(rows, ids);
  await refuseOrdered(rows, requests);
  const [projectId] = new Set(requests.map((request) => request.projectId));
  if (!projectId || requests.some((request) => request.projectId !== projectId))
    throw new InputError('changeRequests', 'The requests are not of one project.', 'Make an order for each project.');
  refuseUnknown(requests);
  const amount = input.amount ?? sumOfPrices(requests);
  const id = randomUUIDv7();
  await sql`
    insert into change_order (id, project_id, name, state, amount, currency, created_at, created_by)
    values (${id}::uuid, ${projectId}::uuid, ${input.name}, 'DRAFT', ${amount.amount}::numeric, ${amount.currency},
      ${input.now}::timestamptz, ${input.actor})`.execute(rows);
  const named = unnest('named', ids, [{ name: 'id', type: 'uuid', value: (each) => each }]);
  await sql`
    insert into change_order_request (change_order_id, change_request_id) select ${id}::uuid, id from ${named}`.execute(
    rows,
  );
  await recordDecision(rows, {
    subject_kind: 'changeOrder',
    subject_id: id,
    version: 1,
    action: 'CREATE',
    from_state: null,
    to_state: 'DRAFT',
    actor: input.actor,
    at: input.now,
    details: { amount: { ...amount } },
    idempotencyKey: input.idempotencyKey,
  });
  return id;
}

export interface ChangeOrderCall extends Deciding {
  changeOrderId: string;
  step: ChangeOrderStep;
  signedOn?: string | null | undefined;
  evidence?: { decidedBy: string; reference: string } | null | undefined;
  actor: string;
  now: string;
  /** The days on which planned value grows. */
  calendar: Calendars[string];
}

/** Takes a step with an order; executing it raises the project's baseline in the same transaction. */
export async function moveChangeOrder(rows: Rows, call: ChangeOrderCall): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(rows);
  if (await wasDecided(rows, { ...call, subjectId: call.changeOrderId, action: call.step })) return;
  const { rows: found } = await sql<ChangeOrderRow>`
    select * from change_order where id = ${call.changeOrderId}::uuid`.execute(rows);
  const [order] = found;
  if (!order) throw new NotFoundError('There is no such change order.', 'List the orders of the project again.');
  const version = await versionOf(rows, order.id);
  checkVersion(version, call);
  const { from, to } = steps[call.step];
  if (!from.includes(order.state)) {
    throw new RefusedError({
      guard: 'state',
      message: `The order is ${order.state}; ${call.step} goes from ${from.join(', ')}.`,
      remedy: order.state === 'DRAFT' ? 'Send it first.' : 'Make a new order.',
    });
  }
  if (call.step === 'SEND') refuseUnknown(await readOrdered(rows, order.id));
  if (call.step === 'EXECUTE') await raiseBaseline(rows, order, call);
  // Nothing else signs it.
  const signedOn = call.step === 'EXECUTE' ? (call.signedOn ?? null) : null;
  await sql`
    update change_order set state = ${to}, signed_on = ${signedOn}::date, evidence = ${JSON.stringify(call.evidence ?? null)}::jsonb
    where id = ${order.id}::uuid`.execute(rows);
  await recordDecision(rows, {
    subject_kind: 'changeOrder',
    subject_id: order.id,
    version: version + 1,
    action: call.step,
    from_state: order.state,
    to_state: to,
    actor: call.actor,
    at: call.now,
    details: {
      ...(call.evidence ? { evidence: call.evidence } : {}),
      ...(signedOn ? { signedOn } : {}),
    },
    idempotencyKey: call.idempotencyKey,
  });
}

async function raiseBaseline(rows: Rows, order: ChangeOrderRow, call: ChangeOrderCall): Promise<void> {
  const refuse = (guard: string, message: string, remedy: string): never => {
    throw new RefusedError({ guard, message, remedy });
  };
  const { evidence, signedOn } = call;
  if (!evidence?.decidedBy.trim() || !evidence.reference.trim() || !signedOn)
    return refuse('signature', 'Nothing shows that it was signed.', 'Give `signedOn` and `evidence`.');
  if (signedOn > localDay(call.now, FIRST_ZONE))
    return refuse('signature', `${signedOn} has not come yet.`, 'Give the day on which it was signed.');
  const standing = await latestBaseline(rows, order.project_id);
  if (!standing) return refuse('baseline', 'Its project has no baseline to raise.', 'Accept one by `acceptBaseline`.');
  if (standing.contract_value_currency !== order.currency)
    return refuse(
      'currency',
      `The order is in ${order.currency}, the contract in ${standing.contract_value_currency}.`,
      'Make an order in the contract’s currency.',
    );
  const requests = await readOrdered(rows, order.id);
  refuseUnapproved(requests);
  refuseUnknown(requests);
  const foreign = requests.find(
    ({ cost }) => cost && standing.planned_cost_currency && cost.currency !== standing.planned_cost_currency,
  );
  if (foreign)
    return refuse(
      'currency',
      `A request's cost is in ${foreign.cost?.currency}, the plan's in ${standing.planned_cost_currency}.`,
      'Assess it in the plan’s currency.',
    );
  await insertBaseline(rows, raised(standing, { order, requests, call }));
}

function raised(
  standing: BaselineRow,
  by: { order: ChangeOrderRow; requests: readonly Requested[]; call: ChangeOrderCall },
): Omit<BaselineRow, 'id'> {
  const { order, requests, call } = by;
  const cost = requests.reduce((sum, { cost: more }) => sum.plus(more?.amount ?? 0), new Decimal(0));
  const seconds = requests.reduce((sum, { effortSeconds }) => sum + (effortSeconds ?? 0), 0);
  const days = requests.reduce((sum, { scheduleDays }) => sum + (scheduleDays ?? 0), 0);
  const end = standing.end === null ? null : Temporal.PlainDate.from(standing.end).add({ days }).toString();
  return {
    ...standing,
    version: Number(standing.version) + 1,
    contract_value: new Decimal(standing.contract_value).plus(order.amount).toFixed(),
    planned_cost: standing.planned_cost === null ? null : cost.plus(standing.planned_cost).toFixed(),
    planned_seconds: standing.planned_seconds === null ? null : Number(standing.planned_seconds) + seconds,
    end,
    planned_values: raisedValues(standing, { cost: cost.toFixed(), end, call }),
    origins: {
      contractValue: 'CHANGE_ORDER',
      plannedCost: 'CHANGE_ORDER',
      plannedSeconds: 'CHANGE_ORDER',
      end: 'CHANGE_ORDER',
    },
    change_order_id: order.id,
    accepted_at: call.now,
    accepted_by: call.actor,
    evidence: call.evidence ?? null,
  };
}

function raisedValues(
  standing: BaselineRow,
  { cost, end, call }: { cost: string; end: string | null; call: ChangeOrderCall },
): readonly PlannedValue[] | null {
  const { planned_cost: plannedCost, planned_values: plannedValues, start } = standing;
  if (end === null || !call.signedOn) return plannedValues;
  return raisedCurve(
    { plannedCost, plannedValues, start, end: standing.end },
    { cost, end, signedOn: call.signedOn, calendar: call.calendar },
  );
}
