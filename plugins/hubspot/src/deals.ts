import { defineStream, field, view, viewRecords } from '@plumbline/connector';
import { presentPortal, readPipelines, recentPortal, type Portal } from './account.ts';
import type { HubSpotApis } from './client.ts';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';
import { changeCursorSchema, fingerprint, LAG_MS, RECORD_FORM, type ChangeCursor } from './cursor.ts';
import { dealUrl, mapDeal } from './deal-map.ts';
import {
  collectDeals,
  dealHistory,
  dealPayloadSchema,
  dealProperties,
  type DealPayload,
  type DealSurroundings,
} from './deal-payload.ts';
import { confirmObjects, listRecords, lookAtObjects, readObjectPages, type ObjectReading } from './read-objects.ts';
import { apisOf, readAssociations, readObjects, type HubSpotContext, type RawObject } from './requests.ts';

const dealView = view({
  on: 'opportunity',
  description: 'A HubSpot deal, as HubSpot shows it.',
  fields: {
    id: field.text('HubSpot’s id of the deal.'),
    url: field.text('Where people open it.'),
    pipeline: field.text('Label of its pipeline; null when the pipeline is gone.'),
    stage: field.text('Label of its stage; null when the stage is gone.'),
    type: field.text('HubSpot’s deal type, such as "newbusiness", where the mapping asks for `dealtype`.'),
    lineItems: viewRecords({
      of: 'lineItem',
      by: 'opportunity',
      description: 'Its line items; null as long as they were never read to the end.',
    }),
  },
  read(payload: DealPayload) {
    const { deal, pipeline, stages } = payload;
    const stage = stages.find(({ id }) => id === deal.properties['dealstage']);
    return {
      id: deal.id,
      url: dealUrl(payload),
      pipeline: pipeline?.label ?? null,
      stage: stage?.label ?? null,
      type: deal.properties['dealtype'] ?? null,
    };
  },
});

/** Deals with their history, company and stage. Pipelines have no change feed: when they change, all deals are read again. */
export const deals = defineStream<HubSpotConfig, HubSpotSecrets, DealPayload, ChangeCursor>({
  name: 'deals',
  description: 'Deals, as opportunities, with the history of stage, amount, close date and owner.',
  kinds: ['opportunity'],
  raw: dealPayloadSchema,
  cursor: changeCursorSchema,
  worth: { granularityMs: 1, lagMs: LAG_MS, zone: 'UTC', tieBreaker: 'id' },
  async *poll(context, cursor) {
    yield* readObjectPages(context, await dealReading(context, cursor), cursor);
  },
  census: (context) => listRecords(context, 'deals', { read: (found) => companiesOf(apisOf(context), found) }),
  confirm: (context, ids) => confirmObjects(context, 'deals', ids),
  look: async (context, ids) => lookAtObjects(await dealReading(context), ids),
  map: mapDeal,
  views: [dealView],
});

/** A portal that was read lately will do as long as it is the one the cursor knows: payloads are all of one portal. */
async function dealReading(context: HubSpotContext, cursor: ChangeCursor | null = null): Promise<ObjectReading> {
  const apis = apisOf(context);
  const { config } = context;
  const properties = dealProperties(config);
  const history = dealHistory(config);
  const pipelines = await readPipelines(apis);
  const shapeOf = (portal: Portal): string =>
    fingerprint([RECORD_FORM, properties, history, config.deals.pipelines, portal, pipelines]);
  const recent = recentPortal(context);
  const portal = recent && shapeOf(recent) === cursor?.shape ? recent : await presentPortal(context, apis);
  const byId = (ids: readonly string[]): Promise<RawObject[]> =>
    readObjects(apis, 'deals', { ids, properties, history });
  return {
    apis,
    type: 'deals',
    properties: [],
    shape: shapeOf(portal),
    // Search gives no history and may be behind: what it names is read by id.
    async collect(found) {
      const read = await byId(found.map(({ id }) => id));
      return collectDeals(read, { portal, pipelines, companies: await companiesOf(apis, read) }, config);
    },
    reread: async (ids) => ids.map((id) => ({ id })),
  };
}

async function companiesOf(apis: HubSpotApis, deals: readonly RawObject[]): Promise<DealSurroundings['companies']> {
  const companies = await readAssociations(
    apis,
    { from: 'deals', to: 'companies' },
    deals.map(({ id }) => id),
  );
  return (dealId) => companies.get(dealId) ?? [];
}
