import type { JsonValue, MoneyValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { InputError, NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { localDay } from '../kernel/local-day.ts';
import type { EarnedValueMethod } from './earned-value.settings.ts';
import { checkCurve, type PlannedValue } from './planned-value.rules.ts';

/** A line of what was sold; amounts as decimal text. */
interface BaselineItem {
  name: string | null;
  quantity: string | null;
  amount: string | null;
  currency: string | null;
}

export interface BaselineRow {
  id: string;
  project_id: string;
  version: number;
  contract_value: string;
  contract_value_currency: string;
  planned_cost: string | null;
  planned_cost_currency: string | null;
  planned_seconds: string | number | null;
  start: string | null;
  end: string | null;
  earned_value_method: EarnedValueMethod | null;
  planned_values: readonly PlannedValue[] | null;
  origins: Record<string, string>;
  items: readonly BaselineItem[];
  opportunity_id: string | null;
  proposal_id: string | null;
  change_order_id: string | null;
  accepted_at: string;
  accepted_by: string;
  evidence: JsonValue;
}

export interface Acceptance {
  projectId: string;
  opportunityId: string | null;
  /** The proposal that is accepted with it and says what is given here; null where a person says it. */
  proposalId: string | null;
  contractValue: MoneyValue | null;
  plannedCost: MoneyValue | null;
  plannedSeconds: number | null;
  start: string | null;
  end: string | null;
  /** Evenly from start to end when absent. */
  plannedValues?: readonly PlannedValue[] | null;
  /** Left to the configuration when absent. */
  earnedValueMethod?: EarnedValueMethod | null;
  evidence: JsonValue;
  actor: string;
  now: string;
}

interface Known {
  amount: string | null;
  amount_currency: string | null;
  contract_value: string | null;
  contract_value_currency: string | null;
  planned_cost: string | null;
  planned_cost_currency: string | null;
  planned_seconds: string | number | null;
  start: string | null;
  end: string | null;
  items: BaselineItem[];
}

/**
 * Freezes the first baseline. What is not given is taken from the deal, from the budget sheet, then from the project;
 * `origins` says which. Throws RefusedError when there is a baseline already.
 */
export async function acceptFirstBaseline(rows: Rows, accepted: Acceptance): Promise<BaselineRow> {
  const standing = await latestBaseline(rows, accepted.projectId);
  if (standing) {
    throw new RefusedError({
      guard: 'firstBaseline',
      message: `The project has baseline ${standing.version}; it does not change by itself.`,
      remedy: 'The next one comes by executing a change order.',
    });
  }
  const known = await readKnown(rows, accepted);
  const origins: Record<string, string> = {};
  const first = <Value>(name: string, ...candidates: readonly (readonly [string, Value | null])[]): Value | null => {
    const found = candidates.find(([, value]) => value !== null);
    if (found) origins[name] = found[0];
    return found?.[1] ?? null;
  };
  const given = accepted.proposalId === null ? 'GIVEN' : 'PROPOSAL';
  const contract = first(
    'contractValue',
    [given, accepted.contractValue],
    ['OPPORTUNITY', moneyOf(known.amount, known.amount_currency)],
    ['BUDGET', moneyOf(known.contract_value, known.contract_value_currency)],
  );
  if (!contract) {
    throw new InputError(
      'contractValue',
      'Neither the call nor the deal nor the budget sheet says what the client agreed to pay.',
      'Give `contractValue`, or `opportunity`.',
    );
  }
  const cost = first(
    'plannedCost',
    [given, accepted.plannedCost],
    ['BUDGET', moneyOf(known.planned_cost, known.planned_cost_currency)],
  );
  const seconds = first(
    'plannedSeconds',
    [given, accepted.plannedSeconds],
    ['BUDGET', known.planned_seconds === null ? null : Number(known.planned_seconds)],
  );
  if (accepted.plannedValues) checkCurve(accepted.plannedValues, cost?.amount ?? null);
  return insertBaseline(rows, {
    project_id: accepted.projectId,
    version: 1,
    contract_value: contract.amount,
    contract_value_currency: contract.currency,
    planned_cost: cost?.amount ?? null,
    planned_cost_currency: cost?.currency ?? null,
    planned_seconds: seconds,
    start: first('start', [given, accepted.start], ['PROJECT', known.start]),
    end: first('end', [given, accepted.end], ['PROJECT', known.end]),
    earned_value_method: accepted.earnedValueMethod ?? null,
    planned_values: accepted.plannedValues ?? null,
    origins,
    items: known.items,
    opportunity_id: accepted.opportunityId,
    proposal_id: accepted.proposalId,
    change_order_id: null,
    accepted_at: accepted.now,
    accepted_by: accepted.actor,
    evidence: accepted.evidence,
  });
}

async function readKnown(rows: Rows, { projectId, opportunityId, now }: Acceptance): Promise<Known> {
  const { rows: placed } = await sql<{ zone: string | null }>`
    select zone from project where id = ${projectId}::uuid`.execute(rows);
  const { rows: found } = await sql<Known>`
    select deal.amount, deal.amount_currency, plan.contract_value, plan.contract_value_currency, plan.planned_cost,
      plan.planned_cost_currency, plan.planned_seconds, project.start, project."end",
      coalesce((
        select jsonb_agg(jsonb_build_object('name', name, 'quantity', quantity::text, 'amount', amount::text, 'currency', amount_currency) order by name, id)
        from line_item where opportunity_id = deal.id and deleted_at is null
      ), '[]') as items
    from project
    left join opportunity as deal on deal.id = ${opportunityId}::uuid
    left join lateral (
      select * from budget where project_id = project.id and deleted_at is null
        and (valid_from is null or valid_from <= ${localDay(now, placed[0]?.zone ?? null)}::date)
      order by valid_from desc nulls last, id limit 1
    ) as plan on true
    where project.id = ${projectId}::uuid and project.deleted_at is null`.execute(rows);
  if (!found[0]) throw new NotFoundError('There is no such project.', 'List the projects again.');
  return found[0];
}

export async function latestBaseline(rows: Rows, projectId: string): Promise<BaselineRow | null> {
  const { rows: found } = await sql<BaselineRow>`
    select * from baseline where project_id = ${projectId}::uuid order by version desc limit 1`.execute(rows);
  return found[0] ?? null;
}

export async function insertBaseline(rows: Rows, baseline: Omit<BaselineRow, 'id'>): Promise<BaselineRow> {
  const { rows: written } = await sql<BaselineRow>`
    insert into baseline (id, project_id, version, contract_value, contract_value_currency, planned_cost, planned_cost_currency,
      planned_seconds, start, "end", earned_value_method, planned_values, origins, items, opportunity_id, proposal_id, change_order_id, accepted_at, accepted_by, evidence)
    values (${randomUUIDv7()}::uuid, ${baseline.project_id}::uuid, ${baseline.version}, ${baseline.contract_value}::numeric,
      ${baseline.contract_value_currency}, ${baseline.planned_cost}::numeric, ${baseline.planned_cost_currency},
      ${baseline.planned_seconds}::bigint, ${baseline.start}::date, ${baseline.end}::date, ${baseline.earned_value_method},
      ${baseline.planned_values ? JSON.stringify(baseline.planned_values) : null}::jsonb, ${JSON.stringify(baseline.origins)}::jsonb, ${JSON.stringify(baseline.items)}::jsonb,
      ${baseline.opportunity_id}::uuid, ${baseline.proposal_id}::uuid, ${baseline.change_order_id}::uuid, ${baseline.accepted_at}::timestamptz,
      ${baseline.accepted_by}, ${JSON.stringify(baseline.evidence)}::jsonb)
    returning *`.execute(rows);
  const [row] = written;
  if (!row) throw new Error('the baseline was not written');
  return row;
}

function moneyOf(amount: string | null, currency: string | null): MoneyValue | null {
  return amount === null || currency === null ? null : { amount, currency };
}
