import { record, type Key, type PastValue, type UnifiedRecord } from '@plumbline/connector';
import type { Stage } from './account.ts';
import type { HistoryField, HubSpotConfig } from './config.ts';
import type { DealPayload } from './deal-payload.ts';
import { stateOfStage, type OpportunityState } from './stage-state.ts';
import {
  customFieldsOf,
  decimalOf,
  given,
  instantOf,
  listOf,
  localDateOf,
  moneyOf,
  readProperty,
  userKey,
  type CrmObject,
  type Place,
} from './values.ts';

const PROBABILITY_SCALE = 6;
const PRIMARY_COMPANY = 5;

/** A deal as an opportunity. Pure; throws with the property's name on what it cannot read. */
export function mapDeal(payload: DealPayload, config: HubSpotConfig): UnifiedRecord[] {
  const { deal, portal } = payload;
  const merged = listOf(deal.properties['hs_merged_object_ids'] ?? '').filter((id) => id !== deal.id);
  return [
    record<'opportunity'>({
      kind: 'opportunity',
      id: deal.id,
      keys: [deal.id, ...merged].map((id): Key => `hubspot-deal:${id}`),
      fields: {
        ...plainFields(payload, config),
        ...stageFields(payload, config),
        ...relations(payload, config),
        url: dealUrl(payload),
      },
      customFields: customFieldsOf('deal', deal, { fields: config.deals.customFields, timeZone: portal.timeZone }),
      history: historyOf(payload, config),
    }),
  ];
}

/** Where people open it: HubSpot says so itself, though not in every answer. */
export function dealUrl({ deal, portal }: Pick<DealPayload, 'deal' | 'portal'>): string {
  return deal.url ?? `https://${portal.uiDomain}/contacts/${portal.id}/record/0-3/${deal.id}`;
}

type Fields = UnifiedRecord<'opportunity'>['fields'];

/** Undefined also where the site has no such property. */
function read<Value>(
  deal: CrmObject,
  property: string | null,
  convert: (value: string, place: Place) => Value,
): Value | null | undefined {
  return property === null ? undefined : readProperty({ what: 'deal', object: deal, property }, convert);
}

function plainFields(payload: DealPayload, config: HubSpotConfig): Fields {
  const { deal, portal } = payload;
  const { properties } = config.deals;
  const text = (value: string): string => value;
  const day = (value: string, place: Place): string => localDateOf(place, value, portal.timeZone);
  const moment = (value: string, place: Place): string => instantOf(place, value);
  return {
    name: read(deal, properties.name, text),
    amount: read(deal, properties.amount, (value, place) => moneyOf(place, value, currencyOf(payload, config))),
    closeDate: read(deal, properties.closeDate, day),
    createdAt: read(deal, 'createdate', moment) ?? deal.createdAt,
    lastActivityAt: read(deal, properties.lastActivityAt, moment),
    nextStep: read(deal, properties.nextStep, text),
    nextStepDate: read(deal, properties.nextStepDate, day),
    forecastCategory: read(deal, properties.forecastCategory, text),
  };
}

function stageFields(payload: DealPayload, config: HubSpotConfig): Fields {
  const { deal } = payload;
  const { properties, stageStates } = config.deals;
  const stageId = given(deal.properties['dealstage']);
  const stage = stageId ? stageOf(payload, stageId) : undefined;
  const own = read(deal, properties.probability, (value, place) => decimalOf(place, value, PROBABILITY_SCALE));
  const probability = own ?? (stage?.probability === null ? undefined : stage?.probability);
  return {
    pipeline: payload.pipeline?.label ?? given(deal.properties['pipeline']),
    stage: stage?.label ?? stageId,
    state: stage ? stateOfStage(stage, stageStates) : stageId ? stateWithoutStage(deal, stageId, config) : undefined,
    probability: probability === undefined ? own : String(probability),
    stageEnteredAt: read(deal, properties.stageEnteredAt, (value, place) => instantOf(place, value)) ?? enteredAt(deal),
  };
}

/** A stage that no pipeline has any more: HubSpot still says on the deal whether it is closed. */
function stateWithoutStage(deal: CrmObject, id: string, config: HubSpotConfig): OpportunityState | undefined {
  const probability = read(deal, 'hs_deal_stage_probability', (value, place) =>
    decimalOf(place, value, PROBABILITY_SCALE),
  );
  const isWon = deal.properties['hs_is_closed_won'] === 'true';
  const isClosed = deal.properties['hs_is_closed'] === 'true';
  const chance = isClosed ? Number(isWon) : probability ? Number(probability) : null;
  return stateOfStage({ id, isClosed, probability: chance }, config.deals.stageStates);
}

function relations({ deal, companies }: DealPayload, config: HubSpotConfig): Fields {
  const { properties, projectKey } = config.deals;
  const company = companies.find(({ typeIds }) => typeIds.includes(PRIMARY_COMPANY)) ?? companies[0];
  return {
    client: company ? `hubspot-company:${company.id}` : null,
    owner: read(deal, properties.owner, (value): Key => `hubspot-owner:${value}`),
    ...(projectKey ? { projects: projectsOf(deal, projectKey) } : {}),
  };
}

function projectsOf(deal: CrmObject, projectKey: NonNullable<HubSpotConfig['deals']['projectKey']>): Key[] {
  const { property, scheme } = projectKey;
  const names = listOf(deal.properties[property] ?? '', /[;,]/);
  // Jira writes its project keys in upper case only; people do not.
  const spelled = scheme === 'jira-project-key' ? names.map((name) => name.toUpperCase()) : names;
  return [...new Set(spelled)].map((name): Key => `${scheme}:${name}`);
}

function currencyOf({ deal, portal }: DealPayload, config: HubSpotConfig): { code: string; place: Place } {
  const property = config.deals.properties.currency;
  const own = property === null ? null : given(deal.properties[property]);
  return {
    code: own ?? portal.currency,
    place: { what: 'deal', id: deal.id, property: property ?? 'companyCurrency' },
  };
}

/** Stage ids are unique over a portal, but a deal's own pipeline is asked first. */
function stageOf({ deal, stages }: DealPayload, id: string): Stage | undefined {
  const same = stages.filter((stage) => stage.id === id);
  return same.find(({ pipeline }) => pipeline === deal.properties['pipeline']) ?? same[0];
}

/** A value of a property as its history has it. */
interface Entry extends Pick<PastValue, 'at' | 'by'> {
  value: string | null;
}

/** What acts by itself: beside it HubSpot may name who once set it up, which is not who changed the deal. */
const programs: ReadonlySet<string | undefined> = new Set(['API', 'AUTOMATION_PLATFORM', 'INTEGRATION', 'WORKFLOWS']);

/** What HubSpot has on record, oldest first. */
function entriesOf(deal: CrmObject, property: string | null): Entry[] {
  const entries = property === null ? [] : (deal.propertiesWithHistory?.[property] ?? []);
  return entries
    .map(({ value, timestamp, sourceType, updatedByUserId: user }) => ({
      value: given(value) ?? null,
      at: instantOf({ what: 'deal', id: deal.id, property: `${property} (history)` }, timestamp),
      ...(user && !programs.has(sourceType) ? { by: userKey(user) } : {}),
    }))
    .reverse()
    .sort((a, b) => Temporal.Instant.compare(a.at, b.at));
}

/** When the deal came into its present stage: the first entry behind the last one with another stage. */
function enteredAt(deal: CrmObject): string | undefined {
  const entries = entriesOf(deal, 'dealstage');
  const before = entries.findLastIndex(({ value }) => value !== deal.properties['dealstage']);
  return entries[before + 1]?.at;
}

function historyOf(payload: DealPayload, config: HubSpotConfig): PastValue[] {
  const past = config.deals.history.flatMap((field) => pastOf(payload, config, field));
  return past.sort((a, b) => Temporal.Instant.compare(a.at, b.at));
}

function pastOf(payload: DealPayload, config: HubSpotConfig, field: HistoryField): PastValue[] {
  const { deal } = payload;
  if (field === 'stage') {
    return entriesOf(deal, 'dealstage').flatMap((entry) => pastStage(payload, config, entry));
  }
  const property = config.deals.properties[field];
  const place = { what: 'deal', id: deal.id, property: `${property} (history)` };
  const convert = {
    amount: (value: string) => ({ ...moneyOf(place, value, currencyOf(payload, config)) }),
    closeDate: (value: string) => localDateOf(place, value, payload.portal.timeZone),
    owner: (value: string) => `hubspot-owner:${value}`,
  }[field];
  return entriesOf(deal, property).map(({ value, ...when }) => ({
    field,
    ...when,
    value: value === null ? null : convert(value),
  }));
}

function pastStage(payload: DealPayload, config: HubSpotConfig, { value, ...when }: Entry): PastValue[] {
  const stage = value === null ? undefined : stageOf(payload, value);
  const state = stage
    ? stateOfStage(stage, config.deals.stageStates)
    : value === null
      ? null
      : config.deals.stageStates[value];
  return [
    { field: 'stage', ...when, value: stage?.label ?? value },
    ...(state === undefined ? [] : [{ field: 'state', ...when, value: state }]),
  ];
}
