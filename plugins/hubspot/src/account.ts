import { z } from 'zod';
import { rawBody, type HubSpotApis } from './client.ts';
import type { HubSpotConfig } from './config.ts';
import { understood, type HubSpotContext } from './requests.ts';

export const portalSchema = z.object({
  id: z.number(),
  currency: z.string(),
  timeZone: z.string(),
  uiDomain: z.string(),
});
/** What of the account goes into payloads. */
export type Portal = z.output<typeof portalSchema>;

export const stageSchema = z.object({
  id: z.string(),
  pipeline: z.string(),
  label: z.string(),
  probability: z.number().nullable(),
  isClosed: z.boolean(),
});
export type Stage = z.output<typeof stageSchema>;

export interface Pipeline {
  id: string;
  label: string;
  stages: Stage[];
}

const accountSchema = z.looseObject({
  portalId: z.number(),
  companyCurrency: z.string(),
  timeZone: z.string(),
  uiDomain: z.string().default('app.hubspot.com'),
});

const pipelinesSchema = z.looseObject({
  results: z.array(
    z.looseObject({
      id: z.string(),
      label: z.string(),
      stages: z.array(
        z.looseObject({
          id: z.string(),
          label: z.string(),
          metadata: z
            .looseObject({ probability: z.coerce.number().optional(), isClosed: z.coerce.string().optional() })
            .default({}),
        }),
      ),
    }),
  ),
});

const propertiesSchema = z.looseObject({
  results: z.array(
    z.looseObject({
      name: z.string(),
      type: z.string(),
      label: z.string().default(''),
      hubspotDefined: z.boolean().default(false),
    }),
  ),
});

export async function readPortal(apis: Pick<HubSpotApis, 'get'>): Promise<Portal> {
  const account = understood(accountSchema, await apis.get('/account-info/v3/details'), 'account details');
  const { portalId, companyCurrency, timeZone, uiDomain } = account;
  return { id: portalId, currency: companyCurrency, timeZone, uiDomain };
}

/** By the configuration of an installed source. */
const portals = new WeakMap<HubSpotConfig, { portal: Portal; readAt: number }>();
const PORTAL_LASTS_MS = 15 * 60_000;

/** The portal as it is now, kept for the other streams of the source. */
export async function presentPortal(context: HubSpotContext, apis: HubSpotApis): Promise<Portal> {
  const readAt = context.clock.now().epochMilliseconds;
  const portal = await readPortal(apis);
  portals.set(context.config, { portal, readAt });
  return portal;
}

/** The portal as some stream of the source read it within a quarter of an hour; null when none did. */
export function recentPortal({ config, clock }: HubSpotContext): Portal | null {
  const kept = portals.get(config);
  const age = clock.now().epochMilliseconds - (kept?.readAt ?? 0);
  return kept && Math.abs(age) < PORTAL_LASTS_MS ? kept.portal : null;
}

/** The deal pipelines, each in the order HubSpot shows. */
export async function readPipelines(apis: HubSpotApis): Promise<Pipeline[]> {
  const body = await rawBody(apis.pipelines.getAllWithHttpInfo('deals'));
  return understood(pipelinesSchema, body, 'deal pipelines').results.map(({ id, label, stages }) => ({
    id,
    label,
    stages: stages.map((stage) => {
      const probability = stage.metadata.probability ?? null;
      // Older pipelines do not say what is closed: there the two ends of the scale are.
      const ends = probability === 0 || probability === 1;
      const isClosed = stage.metadata.isClosed === undefined ? ends : stage.metadata.isClosed === 'true';
      return { id: stage.id, pipeline: id, label: stage.label, probability, isClosed };
    }),
  }));
}

/** A property of a type of record: its internal name, the type of its values, and what people call it. */
export type Property = z.output<typeof propertiesSchema>['results'][number];

export async function readProperties(apis: HubSpotApis, type: string): Promise<Property[]> {
  const body = await rawBody(apis.properties.getAllWithHttpInfo(type));
  return understood(propertiesSchema, body, `properties of ${type}`).results;
}
