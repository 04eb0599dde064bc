import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { contentHashOf, secondsOf, type ProposalTerms, type RolePlan } from './proposal-terms.rules.ts';
import type { ProposalState } from './proposal.rules.ts';

/** A proposal as it stands, with its terms. */
export interface StandingProposal {
  id: string;
  state: ProposalState | null;
  version: number | null;
  opportunityId: string | null;
  projectId: string | null;
  terms: ProposalTerms;
  contentHash: string;
}

interface ProposalRow {
  id: string;
  name: string | null;
  state: ProposalState | null;
  version: string | number | null;
  price: string | null;
  price_currency: string | null;
  list_price: string | null;
  list_price_currency: string | null;
  planned_cost: string | null;
  planned_cost_currency: string | null;
  planned_seconds: string | number | null;
  start: string | null;
  end: string | null;
  deliverables: string[] | null;
  change_control: string | null;
  cadence_days: string | number | null;
  reporting_cycle_days: string | number | null;
  escalation_path: string[] | null;
  opportunity_id: string | null;
  project_id: string | null;
  roles: { role: string | null; seconds: number | null }[];
  commitments: { key: string | null; text: string | null; deliverable: string | null; due: string | null }[];
}

/** Proposals by their ids, in that order, with their terms as they are now; null for one that is unknown or deleted. */
export async function readProposals(rows: Rows, ids: readonly string[]): Promise<(StandingProposal | null)[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<ProposalRow>`
    select proposal.*, coalesce((
      select jsonb_agg(jsonb_build_object('role', role, 'seconds', seconds) order by role, id)
      from proposal_role where proposal_id = proposal.id and deleted_at is null
    ), '[]') as roles, coalesce((
      select jsonb_agg(jsonb_build_object('key', key, 'text', text, 'deliverable', deliverable, 'due', due) order by key, id)
      from commitment where proposal_id = proposal.id and deleted_at is null
    ), '[]') as commitments
    from ${asked} join proposal on proposal.id = asked.id and proposal.deleted_at is null`.execute(rows);
  const byId = new Map(found.map((row) => [row.id, standingOf(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

function standingOf(row: ProposalRow): StandingProposal {
  const terms = termsOf(row);
  return {
    id: row.id,
    state: row.state,
    version: numberOf(row.version),
    opportunityId: row.opportunity_id,
    projectId: row.project_id,
    terms,
    contentHash: contentHashOf(terms),
  };
}

function termsOf(row: ProposalRow): ProposalTerms {
  const roles: RolePlan[] = row.roles.map(({ role, seconds }) => ({ role: role ?? '', seconds: seconds ?? 0 }));
  return {
    name: row.name,
    price: moneyOf(row.price, row.price_currency),
    listPrice: moneyOf(row.list_price, row.list_price_currency),
    plannedCost: moneyOf(row.planned_cost, row.planned_cost_currency),
    plannedSeconds: numberOf(row.planned_seconds) ?? (roles.length > 0 ? secondsOf(roles) : null),
    start: row.start,
    end: row.end,
    deliverables: row.deliverables,
    changeControl: row.change_control,
    cadenceDays: numberOf(row.cadence_days),
    reportingCycleDays: numberOf(row.reporting_cycle_days),
    escalationPath: row.escalation_path,
    roles,
    commitments: row.commitments.map(({ text, ...others }) => ({ ...others, text: text ?? '' })),
  };
}

function numberOf(value: string | number | null): number | null {
  return value === null ? null : Number(value);
}

function moneyOf(amount: string | null, currency: string | null) {
  return amount === null || currency === null ? null : { amount, currency };
}
