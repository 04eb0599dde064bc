import type {
  HubSpotAssociation,
  HubSpotHistoryEntry,
  HubSpotPortal,
  HubSpotRecord,
} from '@plumbline/hubspot/emulator';
import { dateText, instantAt, instantText, type Day } from './days.ts';
import { amountText } from './money.ts';
import type { Client, CompanyOptions, Deal, Division, Person } from './plan.ts';
import { dealStages, headOffice } from './vocabulary.ts';

/** Part of what the portal holds, small enough to be in memory. */
export interface HubSpotBatch {
  records: readonly HubSpotRecord[];
  associations: readonly HubSpotAssociation[];
}

/** Ids of HubSpot's association types. */
const dealToPrimaryCompany = 5;
const lineItemToDeal = 20;

export function hubSpotPortal({ seed }: CompanyOptions, people: readonly Person[]): HubSpotPortal {
  return {
    portalId: 26_011_020,
    accessToken: `pat-eu1-sandbox-${seed}`,
    timeZone: headOffice.zone,
    companyCurrency: headOffice.currency,
    additionalCurrencies: ['USD', 'GBP', 'CHF', 'JPY'],
    owners: people.flatMap(({ ownerId, number, email, first, last, leftOn }) =>
      ownerId === null
        ? []
        : [
            {
              id: ownerId,
              userId: 9_000_000 + number,
              email,
              firstName: first,
              lastName: last,
              archived: leftOn !== null,
            },
          ],
    ),
    pipelines: (['default', 'change-orders'] as const).map((id) => ({
      id,
      label: id === 'default' ? 'New business' : 'Change orders',
      stages: dealStages
        .filter(({ pipeline }) => pipeline === id)
        .map((stage) => ({
          id: stage.id,
          label: stage.label,
          probability: stage.probability,
          isClosed: stage.isClosed,
        })),
    })),
    properties: [
      { objectType: 'deals', name: 'jira_project_key', label: 'Jira project', type: 'string' },
      { objectType: 'deals', name: 'change_request_key', label: 'Change request', type: 'string' },
      { objectType: 'deals', name: 'next_step_date', label: 'Next step due', type: 'date' },
      { objectType: 'companies', name: 'billing_currency', label: 'Billing currency', type: 'string' },
    ],
  };
}

/** Companies, deals and line items of one division. */
export function hubSpotBatch(division: Division): HubSpotBatch {
  const { clients, deals, today } = division;
  return {
    records: [
      ...clients.map((client) => companyRecord(client, today)),
      ...deals.flatMap((deal) => [dealRecord(deal, division), ...lineItemRecords(deal)]),
    ],
    associations: deals.flatMap(({ id, client, lineItems }) => [
      {
        from: { type: 'deals' as const, id },
        to: { type: 'companies' as const, id: client.companyId },
        typeId: dealToPrimaryCompany,
      },
      ...lineItems.map((item) => ({
        from: { type: 'line_items' as const, id: item.id },
        to: { type: 'deals' as const, id },
        typeId: lineItemToDeal,
      })),
    ]),
  };
}

function companyRecord({ companyId, name, domain, region, owner, number }: Client, today: Day): HubSpotRecord {
  const created = momentOf(today - 500 - (number % 90), 1);
  return {
    type: 'companies',
    id: companyId,
    properties: {
      name,
      domain,
      country: region.country,
      billing_currency: region.currency,
      hubspot_owner_id: owner.ownerId,
    },
    created,
    updated: created + 3_600_000,
  };
}

function dealRecord(deal: Deal, { today }: Division): HubSpotRecord {
  const history = {
    dealstage: entries(
      deal.stages.map(({ stage, on }) => ({ value: stage, on })),
      deal.owner,
    ),
    amount: entries(
      deal.amounts.map(({ value, on }) => ({ value: amountText(value, deal.currency), on })),
      deal.owner,
    ),
    closedate: entries(
      deal.closeDates.map(({ value, on }) => ({ value: closeMoment(value, deal.id), on })),
      deal.owner,
    ),
    hubspot_owner_id: entries([{ value: deal.owner.ownerId ?? '', on: deal.createdOn }], deal.owner),
  };
  const latest = Math.max(
    ...Object.values(history).map(([newest]) => newest?.at ?? 0),
    momentOf(deal.lastActivityOn, 2),
  );
  return {
    type: 'deals',
    id: deal.id,
    properties: {
      dealname: deal.name,
      amount: history.amount[0]?.value ?? null,
      deal_currency_code: deal.currency,
      pipeline: deal.pipeline,
      dealstage: history.dealstage[0]?.value ?? null,
      closedate: history.closedate[0]?.value ?? null,
      hubspot_owner_id: deal.owner.ownerId,
      notes_last_contacted: instantText(momentOf(deal.lastActivityOn, 2)),
      hs_next_step: deal.nextStep?.text ?? null,
      next_step_date: deal.nextStep ? dateText(deal.nextStep.on) : null,
      jira_project_key: deal.projectKey,
      change_request_key: deal.changeRequestKey,
    },
    history,
    created: momentOf(deal.createdOn, 0),
    // Somebody edited the pipeline two days ago: that moved every deal's last modification, and says nothing of activity.
    updated: Math.max(latest, momentOf(today - 2, 0) + (Number(deal.id) % 3_000)),
    ...(deal.archived ? { archived: true } : {}),
  };
}

function lineItemRecords({ lineItems, currency, createdOn }: Deal): HubSpotRecord[] {
  return lineItems.map(({ id, name, quantity, unitPrice, discountPercent }) => ({
    type: 'line_items',
    id,
    properties: {
      name,
      quantity: String(quantity),
      price: amountText(unitPrice, currency),
      hs_discount_percentage: discountPercent === 0 ? null : String(discountPercent),
      hs_line_item_currency_code: currency,
    },
    created: momentOf(createdOn, 3),
    updated: momentOf(createdOn, 3),
  }));
}

/** Newest first, as HubSpot keeps them; several of one day stay in their order. */
function entries(values: readonly { value: string; on: Day }[], owner: Person): HubSpotHistoryEntry[] {
  return values
    .map(({ value, on }, index) => ({
      value,
      at: momentOf(on, index === 0 ? 0 : index),
      sourceType: index === 0 ? 'CRM_UI_BULK_ACTION' : 'CRM_UI',
      userId: 9_000_000 + owner.number,
    }))
    .toReversed();
}

/** A moment of the head office's working day; later turns are later hours. */
function momentOf(day: Day, turn: number): number {
  return instantAt(day, (9 + turn) * 3_600, headOffice.zone);
}

/** The close date as people enter it: a moment of that day in the portal's zone, which in UTC may be the day before. */
function closeMoment(day: Day, id: string): string {
  return instantText(instantAt(day, Number(id) % 9 === 0 ? 30 * 60 : 12 * 3_600, headOffice.zone));
}
