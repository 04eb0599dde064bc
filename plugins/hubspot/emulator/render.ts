import { alwaysProperties, defaultProperties } from './catalogue.ts';
import type { ObjectVersion } from './object-table.ts';
import { objectTypeIds, type PortalState } from './portal-state.ts';
import type { HubSpotHistoryEntry, HubSpotObjectType, HubSpotPipeline } from './seed.ts';

export interface Wanted {
  properties?: readonly string[] | undefined;
  history?: readonly string[] | undefined;
}

/** A record as HubSpot answers it: every value text or null, unknown names left out without a word. */
export function renderObject(
  state: PortalState,
  type: HubSpotObjectType,
  version: ObjectVersion,
  wanted: Wanted = {},
): Record<string, unknown> {
  const catalogue = state.catalogues[type];
  const asked = wanted.properties?.length ? wanted.properties : defaultProperties[type];
  const names = [...new Set([...asked, ...alwaysProperties])].filter((name) => catalogue.has(name)).sort();
  const rendered: Record<string, unknown> = {
    id: version.id,
    properties: Object.fromEntries(names.map((name) => [name, valueOf(state, type, version, name)])),
    createdAt: iso(version.created),
    updatedAt: iso(version.updated),
    archived: version.archivedAt !== null,
    ...(version.archivedAt === null ? {} : { archivedAt: iso(version.archivedAt) }),
    url: `https://app.hubspot.com/contacts/${state.portal.portalId}/record/${objectTypeIds[type]}/${version.id}`,
  };
  if (wanted.history?.length) {
    rendered['propertiesWithHistory'] = Object.fromEntries(
      wanted.history
        .filter((name) => catalogue.has(name))
        .map((name) => [name, historyOf(state, type, version, name).map(renderEntry)]),
    );
  }
  return distort(rendered, state.broken.get(`${type}:${version.id}`));
}

/** The value of one property; what HubSpot computes is computed, unless the seed says otherwise. */
export function valueOf(
  state: PortalState,
  type: HubSpotObjectType,
  version: ObjectVersion,
  name: string,
): string | null {
  if (name === 'hs_object_id') return version.id;
  if (name === 'hs_lastmodifieddate') return iso(version.updated);
  const stored = version.properties[name];
  if (stored !== undefined) return stored === '' ? null : stored;
  if (name === 'createdate' || name === 'hs_createdate') return iso(version.created);
  if (type === 'deals') return dealValue(state, version, name);
  if (type === 'line_items' && (name === 'amount' || name === 'hs_pre_discount_amount'))
    return lineAmount(version, name);
  return null;
}

/** What HubSpot has on record of a property, newest first. */
export function historyOf(
  state: PortalState,
  type: HubSpotObjectType,
  version: ObjectVersion,
  name: string,
): readonly HubSpotHistoryEntry[] {
  const kept = version.history?.[name];
  if (kept) return kept;
  const value = valueOf(state, type, version, name);
  return value === null ? [] : [{ value, at: version.created, sourceType: 'CRM_UI' }];
}

export function iso(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString();
}

function dealValue(state: PortalState, version: ObjectVersion, name: string): string | null {
  const stage = stageOf(state.pipelines, version);
  const amount = version.properties['amount'];
  switch (name) {
    case 'hs_deal_stage_probability':
      return stage ? dusty(stage.probability) : null;
    case 'hs_is_closed':
      return String(stage?.isClosed ?? false);
    case 'hs_is_closed_won':
      return String(stage?.isClosed === true && stage.probability === 1);
    case 'amount_in_home_currency':
      return amount ? dusty(Number(amount) * homeRate(state, version)) : null;
    case 'hs_forecast_amount':
      return amount ?? null;
    case 'hs_projected_amount':
      return amount && stage ? timesExactly(amount, stage.probability) : null;
    case 'hs_closed_amount':
      return amount && stage?.isClosed && stage.probability === 1 ? amount : '0';
    case 'hs_v2_date_entered_current_stage':
      return iso(enteredStageAt(version));
    default:
      return null;
  }
}

function stageOf(
  pipelines: readonly HubSpotPipeline[],
  version: ObjectVersion,
): HubSpotPipeline['stages'][number] | undefined {
  const id = version.properties['dealstage'];
  const own = pipelines.find((pipeline) => pipeline.id === version.properties['pipeline']);
  return (own ? own.stages : pipelines.flatMap((pipeline) => pipeline.stages)).find((stage) => stage.id === id);
}

function enteredStageAt(version: ObjectVersion): number {
  const entries = version.history?.['dealstage'] ?? [];
  const current = version.properties['dealstage'];
  const before = entries.findIndex((entry) => entry.value !== current);
  const first = before === -1 ? entries.at(-1) : entries[before - 1];
  return first?.at ?? version.created;
}

function homeRate(state: PortalState, version: ObjectVersion): number {
  const currency = version.properties['deal_currency_code'] ?? state.portal.companyCurrency;
  if (currency === state.portal.companyCurrency) return 1;
  const rates = (state.portal.exchangeRates ?? []).filter(
    (rate) => rate.from === currency && rate.to === state.portal.companyCurrency,
  );
  return rates.toSorted((a, b) => b.effectiveAt - a.effectiveAt)[0]?.rate ?? 1;
}

function lineAmount(version: ObjectVersion, name: string): string | null {
  const { price, quantity, discount, hs_discount_percentage: percentage } = version.properties;
  if (!price) return null;
  const full = Number(price) * Number(quantity ?? 1);
  if (name === 'hs_pre_discount_amount') return dusty(full);
  return dusty(full * (1 - Number(percentage ?? 0) / 100) - Number(discount ?? 0) * Number(quantity ?? 1));
}

/** Digits enough for every number HubSpot computes here. */
const LONGEST_EXPANSION = 60;

/** A computed number as HubSpot prints it: the whole expansion of the binary fraction. */
function dusty(value: number): string {
  return value.toFixed(LONGEST_EXPANSION).replace(/\.?0+$/, '');
}

/** A decimal text times the exact value of a binary fraction: 15,000 at 0.4 is 6000.000000000000333… */
function timesExactly(text: string, factor: number): string {
  const [a, b] = [scaled(text), scaled(dusty(factor))];
  const scale = a.scale + b.scale;
  const digits = String(a.digits * b.digits).padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, '');
}

function scaled(text: string): { digits: bigint; scale: number } {
  const [whole = '0', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function renderEntry(entry: HubSpotHistoryEntry): Record<string, unknown> {
  return {
    value: entry.value,
    timestamp: iso(entry.at),
    sourceType: entry.sourceType,
    ...(entry.sourceId === undefined ? {} : { sourceId: entry.sourceId }),
    ...(entry.userId === undefined ? {} : { updatedByUserId: entry.userId }),
  };
}

/** Lays a planted fault over an answer: objects member by member, anything else in place of what was there. */
function distort(
  rendered: Record<string, unknown>,
  patch: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  if (!patch) return rendered;
  const result = { ...rendered };
  for (const [name, value] of Object.entries(patch)) {
    const present = result[name];
    result[name] = isPlain(value) && isPlain(present) ? distort(present, value) : value;
  }
  return result;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
