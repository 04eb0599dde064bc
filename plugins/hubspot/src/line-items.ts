import { defineStream, record, type UnifiedRecord } from '@plumbline/connector';
import { z } from 'zod';
import { portalSchema, readPortal } from './account.ts';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';
import { changeCursorSchema, fingerprint, LAG_MS, type ChangeCursor } from './cursor.ts';
import { associatedSchema } from './deal-payload.ts';
import {
  confirmObjects,
  listIds,
  lookAtObjects,
  rawRecord,
  readObjectPages,
  type ObjectReading,
} from './read-objects.ts';
import { apisOf, detailsOf, readAssociations, type HubSpotContext } from './requests.ts';
import { customFieldsOf, decimalOf, given, moneyOf, objectSchema } from './values.ts';

const QUANTITY_SCALE = 6;
/** Unit prices may be finer than the currency's coins. */
const FINER_PRICE = 4;

const lineItemPayloadSchema = z.looseObject({
  lineItem: objectSchema,
  deals: z.array(associatedSchema),
  portal: portalSchema.pick({ currency: true, timeZone: true }),
});
type LineItemPayload = z.output<typeof lineItemPayloadSchema>;

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
  census: (context) => listIds(context, 'line_items'),
  confirm: (context, ids) => confirmObjects(context, 'line_items', ids),
  look: async (context, ids) => lookAtObjects(await lineItemReading(context), ids),
  map: mapLineItem,
});

async function lineItemReading(context: HubSpotContext): Promise<ObjectReading> {
  const apis = apisOf(context);
  const { currency, timeZone } = await readPortal(apis);
  const details = detailsOf(apis, 'line_items', lineItemProperties(context.config));
  return {
    apis,
    type: 'line_items',
    properties: details.inSearch,
    shape: fingerprint([details.properties, currency, timeZone]),
    async collect(found) {
      const read = await details.read(found);
      const ids = read.map(({ id }) => id);
      const deals = ids.length > 0 ? await readAssociations(apis, { from: 'line_items', to: 'deals' }, ids) : new Map();
      const portal = { currency, timeZone };
      return {
        records: read.map((lineItem) => rawRecord(lineItem, { lineItem, deals: deals.get(lineItem.id) ?? [], portal })),
        deletes: [],
      };
    },
    reread: details.byId,
  };
}

function lineItemProperties(config: HubSpotConfig): string[] {
  const custom = Object.values(config.lineItems.customFields).map(({ property }) => property);
  return [...new Set(['name', 'quantity', 'price', 'amount', 'hs_line_item_currency_code', ...custom])].sort();
}

/** A line item with its deal. Pure; throws with the property's name on what it cannot read. */
function mapLineItem({ lineItem, deals, portal }: LineItemPayload, config: HubSpotConfig): UnifiedRecord[] {
  const { id, properties } = lineItem;
  const place = (property: string) => ({ what: 'line item', id, property });
  const own = given(properties['hs_line_item_currency_code']);
  const currency = { code: own ?? portal.currency, place: place('hs_line_item_currency_code') };
  const money = (property: string, finer: number) => {
    const value = given(properties[property]);
    return value ? moneyOf(place(property), value, currency, finer) : value;
  };
  const quantity = given(properties['quantity']);
  const [deal] = deals;
  return [
    record<'lineItem'>({
      kind: 'lineItem',
      id,
      keys: [`hubspot-line-item:${id}`],
      fields: {
        opportunity: deal ? `hubspot-deal:${deal.id}` : null,
        name: given(properties['name']),
        quantity: quantity ? decimalOf(place('quantity'), quantity, QUANTITY_SCALE) : quantity,
        unitPrice: money('price', FINER_PRICE) as { amount: string; currency: string } | null | undefined,
        amount: money('amount', 0) as { amount: string; currency: string } | null | undefined,
      },
      customFields: customFieldsOf('line item', lineItem, {
        fields: config.lineItems.customFields,
        timeZone: portal.timeZone,
      }),
    }),
  ];
}
