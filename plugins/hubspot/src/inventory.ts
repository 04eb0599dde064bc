import type { InventoryDefinition, Item, JsonValue, MappedList, NamedItem } from '@plumbline/connector';
import { readPipelines, readProperties } from './account.ts';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';
import { apisOf, type HubSpotContext, type ObjectType } from './requests.ts';

/** A property that the configuration names: where it is named, on which type of record, and what is made of it. */
export interface ConfiguredProperty {
  type: ObjectType;
  path: string;
  property: string;
  means: JsonValue;
}

/** Every property that the configuration names. */
export function configuredProperties({ deals, companies, lineItems }: HubSpotConfig): ConfiguredProperty[] {
  const custom = (type: ObjectType, path: string, fields: typeof deals.customFields): ConfiguredProperty[] =>
    Object.entries(fields).map(([name, { property, type: means }]) => ({
      type,
      path: `${path}.customFields.${name}`,
      property,
      means,
    }));
  const one = (type: ObjectType, path: string, property: string | null | undefined): ConfiguredProperty[] =>
    property ? [{ type, path, property, means: null }] : [];
  return [
    ...Object.entries(deals.properties).flatMap(([name, property]) =>
      one('deals', `deals.properties.${name}`, property),
    ),
    ...one('deals', 'deals.projectKey.property', deals.projectKey?.property),
    ...custom('deals', 'deals', deals.customFields),
    ...one('companies', 'companies.currencyProperty', companies.currencyProperty),
    ...custom('companies', 'companies', companies.customFields),
    ...custom('line_items', 'lineItems', lineItems.customFields),
  ];
}

const streams = { deals: 'deals', companies: 'companies', line_items: 'line-items' } as const;

const listOf = <Type extends ObjectType>(type: Type): `property of ${Type}` => `property of ${type}`;

/** What a portal has that a configuration can name: properties, and the pipelines of deals with their stages. */
export const inventory: InventoryDefinition<HubSpotConfig, HubSpotSecrets> = {
  lists: {
    [listOf('deals')]: (context) => propertiesOf(context, 'deals'),
    [listOf('companies')]: (context) => propertiesOf(context, 'companies'),
    [listOf('line_items')]: (context) => propertiesOf(context, 'line_items'),
    pipeline: async (context) => (await readPipelines(apisOf(context))).map(({ id, label }) => placeIn(id, label)),
    stage: async (context) =>
      (await readPipelines(apisOf(context))).flatMap(({ stages }) => stages.map(({ id, label }) => placeIn(id, label))),
  },
  named: (config) => [
    ...configuredProperties(config).map(({ type, path, property, means }): NamedItem => ({
      path,
      list: listOf(type),
      id: property,
      stream: streams[type],
      means,
    })),
    ...(config.deals.pipelines ?? []).map((id) => place('deals.pipelines', 'pipeline', id)),
    ...Object.entries(config.deals.stageStates).map(([id, state]) => ({
      ...place(`deals.stageStates.${id}`, 'stage', id),
      means: state,
    })),
  ],
  mapped: ({ deals: { pipelines, stageStates } }) => [
    ...mapped('deals.pipelines', 'pipeline', { ids: pipelines ?? [], otherwise: 'its deals are not read' }),
    ...mapped('deals.stageStates', 'stage', {
      ids: Object.keys(stageStates),
      otherwise: 'its deals get the state that its own probability suggests',
    }),
  ],
};

async function propertiesOf(context: HubSpotContext, type: ObjectType): Promise<Item[]> {
  const properties = await readProperties(apisOf(context), type);
  return properties.map(({ name, label, type: valueType, hubspotDefined }) => ({
    id: name,
    name: label,
    type: valueType,
    custom: !hubspotDefined,
  }));
}

function placeIn(id: string, name: string): Item {
  return { id, name, type: null, custom: false };
}

function place(path: string, list: string, id: string): NamedItem {
  return { path, list, id, stream: 'deals', means: null };
}

/** A list that is empty is not mapped item by item. */
function mapped(path: string, list: string, of: Pick<MappedList, 'ids' | 'otherwise'>): MappedList[] {
  return of.ids.length === 0 ? [] : [{ path, list, stream: 'deals', ...of }];
}
