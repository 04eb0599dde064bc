import { field, record, view, type MoneyValue, type UnifiedRecord } from '@plumbline/connector';
import { z } from 'zod';
import { portalSchema } from './account.ts';
import type { HubSpotConfig } from './config.ts';
import { associatedSchema } from './deal-payload.ts';
import { customFieldsOf, decimalOf, given, localDateOf, moneyOf, objectSchema, readProperty } from './values.ts';

export const OWN_CURRENCY = 'hs_line_item_currency_code';
const QUANTITY_SCALE = 6;
/** Unit prices may be finer than the currency's coins. */
const FINER_PRICE = 4;

export const lineItemPayloadSchema = z.looseObject({
  lineItem: objectSchema,
  deals: z.array(associatedSchema),
  /** The currency of its deal, where it has none of its own. */
  dealCurrency: z.string().nullish(),
  portal: portalSchema.pick({ currency: true, timeZone: true }),
});
export type LineItemPayload = z.output<typeof lineItemPayloadSchema>;

/** What the mapping and the view read. */
export const lineItemProperties = [
  'name',
  'quantity',
  'price',
  'amount',
  OWN_CURRENCY,
  'hs_product_id',
  'hs_sku',
  'recurringbillingfrequency',
  'hs_recurring_billing_period',
  'hs_recurring_billing_start_date',
] as const;

/** A line item with its deal. Pure; throws with the property's name on what it cannot read. */
export function mapLineItem(payload: LineItemPayload, config: HubSpotConfig): UnifiedRecord[] {
  const { lineItem, deals, portal } = payload;
  const { id, properties } = lineItem;
  const [deal] = deals;
  return [
    record<'lineItem'>({
      kind: 'lineItem',
      id,
      keys: [`hubspot-line-item:${id}`],
      fields: {
        opportunity: deal ? `hubspot-deal:${deal.id}` : null,
        name: given(properties['name']),
        quantity: quantityOf(payload),
        unitPrice: amountOf(payload, 'price', FINER_PRICE),
        amount: amountOf(payload, 'amount', 0),
      },
      customFields: customFieldsOf('line item', lineItem, {
        fields: config.lineItems.customFields,
        timeZone: portal.timeZone,
      }),
    }),
  ];
}

export const lineItemView = view({
  on: 'lineItem',
  description: 'A HubSpot line item, as HubSpot shows it.',
  fields: {
    id: field.text('HubSpot’s id of the line item.'),
    name: field.text('What is sold.'),
    product: field.text('HubSpot’s id of the product it was made of; null for one that was made by hand.'),
    sku: field.text('The product’s stock keeping unit, as it was when the line item was made.'),
    quantity: field.decimal('How many units.'),
    price: field.money('Price of one unit, in the line item’s own currency, its deal’s or the portal’s.'),
    amount: field.money('Price of the whole line, after discounts.'),
    billing: field.text('How often it is billed, such as "monthly"; null for once.'),
    billingTerm: field.text('For how long it is billed, such as "P12M"; null for once, or until it is cancelled.'),
    billingStart: field.localDate('The day from which it is billed.'),
  },
  read(payload: LineItemPayload) {
    const { lineItem, portal } = payload;
    const text = (property: string): string | null => given(lineItem.properties[property]) ?? null;
    const billingStart = { what: 'line item', object: lineItem, property: 'hs_recurring_billing_start_date' };
    return {
      id: lineItem.id,
      name: text('name'),
      product: text('hs_product_id'),
      sku: text('hs_sku'),
      quantity: quantityOf(payload) ?? null,
      price: amountOf(payload, 'price', FINER_PRICE) ?? null,
      amount: amountOf(payload, 'amount', 0) ?? null,
      billing: text('recurringbillingfrequency'),
      billingTerm: text('hs_recurring_billing_period'),
      billingStart: readProperty(billingStart, (value, place) => localDateOf(place, value, portal.timeZone)) ?? null,
    };
  },
});

function quantityOf({ lineItem }: LineItemPayload): string | null | undefined {
  const of = { what: 'line item', object: lineItem, property: 'quantity' };
  return readProperty(of, (value, place) => decimalOf(place, value, QUANTITY_SCALE));
}

function amountOf(
  { lineItem, dealCurrency, portal }: LineItemPayload,
  property: 'price' | 'amount',
  finer: number,
): MoneyValue | null | undefined {
  return readProperty({ what: 'line item', object: lineItem, property }, (value, place) => {
    const code = given(lineItem.properties[OWN_CURRENCY]) ?? dealCurrency ?? portal.currency;
    return moneyOf(place, value, { code, place: { ...place, property: OWN_CURRENCY } }, finer);
  });
}
