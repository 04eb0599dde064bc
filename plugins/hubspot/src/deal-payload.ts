import { z } from 'zod';
import { portalSchema, stageSchema, type Pipeline, type Portal } from './account.ts';
import type { HubSpotConfig } from './config.ts';
import { rawRecord, type Collected } from './read-objects.ts';
import type { Associated, RawObject } from './requests.ts';
import { listOf, objectSchema } from './values.ts';

export const associatedSchema = z.looseObject({ id: z.string(), typeIds: z.array(z.number()) });

/** A deal as it is kept: what HubSpot sent, and what of its surroundings the mapping needs. */
export const dealPayloadSchema = z.looseObject({
  deal: objectSchema,
  companies: z.array(associatedSchema),
  pipeline: z.object({ id: z.string(), label: z.string() }).nullable(),
  /** Those stages that the deal is or was in. */
  stages: z.array(stageSchema),
  portal: portalSchema,
});
export type DealPayload = z.output<typeof dealPayloadSchema>;

export interface DealSurroundings {
  portal: Portal;
  pipelines: readonly Pipeline[];
  companies(dealId: string): readonly Associated[];
}

/** Which properties the configuration makes the connector ask for. */
export function dealProperties(config: HubSpotConfig): string[] {
  const { properties, projectKey, customFields } = config.deals;
  const names = [
    'dealstage',
    'pipeline',
    'createdate',
    'hs_lastmodifieddate',
    'hs_is_closed',
    'hs_is_closed_won',
    'hs_merged_object_ids',
    ...Object.values(properties).filter((name) => name !== null),
    ...(projectKey ? [projectKey.property] : []),
    ...Object.values(customFields).map(({ property }) => property),
  ];
  return [...new Set(names)].sort();
}

/** Which properties are asked for with their history. */
export function dealHistory(config: HubSpotConfig): string[] {
  const { history, properties } = config.deals;
  const names = history.map((field) => (field === 'stage' ? 'dealstage' : properties[field]));
  return [...new Set(names.filter((name) => name !== null))];
}

/** Records of the deals that are read, deletions of those that were merged away or have left the configured pipelines. */
export function collectDeals(
  deals: readonly RawObject[],
  surroundings: DealSurroundings,
  config: HubSpotConfig,
): Collected {
  const collected: Collected = { records: [], deletes: [] };
  for (const deal of deals) {
    const payload = payloadOf(deal, surroundings);
    const record = rawRecord(deal, payload, payload.companies);
    const pipeline = propertyOf(deal, 'pipeline');
    if (config.deals.pipelines && pipeline !== null && !config.deals.pipelines.includes(pipeline)) {
      collected.deletes.push({ id: deal.id, at: record.changedAt });
    } else {
      collected.records.push(record);
    }
    collected.deletes.push(...mergedAway(deal));
  }
  return collected;
}

/** The records that were merged into this one: they are gone under their own ids. */
export function mergedAway(object: RawObject): { id: string; at: null }[] {
  const ids = listOf(propertyOf(object, 'hs_merged_object_ids') ?? '');
  return ids.filter((id) => id !== object.id).map((id) => ({ id, at: null }));
}

function payloadOf(deal: RawObject, { portal, pipelines, companies }: DealSurroundings) {
  const pipeline = pipelines.find(({ id }) => id === propertyOf(deal, 'pipeline'));
  const known = stageIds(deal);
  return {
    deal,
    companies: companies(deal.id),
    pipeline: pipeline ? { id: pipeline.id, label: pipeline.label } : null,
    stages: pipelines.flatMap(({ stages }) => stages.filter(({ id }) => known.has(id))),
    portal,
  } satisfies Record<keyof RawDealPayload, unknown>;
}

type RawDealPayload = Pick<DealPayload, 'deal' | 'companies' | 'pipeline' | 'stages' | 'portal'>;

function stageIds(deal: RawObject): Set<string | null> {
  const histories = z
    .looseObject({ dealstage: z.array(z.looseObject({ value: z.string() })).catch([]) })
    .catch({ dealstage: [] })
    .parse(deal['propertiesWithHistory'] ?? {});
  return new Set([propertyOf(deal, 'dealstage'), ...histories.dealstage.map(({ value }) => value)]);
}

/** A property of a record that nobody has checked yet; null when it is no text. */
export function propertyOf(object: RawObject, name: string): string | null {
  const { properties } = object as { properties?: unknown };
  if (typeof properties !== 'object' || properties === null) return null;
  const value = (properties as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
