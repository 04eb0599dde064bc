import type { MoneyValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { quotedStates } from '../change-requests/change-control.rules.ts';
import { instantText } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { isOpen } from '../opportunities/pipeline.store.ts';
import { localDay } from '../kernel/local-day.ts';
import type {
  ChangeFacts,
  MilestoneFacts,
  ProjectFacts,
  StatusMessage,
  SubmittedOffer,
} from './client-status.rules.ts';

/** Projects whose work has begun and not ended; before and after, a client has nothing to follow. */
const shownStatuses = ['ACTIVE', 'ON_HOLD', 'DELIVERED'] as const;

/** How much of each is shown; what is beyond it is said to be missing. */
const most = { projects: 100, milestones: 100, changes: 200, orders: 100, messages: 20, offers: 20 } as const;

export interface ClientFacts {
  /** What was said about offers that are open, the latest first. */
  messages: readonly StatusMessage[];
  /** Offers that are open and wait for an answer. */
  offers: readonly SubmittedOffer[];
  projects: readonly ProjectFacts[];
  /** False where there is more than is shown. */
  complete: boolean;
}

/**
 * All that is read for a client: seven statements, each bound to the client's id, of columns that a client may see. `zone`
 * counts the days of offers, and of a project without one.
 */
export async function readClientFacts(
  rows: Rows,
  asked: { clientId: string; zone: string; now: string; acceptanceKeptIn: readonly string[] },
): Promise<ClientFacts> {
  const { clientId, zone, now, acceptanceKeptIn } = asked;
  const projects = await readProjects(rows, clientId);
  const milestones = await readMilestones(rows, clientId, acceptanceKeptIn);
  const changes = await readChanges(rows, clientId);
  const milestonesOf = byProject(milestones);
  const changesOf = byProject(changes);
  const ordersOf = byProject(await readSentOrders(rows, clientId));
  const offers = await readSubmittedOffers(rows, clientId);
  const messages = await readMessages(rows, 'opportunity', clientId);
  const messageOf = new Map((await readMessages(rows, 'project', clientId)).map((row) => [row.id, row]));
  return {
    messages: messages.slice(0, most.messages).map((row) => messageFacts(row, zone)),
    offers: offers.slice(0, most.offers).map(({ price, at }) => ({ price, on: localDay(instantText(at), zone) })),
    complete:
      messages.length <= most.messages &&
      offers.length <= most.offers &&
      projects.length <= most.projects &&
      [...milestonesOf.values()].every(({ length }) => length <= most.milestones) &&
      [...changesOf.values()].every(({ length }) => length <= most.changes) &&
      [...ordersOf.values()].every(({ length }) => length <= most.orders),
    projects: projects.slice(0, most.projects).map((project) => {
      const dayOf = (at: string) => localDay(instantText(at), project.zone ?? zone);
      const message = messageOf.get(project.id);
      return {
        id: project.id,
        name: project.name,
        today: dayOf(now),
        message: message ? messageFacts(message, project.zone ?? zone) : null,
        milestones: (milestonesOf.get(project.id) ?? []).slice(0, most.milestones),
        changes: (changesOf.get(project.id) ?? []).slice(0, most.changes).map((row) => changeFacts(row, dayOf)),
        orders: (ordersOf.get(project.id) ?? []).slice(0, most.orders).map((row) => orderFacts(row, dayOf)),
      };
    }),
  };
}

function byProject<Row extends { project_id: string }>(all: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(all, (row) => row.project_id);
}

const shown = sql`project.deleted_at is null and project.status = any(${[...shownStatuses]}::text[])`;

async function readProjects(rows: Rows, clientId: string) {
  const { rows: found } = await sql<{ id: string; name: string | null; zone: string | null }>`
    select id, name, zone from project where client_id = ${clientId}::uuid and ${shown}
    order by start desc nulls last, id limit ${most.projects + 1}`.execute(rows);
  return found;
}

interface MilestoneRow extends MilestoneFacts {
  project_id: string;
}

/**
 * Those to come first, then the latest reached. One awaits acceptance where a source that keeps that says ACHIEVED itself:
 * what it calls accepted is not asked for, even where another source counts first.
 */
async function readMilestones(
  rows: Rows,
  clientId: string,
  acceptanceKeptIn: readonly string[],
): Promise<MilestoneRow[]> {
  const { rows: found } = await sql<MilestoneRow>`
    select each.* from project cross join lateral (
      select id, project_id, name, status, due, forecast, achieved_on, exists (
        select 1 from facet where entity_id = milestone.id and facet.deleted_at is null
          and source_id = any(${[...acceptanceKeptIn]}::text[])
          and milestone.status = 'ACHIEVED' and facet.fields ->> 'status' = 'ACHIEVED') as awaits_acceptance
      from milestone
      where milestone.project_id = project.id and milestone.deleted_at is null
      order by achieved_on desc nulls first, coalesce(forecast, due) nulls last, id limit ${most.milestones + 1}
    ) as each where project.client_id = ${clientId}::uuid and ${shown}`.execute(rows);
  return found;
}

interface ChangeRow {
  id: string;
  project_id: string;
  title: string | null;
  state: ChangeFacts['state'];
  quoted_at: string | null;
  price: MoneyValue | null;
  decided_at: string | null;
  decided: string | null;
  absorbed: boolean;
}

async function readChanges(rows: Rows, clientId: string): Promise<ChangeRow[]> {
  const { rows: found } = await sql<ChangeRow>`
    select request.id, request.project_id, request.title, request.state, quoted.at as quoted_at, quoted.price,
      decided.at as decided_at, decided.action as decided,
      coalesce(request.state = 'ABSORBED', false) and exists (
        select 1 from decision where subject_id = request.id and action = 'ABSORB') as absorbed
    from project cross join lateral (
      select id, project_id, title, state from change_request as request
      where request.project_id = project.id and request.deleted_at is null
      order by submitted_at desc nulls last, id limit ${most.changes + 1}
    ) as request
    left join lateral (
      select at, version, details -> 'price' as price from decision
      where subject_id = request.id and action = 'QUOTE' order by version desc limit 1
    ) as quoted on request.state = any(${[...quotedStates]}::text[])
    left join lateral (
      select at, action from decision
      where subject_id = request.id and action in ('APPROVE', 'REJECT') and version > coalesce(quoted.version, 0)
      order by version desc limit 1
    ) as decided on request.state = any(${[...quotedStates]}::text[])
    where project.client_id = ${clientId}::uuid and ${shown}`.execute(rows);
  return found;
}

function changeFacts(row: ChangeRow, dayOf: (at: string) => string): ChangeFacts {
  const { id, title, state, absorbed, quoted_at: quotedAt, decided_at: decidedAt } = row;
  return {
    id,
    title,
    state,
    absorbed,
    quote: quotedAt === null ? null : { on: dayOf(quotedAt), price: row.price },
    decision: decidedAt === null ? null : { accepted: row.decided === 'APPROVE', on: dayOf(decidedAt) },
  };
}

interface OrderRow {
  project_id: string;
  name: string;
  amount: string;
  currency: string;
  sent_at: string | null;
}

/** Those that were made first, first. */
async function readSentOrders(rows: Rows, clientId: string): Promise<OrderRow[]> {
  const { rows: found } = await sql<OrderRow>`
    select each.project_id, each.name, each.amount, each.currency, sent.at as sent_at
    from project cross join lateral (
      select id, project_id, name, amount, currency from change_order
      where change_order.project_id = project.id and change_order.state = 'SENT' order by id limit ${most.orders + 1}
    ) as each
    left join lateral (
      select at from decision where subject_id = each.id and action = 'SEND' order by version desc limit 1
    ) as sent on true
    where project.client_id = ${clientId}::uuid and ${shown} order by each.id`.execute(rows);
  return found;
}

function orderFacts(row: OrderRow, dayOf: (at: string) => string): ProjectFacts['orders'][number] {
  const { name, amount, currency, sent_at: at } = row;
  return { name, price: { amount, currency }, on: at === null ? null : dayOf(at) };
}

/**
 * Offers of deals that are open, which were submitted here, to this client, and are not answered: the earliest first.
 * What only a source calls submitted was said to nobody here.
 */
async function readSubmittedOffers(rows: Rows, clientId: string): Promise<{ at: string; price: MoneyValue | null }[]> {
  const { rows: found } = await sql<{ at: string; price: MoneyValue | null }>`
    select submitted.at, submitted.price from (
      select id from opportunity where client_id = ${clientId}::uuid and deleted_at is null and ${isOpen}
    ) as deal
    join proposal on proposal.opportunity_id = deal.id and proposal.state = 'SUBMITTED' and proposal.deleted_at is null
    cross join lateral (
      select at, details -> 'price' as price, (details ->> 'clientId')::uuid as client_id from decision
      where subject_id = proposal.id and action = 'SUBMIT' order by version desc limit 1
    ) as submitted
    where submitted.client_id = ${clientId}::uuid
      or submitted.client_id in (select id from merged_entity where survivor_id = ${clientId}::uuid)
    order by submitted.at, proposal.id limit ${most.offers + 1}`.execute(rows);
  return found;
}

interface MessageRow {
  id: string;
  text: string;
  as_of: string;
  next_step: string | null;
  next_step_date: string | null;
}

/**
 * The latest view of each project that is shown, or of each open offer, among those meant for the client: ours, and not
 * what we think the client thinks. What was withdrawn is passed over. The latest first.
 */
async function readMessages(rows: Rows, about: 'project' | 'opportunity', clientId: string): Promise<MessageRow[]> {
  const isShown = about === 'project' ? shown : sql`opportunity.deleted_at is null and ${isOpen}`;
  const table = sql.table(about);
  const { rows: found } = await sql<MessageRow>`
    select ${sql.ref(`${about}.id`)}, told.text, told.as_of, told.next_step, told.next_step_date from ${table} cross join lateral (
      select text, as_of, next_step, next_step_date from opportunity_view
      where (subject_id = ${sql.ref(`${about}.id`)} or subject_id in (select id from merged_entity where survivor_id = ${sql.ref(`${about}.id`)}))
        and audience = 'CLIENT' and perspective in ('SELLER', 'OPERATIONS')
        and not exists (select 1 from view_withdrawal where view_id = opportunity_view.id)
        and (opportunity_view.client_id = ${clientId}::uuid
          or opportunity_view.client_id in (select id from merged_entity where survivor_id = ${clientId}::uuid))
      order by as_of desc, recorded_at desc, opportunity_view.id desc limit 1
    ) as told where client_id = ${clientId}::uuid and ${isShown}
    order by told.as_of desc, 1 limit ${(about === 'project' ? most.projects : most.messages) + 1}`.execute(rows);
  return found;
}

function messageFacts(row: MessageRow, zone: string): StatusMessage {
  const { text, next_step: nextStep, next_step_date: nextStepOn } = row;
  return { text, on: localDay(instantText(row.as_of), zone), nextStep, nextStepOn };
}
