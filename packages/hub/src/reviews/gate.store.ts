import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { gateNames, type GateBrought, type GateDecision, type GateName } from './gate.rules.ts';

/** What a decision at a gate is called among the decisions of a proposal. */
export function gateAction(gate: GateName): string {
  return `GATE_${gate}`;
}

interface GateRow {
  asked_id: string;
  action: string;
  at: string;
  actor: string;
  owner_id: string | null;
  details: {
    outcome: GateDecision['outcome'];
    contentHash: string;
    owner: string;
    ownerId: string | null;
    conditions: string[];
    reason: string | null;
  };
}

/**
 * The last decision at each gate, of each of these proposals. BID is about the opportunity, so the last one on any
 * proposal of the same opportunity is it.
 */
export async function readGateDecisions(rows: Rows, proposalIds: readonly string[]): Promise<GateDecision[][]> {
  const asked = unnest('asked', proposalIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const others = gateNames.filter((gate) => gate !== 'BID').map(gateAction);
  const { rows: found } = await sql<GateRow>`
    with concerned as (
      select asked.id as asked_id, asked.id as subject_id from ${asked}
      union select asked.id, sibling.id from ${asked} join proposal on proposal.id = asked.id
      join proposal as sibling on sibling.opportunity_id = proposal.opportunity_id
    )
    select distinct on (asked_id, action) asked_id, action, at, actor, details,
      coalesce(survivor_id, (details ->> 'ownerId')::uuid) as owner_id
    from concerned join decision on decision.subject_id = concerned.subject_id
    left join merged_entity on merged_entity.id = (details ->> 'ownerId')::uuid
    where action = ${gateAction('BID')} or concerned.subject_id = asked_id and action = any(${others}::text[])
    order by asked_id, action, at desc, decision.id desc`.execute(rows);
  const byProposal = Map.groupBy(found, (row) => row.asked_id);
  return proposalIds.map((id) => (byProposal.get(id) ?? []).map(decisionOf));
}

function decisionOf({ action, at, actor, details, owner_id: ownerId }: GateRow): GateDecision {
  const gate = gateNames.find((name) => gateAction(name) === action);
  if (!gate) throw new Error(`${action} is no decision at a gate`);
  return { gate, actor, at: instantText(at), ...details, ownerId };
}

/** What a decision at a gate keeps of what it rests on. */
export function gateDetails(
  { outcome, owner, conditions, reason, waiver }: GateBrought,
  figures: Readonly<Record<string, JsonValue>>,
): Record<string, JsonValue> {
  return {
    outcome,
    owner: owner.name ?? owner.actor,
    ownerId: owner.personId,
    conditions,
    reason: reason?.trim() || null,
    ...(waiver?.trim() ? { waiver } : {}),
    ...figures,
  };
}
