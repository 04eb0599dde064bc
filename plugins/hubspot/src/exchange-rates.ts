import { defineStream, record, type Page, type Stream, type UnifiedRecord } from '@plumbline/connector';
import { z } from 'zod';
import { readPortal } from './account.ts';
import type { HubSpotApis } from './client.ts';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';
import { rawRecord } from './read-objects.ts';
import { apisOf, listingOfBody, pagesOf, skippedOf, type HubSpotContext, type Listing } from './requests.ts';
import { decimalOf, localDateOf } from './values.ts';

/** A yen in a currency of large coins has its first digit far behind the point. */
const RATE_SCALE = 15;

const ratePayloadSchema = z.looseObject({
  rate: z.looseObject({
    id: z.string().min(1),
    fromCurrencyCode: z.string().regex(/^[A-Z]{3}$/),
    toCurrencyCode: z.string().regex(/^[A-Z]{3}$/),
    conversionRate: z.number(),
    effectiveAt: z.string(),
  }),
  portal: z.object({ timeZone: z.string() }),
});
type RatePayload = z.output<typeof ratePayloadSchema>;

const stream = defineStream<HubSpotConfig, HubSpotSecrets, RatePayload, object>({
  name: 'exchange-rates',
  description: 'Exchange rates of the portal’s currencies, past ones included.',
  kinds: ['exchangeRate'],
  raw: ratePayloadSchema,
  cursor: z.looseObject({}),
  worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'none' },
  everyMinutes: 60,
  poll: pollRates,
  map: mapRate,
});

/** Only where it is asked for: the scope is one that other streams do not need, and many firms keep their rates elsewhere. */
export const exchangeRates = (config: HubSpotConfig): Stream[] => (config.exchangeRates ? [stream(config)] : []);

/** The list is short and has no change feed: it is read whole, and a rate that is no longer in it is gone. */
async function* pollRates(context: HubSpotContext): AsyncGenerator<Page> {
  const apis = apisOf(context);
  const { timeZone } = await readPortal(apis);
  const allIds: string[] = [];
  let isWhole = true;
  for await (const listing of pagesOf((after) => listRates(apis, after))) {
    allIds.push(...listing.objects.map(({ id }) => id));
    isWhole &&= listing.nameless === 0;
    const complete = listing.after === null;
    yield {
      records: listing.objects.map((rate) => rawRecord(rate, { rate, portal: { timeZone } })),
      cursor: {},
      complete,
      skipped: skippedOf(listing, 'exchange rates'),
      ...(complete && isWhole ? { allIds } : {}),
    };
  }
}

export async function listRates(apis: HubSpotApis, after: string | null): Promise<Listing> {
  const place = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  return listingOfBody(await apis.get(`/settings/v3/currencies/exchange-rates?limit=100${place}`), 'exchange rates');
}

/** What one unit of the currency it is from buys of the other, from the day it took effect where the portal is. */
function mapRate({ rate, portal }: RatePayload): UnifiedRecord[] {
  const place = (property: string) => ({ what: 'exchange rate', id: rate.id, property });
  return [
    record<'exchangeRate'>({
      kind: 'exchangeRate',
      id: rate.id,
      keys: [`hubspot-exchange-rate:${rate.id}`],
      fields: {
        base: rate.fromCurrencyCode,
        quote: rate.toCurrencyCode,
        validOn: localDateOf(place('effectiveAt'), rate.effectiveAt, portal.timeZone),
        rate: decimalOf(place('conversionRate'), String(rate.conversionRate), RATE_SCALE),
      },
    }),
  ];
}
