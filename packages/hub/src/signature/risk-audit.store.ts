import { sql } from 'kysely';
import { dealQuestions, type DealFacts } from '../check-ins/deal-questions.rules.ts';
import { inOrder } from '../check-ins/question.rules.ts';
import type { QuestionsAsked } from '../check-ins/questions-asked.ts';
import { readDealFacts } from '../check-ins/deal-facts.store.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { checkCapacity, type CapacityCheck } from '../proposals/capacity-check.store.ts';
import type { Standard } from '../proposals/standard.rules.ts';
import { readStandard } from '../proposals/standard.store.ts';
import type { AuditedDeal } from './risk-audit.document.ts';
import { auditOf, type AuditItem } from './risk-audit.rules.ts';

/** What is missing or risky of one opportunity, or why nobody looks. */
export interface RiskAudit {
  reason: string | null;
  proposalId: string | null;
  items: readonly AuditItem[];
  /** What the head of its page says; null where there is none. */
  deal: AuditedDeal | null;
}

interface Asked extends QuestionsAsked {
  settings: QuestionsAsked['settings'] & Pick<Context, 'changeControl'>;
}

/** The audits of these opportunities, in their order: eleven statements for all, and three for each that has a proposal. */
export async function readAudits(rows: Rows, ids: readonly string[], asked: Asked): Promise<RiskAudit[]> {
  const [facts, names, standard] = await Promise.all([
    readDealFacts(rows, ids, asked),
    readNames(rows, ids),
    readStandard(rows, asked.now),
  ]);
  const byId = new Map(facts.map((deal) => [deal.id, deal]));
  return Promise.all(
    ids.map(async (id) => {
      const deal = byId.get(id);
      if (!deal?.isOpen) return none(deal ? 'It is closed.' : 'There is no such opportunity.');
      return auditDeal(deal, { asked, standard, capacity: await capacityOf(rows, deal, asked), names: names.get(id) });
    }),
  );
}

function none(reason: string): RiskAudit {
  return { reason, proposalId: null, items: [], deal: null };
}

function auditDeal(
  deal: DealFacts,
  {
    asked,
    standard,
    capacity,
    names,
  }: { asked: Asked; standard: Standard; capacity: CapacityCheck | null; names: Names | undefined },
): RiskAudit {
  const { now, settings } = asked;
  const questions = inOrder(dealQuestions(deal, { now, settings: settings.checkIns }));
  const { marginFloor } = settings.changeControl.settings;
  return {
    reason: null,
    proposalId: deal.offered?.proposal.id ?? null,
    items: auditOf({ deal, questions, capacity, standard, marginFloor }),
    deal: {
      name: names?.name ?? null,
      client: names?.client ?? null,
      owner: names?.owner ?? null,
      closeDate: deal.closeDate,
      amount: deal.amount,
      today: now.slice(0, 10),
    },
  };
}

async function capacityOf(rows: Rows, { offered }: DealFacts, { settings }: Asked): Promise<CapacityCheck | null> {
  if (!offered) return null;
  const { calendars, earnedValue } = settings;
  return checkCapacity(rows, offered.proposal.id, { calendars, calendar: earnedValue.calendar });
}

interface Names {
  id: string;
  name: string | null;
  client: string | null;
  owner: string | null;
}

async function readNames(rows: Rows, ids: readonly string[]): Promise<Map<string, Names>> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Names>`
    select opportunity.id, opportunity.name, client.name as client, person.name as owner
    from ${asked} join opportunity on opportunity.id = asked.id
    left join client on client.id = opportunity.client_id left join person on person.id = opportunity.owner_id`.execute(
    rows,
  );
  return new Map(found.map((row) => [row.id, row]));
}
