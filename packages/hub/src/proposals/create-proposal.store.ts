import type { AnyRecord, FieldValues, Key } from '@plumbline/connector';
import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import { InputError, NotFoundError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { recordDecision, wasDecided, type Deciding } from '../kernel/decision.store.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import { contentHashOf, settleTerms, termsOfLines, type DealLine, type ProposalTerms } from './proposal-terms.rules.ts';
import { readProposals } from './proposal-terms.store.ts';
import { readTemplate } from './template.store.ts';

export interface NewProposal extends Deciding {
  opportunityId: string;
  /** The proposal it revises: what is not given is taken from there, and from the deal without one. */
  revisesId: string | null;
  /** The template that says what neither is given nor revised. */
  template: string | null;
  given: Partial<ProposalTerms>;
  actor: string;
  now: string;
}

interface Deal {
  name: string | null;
  amount: string | null;
  amount_currency: string | null;
  lines: DealLine[];
  /** Of the project it is linked to, where that is one. */
  start: string | null;
  end: string | null;
  versions: string | number;
}

/** Drafts the next proposal of an opportunity. Returns its id; the same again for the same call. */
export async function createProposal(rows: Rows, own: OwnRecords, input: NewProposal): Promise<string> {
  await own.lock(rows);
  const before = await wasDecided(rows, { ...input, subjectId: null, action: 'DRAFT' });
  if (before) return before.subject_id;
  const opportunity = await own.keyOf(rows, 'opportunity', input.opportunityId);
  const deal = await readDeal(rows, input.opportunityId);
  if (!opportunity || !deal) throw new NotFoundError('There is no such opportunity.', 'List the opportunities again.');
  const { terms, origins } = settleTerms([
    ['GIVEN', input.given],
    ['REVISED', await readRevised(rows, input)],
    ['TEMPLATE', input.template === null ? {} : await readTemplate(rows, input.template)],
    ['OPPORTUNITY', dealTerms(deal)],
    ['PROJECT', { start: deal.start, end: deal.end }],
  ]);
  const version = Number(deal.versions) + 1;
  const id = await writeProposal(rows, own, { terms, version, opportunity, now: input.now });
  await recordDecision(rows, {
    subject_kind: 'proposal',
    subject_id: id,
    version: 1,
    action: 'DRAFT',
    from_state: null,
    to_state: 'DRAFT',
    actor: input.actor,
    at: input.now,
    details: {
      origins,
      contentHash: contentHashOf(terms),
      ...(input.template === null ? {} : { template: input.template }),
    },
    idempotencyKey: input.idempotencyKey,
  });
  return id;
}

async function readRevised(rows: Rows, { revisesId, opportunityId }: NewProposal): Promise<Partial<ProposalTerms>> {
  if (revisesId === null) return {};
  const [revised] = await readProposals(rows, [revisesId]);
  if (!revised) throw new NotFoundError('There is no such proposal.', 'List the proposals of the opportunity again.');
  if (revised.opportunityId !== opportunityId)
    throw new InputError('revises', 'It is a proposal of another opportunity.', 'Give one of the same opportunity.');
  return revised.terms;
}

async function readDeal(rows: Rows, opportunityId: string): Promise<Deal | null> {
  const { rows: found } = await sql<Deal>`
    select deal.name, deal.amount, deal.amount_currency, delivered.start, delivered."end",
      coalesce((
        select jsonb_agg(jsonb_build_object('name', name, 'quantity', quantity::text, 'amount', amount::text, 'currency', amount_currency) order by name, id)
        from line_item where opportunity_id = deal.id and deleted_at is null
      ), '[]') as lines,
      (select greatest(count(*), coalesce(max(version), 0)) from proposal where opportunity_id = deal.id) as versions
    from opportunity as deal
    left join lateral (
      select min(start) as start, min("end") as "end" from project_link join project on project.id = project_id
      where opportunity_id = deal.id and project_link.status = 'LINKED' and deleted_at is null having count(*) = 1
    ) as delivered on true
    where deal.id = ${opportunityId}::uuid and deal.deleted_at is null`.execute(rows);
  return found[0] ?? null;
}

function dealTerms({ name, amount, amount_currency: currency, lines }: Deal): Partial<ProposalTerms> {
  const { price = null, deliverables = null } = termsOfLines(lines);
  return { name, deliverables, price: amount === null || currency === null ? price : { amount, currency } };
}

async function writeProposal(
  rows: Rows,
  own: OwnRecords,
  of: { terms: ProposalTerms; version: number; opportunity: Key; now: string },
): Promise<string> {
  const { roles, commitments, ...terms } = of.terms;
  const id = randomUUIDv7();
  const key: Key = `plumbline-proposal:${id}`;
  const fields: FieldValues<'proposal'> = {
    ...terms,
    version: of.version,
    state: 'DRAFT',
    opportunity: of.opportunity,
  };
  const history = [{ field: 'state', at: of.now, value: 'DRAFT' }];
  const entityId = await own.write(rows, { kind: 'proposal', id, keys: [key], fields, history }, of.now);
  const parts: AnyRecord[] = [
    ...(roles ?? []).map((plan) => partOf('proposalRole', { ...plan, proposal: key })),
    ...(commitments ?? []).map((commitment) => partOf('commitment', { ...commitment, proposal: key })),
  ];
  await own.writeAll(rows, parts, of.now);
  return entityId;
}

/** A record of its own that belongs to the proposal. */
function partOf<Kind extends 'proposalRole' | 'commitment'>(kind: Kind, fields: FieldValues<Kind>): AnyRecord {
  const id = randomUUIDv7();
  const keys: Key[] = [`plumbline-${kind === 'commitment' ? 'commitment' : 'proposal-role'}:${id}`];
  return { kind, id, keys, fields } as AnyRecord;
}
