import type { MoneyValue } from '@plumbline/connector';
import { Decimal } from 'decimal.js';
import { sql } from 'kysely';
import { InputError, NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import {
  allDeltas,
  approvedStates,
  quotedStates,
  takenOverAt,
  type ChangeRequestState,
} from './change-control.rules.ts';

/** A change request as a change order looks at it. */
export interface Requested {
  id: string;
  title: string | null;
  state: ChangeRequestState | null;
  /** Whether the hub has decided on it; before, its source alone says where it stands. */
  controlled: boolean;
  projectId: string | null;
  /** What the client was quoted, or said yes to, where either was; else as it is. */
  price: MoneyValue | null;
  cost: MoneyValue | null;
  effortSeconds: number | null;
  scheduleDays: number | null;
}

interface RequestRow extends Pick<Requested, 'id' | 'title' | 'state' | 'controlled'> {
  project_id: string | null;
  price_delta: string | null;
  price_delta_currency: string | null;
  cost_delta: string | null;
  cost_delta_currency: string | null;
  effort_delta: string | number | null;
  schedule_delta_days: string | number | null;
  agreed: { price?: MoneyValue; cost?: MoneyValue; effortDelta?: number; scheduleDeltaDays?: number } | null;
}

/** The requests of these ids. Throws NotFoundError when one of them does not exist, or there are none. */
export async function readRequests(rows: Rows, ids: readonly string[]): Promise<Requested[]> {
  const named = unnest('named', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<RequestRow>`
    select request.id, request.title, request.state, project_id, price_delta, price_delta_currency, cost_delta,
      cost_delta_currency, effort_delta, schedule_delta_days,
      exists (select 1 from decision where subject_id = request.id) as controlled, agreed.details as agreed
    from ${named} join change_request as request on request.id = named.id and request.deleted_at is null
    left join lateral (
      select details from decision
      where subject_id = request.id and action in ('QUOTE', 'APPROVE') and details -> 'effortDelta' is not null
      order by version desc limit 1
    ) as agreed on request.state = any(${[...quotedStates]}::text[])`.execute(rows);
  if (found.length === new Set(ids).size && found.length > 0) return found.map(requestedOf);
  throw new NotFoundError('Not all of these change requests exist.', 'List them again.');
}

function requestedOf(row: RequestRow): Requested {
  const { id, title, state, controlled, agreed } = row;
  const effort = agreed?.effortDelta ?? row.effort_delta;
  const days = agreed?.scheduleDeltaDays ?? row.schedule_delta_days;
  return {
    id,
    title,
    state,
    controlled,
    projectId: row.project_id,
    price: agreed?.price ?? moneyOf(row.price_delta, row.price_delta_currency),
    cost: agreed?.cost ?? moneyOf(row.cost_delta, row.cost_delta_currency),
    effortSeconds: effort === null ? null : Number(effort),
    scheduleDays: days === null ? null : Number(days),
  };
}

function moneyOf(amount: string | null, currency: string | null): MoneyValue | null {
  return amount === null || currency === null ? null : { amount, currency };
}

/** The requests that a change order names. */
export async function readOrdered(rows: Rows, orderId: string): Promise<Requested[]> {
  const { rows: named } = await sql<{ change_request_id: string }>`
    select change_request_id from change_order_request where change_order_id = ${orderId}::uuid`.execute(rows);
  return readRequests(
    rows,
    named.map((each) => each.change_request_id),
  );
}

/** An order is signed for what the client has said yes to, each by itself; a source that says so has shown no yes. */
export function refuseUnapproved(requests: readonly Requested[]): void {
  const standing = requests.map((request) => ({ title: request.title, state: stateOf(request) }));
  const open = standing.find(({ state }) => !approvedStates.includes(state));
  if (!open) return;
  throw new RefusedError({
    guard: 'approved',
    message: `The request "${open.title ?? ''}" is ${open.state}; the client has not said yes to it.`,
    remedy: 'Record the client’s decision by `approveChangeRequest` first, or make an order without it.',
  });
}

/** What an order promises is known in full: a delta that nobody knows would raise the baseline by nothing. */
export function refuseUnknown(requests: readonly Requested[]): void {
  for (const request of requests) {
    const { title, price: priceDelta, cost: costDelta, effortSeconds: effortDelta, scheduleDays } = request;
    const state = stateOf(request);
    const refusal = allDeltas({ state, priceDelta, costDelta, effortDelta, scheduleDeltaDays: scheduleDays });
    if (refusal) throw new RefusedError({ ...refusal, message: `Of the request "${title ?? ''}", ${refusal.message}` });
  }
}

/** Where commercial control sees it. */
function stateOf({ state, controlled }: Requested): ChangeRequestState {
  return controlled && state !== null ? state : takenOverAt(state);
}

function refuseEnded(requests: readonly Requested[]): void {
  const ended = requests.find(({ state }) => state !== null && ['REJECTED', 'WITHDRAWN', 'ABSORBED'].includes(state));
  if (ended) {
    throw new RefusedError({
      guard: 'ended',
      message: `One of the requests is ${ended.state}.`,
      remedy: 'Leave it out.',
    });
  }
}

/** What has ended cannot be sold, and what one order pays for no other may pay for again. */
export async function refuseOrdered(rows: Rows, requests: readonly Requested[]): Promise<void> {
  refuseEnded(requests);
  const named = unnest('named', requests, [{ name: 'id', type: 'uuid', value: ({ id }) => id }]);
  const { rows: found } = await sql<{ name: string }>`
    select change_order.name from ${named} join change_order_request on change_request_id = named.id
    join change_order on change_order.id = change_order_id and state not in ('DECLINED', 'VOID') limit 1`.execute(rows);
  if (!found[0]) return;
  throw new RefusedError({
    guard: 'ordered',
    message: `One of the requests is in the change order "${found[0].name}" already.`,
    remedy: 'Use that order, or void it first.',
  });
}

/** What the requests cost together; throws InputError where that is not one amount in one currency. */
export function sumOfPrices(requests: readonly Requested[]): MoneyValue {
  const currencies = new Set(requests.map(({ price }) => price?.currency));
  const [currency] = currencies;
  if (currencies.size !== 1 || !currency)
    throw new InputError('amount', 'The requests have no price, or prices in several currencies.', 'Give `amount`.');
  const amount = requests.reduce((sum, { price }) => sum.plus(price?.amount ?? 0), new Decimal(0));
  return { amount: amount.toFixed(), currency };
}
