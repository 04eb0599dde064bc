import { defineStream } from '@plumbline/connector';
import { readPortal } from './account.ts';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';
import { changeCursorSchema, fingerprint, LAG_MS, RECORD_FORM, type ChangeCursor } from './cursor.ts';
import { propertyOf } from './deal-payload.ts';
import {
  lineItemPayloadSchema,
  lineItemProperties,
  lineItemView,
  mapLineItem,
  OWN_CURRENCY,
  type LineItemPayload,
} from './line-item-map.ts';
import {
  confirmObjects,
  listRecords,
  lookAtObjects,
  rawRecord,
  readObjectPages,
  type ObjectReading,
} from './read-objects.ts';
import {
  apisOf,
  detailsOf,
  readAssociations,
  readObjects,
  type Associated,
  type HubSpotContext,
  type RawObject,
} from './requests.ts';

export const lineItems = defineStream<HubSpotConfig, HubSpotSecrets, LineItemPayload, ChangeCursor>({
  name: 'line-items',
  description: 'Line items of deals.',
  kinds: ['lineItem'],
  raw: lineItemPayloadSchema,
  cursor: changeCursorSchema,
  worth: { granularityMs: 1, lagMs: LAG_MS, zone: 'UTC', tieBreaker: 'id' },
  async *poll(context, cursor) {
    yield* readObjectPages(context, await lineItemReading(context), cursor);
  },
  census: (context) =>
    listRecords(context, 'line_items', {
      properties: [OWN_CURRENCY],
      read: (found) => dealsOf(context, found),
    }),
  confirm: (context, ids) => confirmObjects(context, 'line_items', ids),
  look: async (context, ids) => lookAtObjects(await lineItemReading(context), ids),
  map: mapLineItem,
  views: [lineItemView],
});

async function lineItemReading(context: HubSpotContext): Promise<ObjectReading> {
  const apis = apisOf(context);
  const { currency, timeZone } = await readPortal(apis);
  const details = detailsOf(apis, 'line_items', wantedProperties(context.config));
  return {
    apis,
    type: 'line_items',
    properties: details.inSearch,
    shape: fingerprint([RECORD_FORM, details.properties, currency, timeZone]),
    async collect(found) {
      const read = await details.read(found);
      const around = await dealsOf(context, read);
      const portal = { currency, timeZone };
      return {
        records: read.map((lineItem) => {
          const own = around(lineItem.id);
          return rawRecord(lineItem, { lineItem, portal, ...own }, own);
        }),
        deletes: [],
      };
    },
    reread: details.byId,
  };
}

/** The deals of line items and, of those without a currency, that of their deal. */
async function dealsOf(
  context: HubSpotContext,
  lineItems: readonly RawObject[],
): Promise<(id: string) => { deals: readonly Associated[]; dealCurrency?: string }> {
  const ids = lineItems.map(({ id }) => id);
  const deals = await readAssociations(apisOf(context), { from: 'line_items', to: 'deals' }, ids);
  const currencies = await dealCurrencies(context, lineItems, deals);
  return (id) => {
    const dealCurrency = currencies.get(id);
    return { deals: deals.get(id) ?? [], ...(dealCurrency && { dealCurrency }) };
  };
}

async function dealCurrencies(
  context: HubSpotContext,
  lineItems: readonly RawObject[],
  deals: ReadonlyMap<string, readonly Associated[]>,
): Promise<ReadonlyMap<string, string>> {
  const property = context.config.deals.properties.currency;
  const dealIds = new Map(
    lineItems
      .filter((lineItem) => propertyOf(lineItem, OWN_CURRENCY) === null)
      .flatMap(({ id }) => (deals.get(id) ?? []).slice(0, 1).map((deal) => [id, deal.id] as const)),
  );
  if (property === null || dealIds.size === 0) return new Map();
  const wanted = { ids: [...new Set(dealIds.values())], properties: [property], history: [] };
  const read = await readObjects(apisOf(context), 'deals', wanted);
  const currencies = new Map(read.map((deal) => [deal.id, propertyOf(deal, property)]));
  return new Map(
    [...dealIds].flatMap(([id, dealId]) => {
      const code = currencies.get(dealId);
      return code ? [[id, code]] : [];
    }),
  );
}

function wantedProperties(config: HubSpotConfig): string[] {
  const custom = Object.values(config.lineItems.customFields).map(({ property }) => property);
  return [...new Set([...lineItemProperties, ...custom])].sort();
}
